-- grain:   one row per store of the report and attribute for which it has a value
-- columns: store_no; attribute, the header as written; value, of several the first in byte order;
--          value_count BIGINT
-- sources: stores_rows, stores
-- rule:    docs/definition.md "Inputs", "Addresses"
-- keep:    yes
-- unless:  stores
-- A row of a file has one value per attribute. So only the few stores with several rows are
-- grouped, which halves the time of the model and more.
CREATE OR REPLACE TEMP VIEW attribute_values AS
WITH counted_stores AS (
    SELECT s.store_no, s.store_id, count(*) AS row_count
    FROM stores_rows AS r
    JOIN stores AS s ON s.store_id = r.store_id
    WHERE r.detail = 'id'
    GROUP BY s.store_no, s.store_id
)
SELECT c.store_no, r.attribute, r.value, CAST(1 AS BIGINT) AS value_count
FROM stores_rows AS r
JOIN counted_stores AS c ON c.store_id = r.store_id
WHERE r.detail = 'attribute' AND c.row_count = 1
UNION ALL
SELECT
    c.store_no,
    r.attribute,
    min(r.value) AS value,
    count(DISTINCT r.value) AS value_count
FROM stores_rows AS r
JOIN counted_stores AS c ON c.store_id = r.store_id
WHERE r.detail = 'attribute' AND c.row_count > 1
GROUP BY c.store_no, r.attribute
