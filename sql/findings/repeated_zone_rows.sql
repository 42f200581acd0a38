-- title: repeated zone rows; counted once
-- level: info
WITH found AS (
    SELECT store_id, zone, count(*) - 1 AS n
    FROM zones_rows
    WHERE store_id IN (SELECT store_id FROM stores)
    GROUP BY store_id, zone
    HAVING count(*) > 1
)
SELECT (SELECT sum(n) FROM found) AS total, store_id || ' ' || zone AS example
FROM found
ORDER BY store_id, zone
LIMIT 5
