-- grain:   one row per store and instant of evidence with several rows
-- columns: store_no; observed_us BIGINT, UTC microseconds; row_count BIGINT; is_conflict BOOLEAN,
--          TRUE if the rows disagree
-- sources: change_instants
-- rule:    docs/definition.md "Inputs"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW repeats AS
SELECT i.store_no, i.code >> 1 AS observed_us, i.row_count, i.is_conflict
FROM change_instants AS i
WHERE i.row_count > 1
