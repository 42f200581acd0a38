-- grain:   one row per id of the data
-- columns: store_id; zone, the first in byte order if there are several; zone_count BIGINT, 0 if
--          the zone is the default
-- sources: all_ids, zones_rows
-- rule:    docs/definition.md "Inputs"
-- tests:   analytics/testdata/models/id_zones
-- keep:    yes
-- Counting distinct pairs is faster than count(DISTINCT).
CREATE OR REPLACE TEMP VIEW id_zones AS
WITH pairs AS (
    SELECT a.store_id, z.zone
    FROM all_ids AS a
    LEFT JOIN zones_rows AS z ON z.store_id = a.store_id
    GROUP BY a.store_id, z.zone
)
SELECT
    p.store_id,
    coalesce(min(p.zone), 'America/Chicago') AS zone,
    count(p.zone) AS zone_count
FROM pairs AS p
GROUP BY p.store_id
