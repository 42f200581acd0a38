-- fail: the outages of a store must add up to its downtime in the longest window
WITH lost_time AS (
    SELECT store_no, max(downtime_us) AS downtime_us
    FROM measures
    GROUP BY store_no
    HAVING max(downtime_us) > 0
),
outage_time AS (
    SELECT store_no, sum(open_us) AS open_us
    FROM outage_list
    GROUP BY store_no
)
SELECT coalesce(l.store_no, o.store_no) AS store_no, l.downtime_us, o.open_us
FROM lost_time AS l
FULL JOIN outage_time AS o ON o.store_no = l.store_no
WHERE coalesce(l.downtime_us, 0) <> coalesce(o.open_us, 0)
