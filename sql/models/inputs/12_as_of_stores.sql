-- grain:   one row
-- columns: stands_alone BOOLEAN: at most one store was observed in the 24 h that end with as_of
-- sources: status_rows, params
-- rule:    docs/definition.md "Quality findings"
-- keep:    yes
-- A report whose clock a single store has set: one wrong timestamp in the future does that. The
-- first and the last id tell it without a count of all of them.
CREATE OR REPLACE TEMP VIEW as_of_stores AS
SELECT coalesce(min(r.store_id) = max(r.store_id), TRUE) AS stands_alone
FROM status_rows AS r
WHERE r.observed_us >= (SELECT p.as_of_us - 86400000000 FROM params AS p)
    AND r.observed_us <= (SELECT p.as_of_us FROM params AS p)
