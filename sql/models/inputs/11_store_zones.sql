-- grain:   one row per store
-- columns: store_no; zone, the first in byte order if there are several; zone_count BIGINT, 0 if
--          the zone is the default
-- sources: stores, id_zones
-- rule:    docs/definition.md "Inputs"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW store_zones AS
SELECT s.store_no, i.zone, i.zone_count
FROM stores AS s
JOIN id_zones AS i ON i.store_id = s.store_id
