-- title: stores whose hours rows were all rejected; treated as open 24 hours on 7 days
-- level: warning
-- when: rejected_hours
WITH found AS (
    SELECT store_no, store_id
    FROM stores
    WHERE store_no NOT IN (SELECT store_no FROM store_hours)
        AND store_id IN (SELECT store_id FROM rejected_hours)
)
SELECT (SELECT count(*) FROM found) AS total, store_id AS example
FROM found
ORDER BY store_no
LIMIT 5
