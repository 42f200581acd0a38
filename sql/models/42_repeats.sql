-- grain:   one row per store and instant of the horizon with several rows
-- columns: store_no; observed_us BIGINT, UTC microseconds; row_count BIGINT; is_conflict BOOLEAN, the
--          rows disagree
-- sources: turns, observations          rule: docs/definition.md "Inputs"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW repeats AS
SELECT t.store_no, t.observed_us, t.row_count, t.is_conflict
FROM turns AS t
WHERE t.row_count > 1
UNION ALL
SELECT o.store_no, o.observed_us, COUNT(*) AS row_count, BOOL_AND(o.is_up) <> BOOL_OR(o.is_up) AS is_conflict
FROM observations AS o
WHERE o.opens_us IS NULL
GROUP BY o.store_no, o.observed_us
HAVING COUNT(*) > 1
