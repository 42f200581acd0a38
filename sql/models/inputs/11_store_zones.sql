-- grain:   one row per store
-- columns: store_no; zone, the first in byte order if there are several; zone_count BIGINT, 0 if
--          the zone is the default
-- sources: stores, zones_rows
-- rule:    docs/definition.md "Inputs"
-- tests:   analytics/testdata/models/store_zones
-- keep:    yes
CREATE OR REPLACE TEMP VIEW store_zones AS
SELECT
    s.store_no,
    coalesce(min(z.zone), 'America/Chicago') AS zone,
    count(DISTINCT z.zone) AS zone_count
FROM stores AS s
LEFT JOIN zones_rows AS z ON z.store_id = s.store_id
GROUP BY s.store_no
