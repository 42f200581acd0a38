-- grain:   one row per store and attribute for which it has a value
-- columns: store_id; attribute, the header as written; value
-- sources: attribute_rows
-- rule:    docs/definition.md "Inputs"
CREATE OR REPLACE TEMP VIEW store_attributes AS
SELECT a.store_id, a.attribute, a.value
FROM attribute_rows AS a
ORDER BY a.store_no, a.attribute;
