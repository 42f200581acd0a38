-- title: ids, or values of attributes, in special hours, closures and targets that no store has
-- level: warning
WITH addresses AS (
    SELECT 'special hours' AS set_name, store_id, attribute, value FROM special_hours_rows
    UNION
    SELECT 'closures' AS set_name, store_id, attribute, value FROM closures_rows
    UNION
    SELECT 'targets' AS set_name, store_id, attribute, value FROM targets_rows
),
store_values AS (
    SELECT store_id, attribute, min(value) AS value
    FROM stores_rows
    WHERE detail = 'attribute'
    GROUP BY store_id, attribute
),
known_values AS (
    SELECT DISTINCT attribute, value FROM store_values
),
found AS (
    SELECT
        a.set_name,
        coalesce(a.store_id, a.attribute || ' = ' || a.value) AS address
    FROM addresses AS a
    LEFT JOIN all_ids AS i ON i.store_id = a.store_id
    LEFT JOIN known_values AS k ON k.attribute = a.attribute AND k.value = a.value
    WHERE i.store_id IS NULL AND k.attribute IS NULL AND coalesce(a.store_id, '') <> '*'
)
SELECT
    (SELECT count(*) FROM found) AS total,
    f.set_name || ': ' || f.address AS example
FROM found AS f
ORDER BY f.set_name, f.address
LIMIT 5
