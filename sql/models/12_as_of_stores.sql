-- grain:   one row
-- columns: store_count BIGINT, stores observed in the 24 h that end with as_of, as_of included
-- sources: status_rows, params          rule: docs/definition.md "Quality findings"
-- keep:    yes
-- One means that a single store set the report's clock: a wrong timestamp in the future does that.
CREATE OR REPLACE TEMP VIEW as_of_stores AS
SELECT COUNT(DISTINCT r.store_id) AS store_count
FROM status_rows AS r
WHERE r.observed_us >= (SELECT p.as_of_us - 86400000000 FROM params AS p)
    AND r.observed_us <= (SELECT p.as_of_us FROM params AS p)
