-- grain:   one row per store with a status row inside the horizon
-- columns: store_no; row_count, outside_count BIGINT: its rows, and those outside opening hours
-- sources: observations
-- rule:    docs/definition.md "Quality findings"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW store_observations AS
SELECT
    o.store_no,
    count(*) AS row_count,
    sum(CASE WHEN o.opens_us IS NULL THEN 1 ELSE 0 END) AS outside_count
FROM observations AS o
GROUP BY o.store_no
