-- grain:   one row per id in an accepted row of any set
-- columns: store_id; in_status, in_hours, in_zones BOOLEAN: the set has a row with the id
-- sources: status_rows, hours_rows, zones_rows
-- rule:    docs/definition.md "Inputs"
-- tests:   analytics/testdata/models/all_ids
-- keep:    yes
CREATE OR REPLACE TEMP VIEW all_ids AS
WITH ids AS (
    SELECT observed.store_id, 1 AS set_no
    FROM (SELECT DISTINCT s.store_id FROM status_rows AS s) AS observed
    UNION ALL
    SELECT scheduled.store_id, 2 AS set_no
    FROM (SELECT DISTINCT h.store_id FROM hours_rows AS h) AS scheduled
    UNION ALL
    SELECT placed.store_id, 4 AS set_no
    FROM (SELECT DISTINCT z.store_id FROM zones_rows AS z) AS placed
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
