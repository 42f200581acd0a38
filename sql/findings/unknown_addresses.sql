-- title: ids, or values of attributes, in special hours, closures and targets that no store has
-- level: warning
-- Most addresses have a store of the report. The values of all stores are searched only for others.
WITH addresses AS (
    SELECT 'special hours' AS set_name, store_id, attribute, value FROM special_hours_rows
    UNION
    SELECT 'closures' AS set_name, store_id, attribute, value FROM closures_rows
    UNION
    SELECT 'targets' AS set_name, store_id, attribute, value FROM targets_rows
),
reached AS (
    SELECT DISTINCT store_id, attribute, value FROM addressed_stores
),
others AS (
    SELECT a.set_name, a.store_id, a.attribute, a.value
    FROM addresses AS a
    LEFT JOIN reached AS r
        ON r.store_id IS NOT DISTINCT FROM a.store_id
        AND r.attribute IS NOT DISTINCT FROM a.attribute
        AND r.value IS NOT DISTINCT FROM a.value
    WHERE r.store_id IS NULL AND r.attribute IS NULL
),
candidates AS (
    SELECT DISTINCT r.store_id, r.attribute
    FROM stores_rows AS r
    JOIN others AS o ON o.attribute = r.attribute AND o.value = r.value
    WHERE r.detail = 'attribute'
),
chosen AS (
    SELECT r.store_id, r.attribute, min(r.value) AS value
    FROM stores_rows AS r
    JOIN candidates AS c ON c.store_id = r.store_id AND c.attribute = r.attribute
    WHERE r.detail = 'attribute'
    GROUP BY r.store_id, r.attribute
),
known_values AS (
    SELECT DISTINCT attribute, value FROM chosen
),
found AS (
    SELECT
        o.set_name,
        coalesce(o.store_id, o.attribute || ' = ' || o.value) AS address
    FROM others AS o
    LEFT JOIN all_ids AS i ON i.store_id = o.store_id
    LEFT JOIN known_values AS k ON k.attribute = o.attribute AND k.value = o.value
    WHERE i.store_id IS NULL AND k.attribute IS NULL AND coalesce(o.store_id, '') <> '*'
)
SELECT
    (SELECT count(*) FROM found) AS total,
    f.set_name || ': ' || f.address AS example
FROM found AS f
ORDER BY f.set_name, f.address
LIMIT 5
