-- title: status rows outside opening hours; ignored
-- level: info
-- Counts per store find the stores with examples, so that only their rows are searched.
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
    s.store_id || ' at ' || instant_text(e.observed_us) AS example
FROM examples AS e
JOIN stores AS s USING (store_no)
ORDER BY e.store_no, e.observed_us
LIMIT 5
