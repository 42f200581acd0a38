-- title: status rows outside opening hours, which say nothing
-- level: info
-- Row counts per store tell where to look, so that only a few stores are searched for examples.
WITH first_stores AS (
    SELECT store_no FROM store_observations WHERE outside_count > 0 ORDER BY store_no LIMIT 5
),
examples AS (
    SELECT DISTINCT o.store_no, o.observed_us
    FROM observations AS o
    SEMI JOIN first_stores AS f ON f.store_no = o.store_no
    WHERE o.opens_us IS NULL
    ORDER BY o.store_no, o.observed_us
    LIMIT 5
)
SELECT
    (SELECT sum(outside_count) FROM store_observations) AS total,
    s.store_id || ' at ' || instant_text(x.observed_us) AS example
FROM examples AS x
JOIN stores AS s USING (store_no)
ORDER BY x.store_no, x.observed_us
LIMIT 5
