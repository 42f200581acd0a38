-- title: ids, or values of attributes, in special hours, closures and targets that no store has
-- level: warning
-- when:  special_hours, closures, targets
-- Most addresses have a store of the report. The values of all stores are searched only for others.
WITH used_values AS (
    SELECT DISTINCT attribute, value FROM attribute_values
),
unreached AS (
    SELECT a.store_id, a.attribute, a.value, a.is_special, a.is_closure
    FROM addresses AS a
    LEFT JOIN stores AS s ON s.store_id = a.store_id
    LEFT JOIN used_values AS u ON u.attribute = a.attribute AND u.value = a.value
    WHERE s.store_id IS NULL AND u.attribute IS NULL AND coalesce(a.store_id, '') <> '*'
),
others AS (
    SELECT 'special hours' AS set_name, store_id, attribute, value FROM unreached WHERE is_special
    UNION ALL
    SELECT 'closures' AS set_name, store_id, attribute, value FROM unreached WHERE is_closure
    UNION
    SELECT 'targets' AS set_name, store_id, attribute, value FROM targets_rows
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
