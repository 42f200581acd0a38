-- grain:   one row per id in an accepted row of any set
-- columns: store_id; in_status, in_hours, in_zones, in_stores BOOLEAN: the set has a row with the
--          id
-- sources: status_rows, hours_rows, zones_rows, stores_rows
-- rule:    docs/definition.md "Inputs"
-- tests:   analytics/testdata/models/all_ids
-- keep:    yes
CREATE OR REPLACE TEMP VIEW all_ids AS
WITH ids AS (
    SELECT store_id, 1 AS set_no FROM status_rows GROUP BY store_id
    UNION ALL
    SELECT store_id, 2 AS set_no FROM hours_rows GROUP BY store_id
    UNION ALL
    SELECT store_id, 3 AS set_no FROM zones_rows GROUP BY store_id
    UNION ALL
    SELECT store_id, 4 AS set_no FROM stores_rows GROUP BY store_id
)
SELECT
    i.store_id,
    bool_or(i.set_no = 1) AS in_status,
    bool_or(i.set_no = 2) AS in_hours,
    bool_or(i.set_no = 3) AS in_zones,
    bool_or(i.set_no = 4) AS in_stores
FROM ids AS i
GROUP BY i.store_id
