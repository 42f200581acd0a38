-- fail: the outages of a store must add up to its downtime in the longest window
SELECT coalesce(d.store_no, o.store_no) AS store_no, d.downtime_us, o.open_us
FROM (
    SELECT store_no, max(downtime_us) AS downtime_us
    FROM measures
    GROUP BY store_no
    HAVING max(downtime_us) > 0
) AS d
FULL JOIN (
    SELECT store_no, sum(open_us) AS open_us
    FROM outage_list
    GROUP BY store_no
) AS o ON o.store_no = d.store_no
WHERE coalesce(d.downtime_us, 0) <> coalesce(o.open_us, 0)
