-- title: stores without an accepted zone; America/Chicago was used
-- level: warning
WITH found AS (
    SELECT store_no FROM store_zones WHERE zone_count = 0
)
SELECT (SELECT count(*) FROM found) AS total, s.store_id AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no
LIMIT 5
