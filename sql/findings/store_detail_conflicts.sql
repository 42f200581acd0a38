-- title: stores with several names or dates; the first in byte order was used
-- level: warning
-- when:  stores
WITH found AS (
    SELECT
        store_id,
        detail,
        min(value) AS first_value,
        count(DISTINCT value) AS value_count
    FROM stores_rows
    WHERE detail IN ('name', 'opens_on', 'closes_on')
    GROUP BY store_id, detail
    HAVING count(DISTINCT value) > 1
)
SELECT
    (SELECT count(*) FROM found) AS total,
    f.store_id || ' ' || f.detail || ': ' || f.first_value || ' of '
        || CAST(f.value_count AS STRING) AS example
FROM found AS f
ORDER BY f.store_id, f.detail
LIMIT 5
