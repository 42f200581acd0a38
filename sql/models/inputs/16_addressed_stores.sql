-- grain:   one row per address in special hours and closures, and store of the report that it means
-- columns: store_id, attribute, value, the address; level, which sorts before that of a less
--          specific address; store_no
-- sources: addresses, stores, attribute_values
-- rule:    docs/definition.md "Addresses"
-- keep:    yes
-- unless:  special_hours, closures
CREATE OR REPLACE TEMP VIEW addressed_stores AS
SELECT a.store_id, a.attribute, a.value, '1' AS level, s.store_no
FROM addresses AS a
JOIN stores AS s ON s.store_id = a.store_id AND a.store_id <> '*'
UNION ALL
SELECT a.store_id, a.attribute, a.value, concat('2', a.attribute) AS level, v.store_no
FROM addresses AS a
JOIN attribute_values AS v ON v.attribute = a.attribute AND v.value = a.value
UNION ALL
SELECT a.store_id, a.attribute, a.value, '3' AS level, s.store_no
FROM addresses AS a
CROSS JOIN stores AS s
WHERE a.store_id = '*'
