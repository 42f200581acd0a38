-- title: stores without any hours row; treated as open 24 hours on 7 days
-- level: warning
WITH found AS (
    SELECT s.store_no, s.store_id
    FROM stores_apart AS a
    JOIN stores AS s ON s.store_no = a.store_no
    WHERE NOT a.has_hours AND s.store_id NOT IN (SELECT store_id FROM rejected_hours)
)
SELECT (SELECT count(*) FROM found) AS total, store_id AS example
FROM found
ORDER BY store_no
LIMIT 5
