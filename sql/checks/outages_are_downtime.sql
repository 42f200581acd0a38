-- fail: the outages of a store must add up to its downtime in a window that is all of its span
WITH lost_time AS (
    SELECT ss.store_no, max(m.downtime_us) AS downtime_us
    FROM store_spans AS ss
    JOIN store_windows AS w
        ON w.store_no = ss.store_no
        AND w.start_us = ss.start_us
        AND w.end_us = ss.end_us
    JOIN measures AS m ON m.store_no = w.store_no AND m.window_no = w.window_no
    GROUP BY ss.store_no
),
outage_time AS (
    SELECT store_no, sum(open_us) AS open_us
    FROM outage_list
    GROUP BY store_no
)
SELECT l.store_no, l.downtime_us, o.open_us
FROM lost_time AS l
LEFT JOIN outage_time AS o ON o.store_no = l.store_no
WHERE greatest(l.downtime_us, 0) <> coalesce(o.open_us, 0)
