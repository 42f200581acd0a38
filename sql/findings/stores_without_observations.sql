-- title: stores without an observation inside the horizon; unknown while open
-- level: warning
WITH found AS (
    SELECT store_no, store_id
    FROM stores
    WHERE store_no NOT IN (SELECT store_no FROM store_observations)
)
SELECT (SELECT count(*) FROM found) AS total, store_id AS example
FROM found
ORDER BY store_no
LIMIT 5
