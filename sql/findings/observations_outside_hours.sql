-- title: status rows outside opening hours, which say nothing
-- level: info
-- Row counts per store tell where to look, so that only a few stores are searched for examples.
WITH outside AS (
    SELECT store_no, sum(row_count) AS total
    FROM (
        SELECT store_no, row_count FROM observations
        UNION ALL
        SELECT store_no, -row_count FROM evidence
    )
    GROUP BY store_no
    HAVING sum(row_count) > 0
),
first_stores AS (
    SELECT store_no FROM outside ORDER BY store_no LIMIT 5
),
examples AS (
    SELECT o.store_no, o.observed_us
    FROM observations AS o
    SEMI JOIN first_stores AS f ON f.store_no = o.store_no
    ANTI JOIN evidence AS e ON e.store_no = o.store_no AND e.observed_us = o.observed_us
    ORDER BY o.store_no, o.observed_us
    LIMIT 5
)
SELECT
    (SELECT sum(total) FROM outside) AS total,
    s.store_id || ' at ' || instant_text(x.observed_us) AS example,
FROM examples AS x
JOIN stores AS s USING (store_no)
ORDER BY x.store_no, x.observed_us
