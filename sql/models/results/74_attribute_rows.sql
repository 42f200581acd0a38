-- grain:   one row per store and attribute for which it has a value
-- columns: store_id; attribute, the header as written; value; store_no to order by
-- sources: attribute_values, stores
-- rule:    docs/definition.md "Inputs"
CREATE OR REPLACE TEMP VIEW attribute_rows AS
SELECT s.store_id, a.attribute, a.value, a.store_no
FROM attribute_values AS a
JOIN stores AS s ON s.store_no = a.store_no
