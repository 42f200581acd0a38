-- grain:   one row per accepted status row inside a session, and one per instant with several
-- columns: store_no; observed_us BIGINT, UTC microseconds; instants BIGINT: summed, they count the
--          distinct instants
-- sources: observations, change_instants
-- rule:    docs/definition.md "Windows and measures"
-- tests:   analytics/testdata/models/counted_observations
-- Counts rows minus repeated rows: a distinct count would have to sort every observation.
CREATE OR REPLACE TEMP VIEW counted_observations AS
SELECT o.store_no, o.observed_us, CAST(1 AS BIGINT) AS instants
FROM observations AS o
WHERE o.opens_us IS NOT NULL
UNION ALL
SELECT i.store_no, i.code >> 1 AS observed_us, 1 - i.row_count AS instants
FROM change_instants AS i
WHERE i.row_count > 1
