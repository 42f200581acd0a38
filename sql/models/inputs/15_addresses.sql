-- grain:   one row per address in special hours and closures
-- columns: store_id, attribute, value, the address; is_special, is_closure BOOLEAN, whether special
--          hours, or closures, have it
-- sources: special_hours_rows, closures_rows
-- rule:    docs/definition.md "Addresses"
-- keep:    yes
-- unless:  special_hours, closures
CREATE OR REPLACE TEMP VIEW addresses AS
WITH uses AS (
    SELECT r.store_id, r.attribute, r.value, TRUE AS is_special
    FROM special_hours_rows AS r
    UNION ALL
    SELECT r.store_id, r.attribute, r.value, FALSE AS is_special
    FROM closures_rows AS r
)
SELECT
    u.store_id,
    u.attribute,
    u.value,
    bool_or(u.is_special) AS is_special,
    bool_or(NOT u.is_special) AS is_closure
FROM uses AS u
GROUP BY u.store_id, u.attribute, u.value
