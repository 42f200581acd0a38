-- grain:   one row per store of the report, if the stores set has any row
-- columns: store_id; name, NULL if there is none; timezone; store_no to order by
-- sources: stores, store_zones, named_stores
-- rule:    docs/definition.md "Files of a report"
CREATE OR REPLACE TEMP VIEW store_rows AS
SELECT s.store_id, n.name, z.zone AS timezone, s.store_no
FROM stores AS s
JOIN store_zones AS z ON z.store_no = s.store_no
LEFT JOIN named_stores AS n ON n.store_no = s.store_no
WHERE EXISTS (SELECT 1 FROM named_stores)
