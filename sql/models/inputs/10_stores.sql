-- grain:   one row per store of the report
-- columns: store_no INTEGER, the position of the store in byte order of the ids, from 1; store_id
-- sources: all_ids, params, wanted_stores
-- rule:    docs/definition.md "Inputs"
-- keep:    yes
-- Later models identify a store by its number: that halves the cost of sorts and joins.
CREATE OR REPLACE TEMP VIEW stores AS
SELECT CAST(row_number() OVER (ORDER BY a.store_id) AS INTEGER) AS store_no, a.store_id
FROM all_ids AS a
CROSS JOIN params AS p
WHERE p.every_store OR a.store_id IN (SELECT w.store_id FROM wanted_stores AS w)
