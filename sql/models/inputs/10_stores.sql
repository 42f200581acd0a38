-- grain:   one row per store of the report
-- columns: store_no INTEGER, the position of the store in byte order of the ids, from 1; store_id
-- sources: status_rows, hours_rows, zones_rows, params, wanted_stores
-- rule:    docs/definition.md "Inputs"
-- keep:    yes
-- Later models identify a store by its number: that halves the cost of sorts and joins.
CREATE OR REPLACE TEMP VIEW stores AS
WITH ids AS (
    SELECT DISTINCT store_id FROM status_rows
    UNION
    SELECT DISTINCT store_id FROM hours_rows
    UNION
    SELECT DISTINCT store_id FROM zones_rows
)
SELECT CAST(row_number() OVER (ORDER BY i.store_id) AS INTEGER) AS store_no, i.store_id
FROM ids AS i
CROSS JOIN params AS p
WHERE p.every_store OR i.store_id IN (SELECT w.store_id FROM wanted_stores AS w)
