-- title: status rows outside opening hours, which say nothing
-- level: info
WITH totals AS (
    SELECT
        (SELECT coalesce(sum(row_count), 0) FROM observations)
        - (SELECT coalesce(sum(row_count), 0) FROM evidence) AS total,
),
examples AS (
    SELECT o.store_no, o.observed_us
    FROM observations AS o
    ANTI JOIN evidence AS e ON e.store_no = o.store_no AND e.observed_us = o.observed_us
    ORDER BY o.store_no, o.observed_us
    LIMIT 5
)
SELECT t.total, s.store_id || ' at ' || instant_text(x.observed_us) AS example
FROM totals AS t
CROSS JOIN examples AS x
JOIN stores AS s USING (store_no)
ORDER BY x.store_no, x.observed_us
