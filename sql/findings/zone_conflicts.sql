-- title: stores with several zones; the first in byte order was used
-- level: warning
WITH found AS (
    SELECT store_no, zone, zone_count FROM store_zones WHERE zone_count > 1
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ': ' || f.zone || ' of ' || CAST(f.zone_count AS STRING) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no
LIMIT 5
