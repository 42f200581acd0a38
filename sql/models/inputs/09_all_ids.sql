-- grain:   one row per id in an accepted row of any set
-- columns: store_id; in_status, in_hours, in_zones BOOLEAN: the set has a row with the id
-- sources: status_rows, hours_rows, zones_rows
-- rule:    docs/definition.md "Inputs"
-- tests:   analytics/testdata/models/all_ids
-- keep:    yes
CREATE OR REPLACE TEMP VIEW all_ids AS
WITH ids AS (
    SELECT store_id, 1 AS set_no FROM status_rows GROUP BY store_id
    UNION ALL
    SELECT store_id, 2 AS set_no FROM hours_rows GROUP BY store_id
    UNION ALL
    SELECT store_id, 4 AS set_no FROM zones_rows GROUP BY store_id
),
sums AS (
    SELECT i.store_id, sum(i.set_no) AS sets
    FROM ids AS i
    GROUP BY i.store_id
)
SELECT
    s.store_id,
    s.sets IN (1, 3, 5, 7) AS in_status,
    s.sets IN (2, 3, 6, 7) AS in_hours,
    s.sets >= 4 AS in_zones
FROM sums AS s
