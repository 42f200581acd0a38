-- grain:   one row
-- columns: stands_alone BOOLEAN: at most one store was observed in the 24 h before as_of
-- sources: status_rows, params
-- rule:    docs/definition.md "Quality findings"
-- keep:    yes
-- Detects an as_of that a single store has set, for example by one wrong timestamp in the future.
-- Comparing the least id with the greatest avoids a distinct count.
CREATE OR REPLACE TEMP VIEW as_of_stores AS
SELECT coalesce(min(r.store_id) = max(r.store_id), TRUE) AS stands_alone
FROM status_rows AS r
WHERE r.observed_us >= (SELECT p.as_of_us - day_us() FROM params AS p)
    AND r.observed_us <= (SELECT p.as_of_us FROM params AS p)
