-- grain:   one row per store of the report and attribute for which it has a value
-- columns: store_no; attribute, the header as written; value, of several the first in byte order;
--          value_count BIGINT
-- sources: stores_rows, stores
-- rule:    docs/definition.md "Inputs", "Addresses"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW attribute_values AS
SELECT
    s.store_no,
    r.attribute,
    min(r.value) AS value,
    count(DISTINCT r.value) AS value_count
FROM stores_rows AS r
JOIN stores AS s ON s.store_id = r.store_id
WHERE r.detail = 'attribute'
GROUP BY s.store_no, r.attribute
