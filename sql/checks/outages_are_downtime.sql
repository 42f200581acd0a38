-- fail: the outages of a store must add up to its downtime in a window that is all of its span
WITH outage_time AS (
    SELECT store_no, sum(open_us) AS open_us
    FROM outage_list
    GROUP BY store_no
)
SELECT ss.store_no, m.downtime_us, o.open_us
FROM store_spans AS ss
JOIN measures AS m ON m.store_no = ss.store_no AND m.window_no = ss.window_no
LEFT JOIN outage_time AS o ON o.store_no = ss.store_no
WHERE greatest(m.downtime_us, 0) <> coalesce(o.open_us, 0)
