-- grain:   one row per attribute of which a store of the report has a value
-- columns: attribute, the header as written; value_count BIGINT, its distinct values; makes_groups
--          BOOLEAN, whether these are few enough
-- sources: attribute_values
-- rule:    docs/definition.md "Groups"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW group_attributes AS
SELECT
    a.attribute,
    count(DISTINCT a.value) AS value_count,
    count(DISTINCT a.value) <= 1000 AS makes_groups
FROM attribute_values AS a
GROUP BY a.attribute
