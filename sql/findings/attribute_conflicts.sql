-- title: stores with several values of one attribute; the first in byte order was used
-- level: warning
-- when:  stores
WITH found AS (
    SELECT store_no, attribute, value, value_count FROM attribute_values WHERE value_count > 1
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' ' || f.attribute || ': ' || f.value || ' of '
        || CAST(f.value_count AS STRING) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.attribute
LIMIT 5
