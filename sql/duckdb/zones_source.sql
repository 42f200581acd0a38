-- grain:   one row per row of one zones file
-- columns: line; store_id; zone, an IANA name; fault_column, fault_reason, NULL for an accepted
--          row; raw
-- input:   store_id text, not empty;
--          timezone_str IANA name in its exact case, such as `America/New_York`
-- sources: source_file, zone_names
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW zones_source AS
WITH parsed AS (
    SELECT
        line,
        utf8_fault,
        raw,
        parse_id(store_id) AS store_id,
        trim_blanks(timezone_str) AS zone,
        trim_blanks(timezone_str) IN (SELECT zone FROM zone_names) AS is_zone
    FROM source_file
)
SELECT
    line,
    store_id,
    zone,
    CASE
        WHEN utf8_fault = 'store_id' OR store_id IS NULL THEN 'store_id'
        WHEN utf8_fault = 'timezone_str' OR NOT is_zone THEN 'timezone_str'
        ELSE utf8_fault
    END AS fault_column,
    CASE
        WHEN utf8_fault = 'store_id' THEN 'not UTF-8'
        WHEN store_id IS NULL THEN 'missing value'
        WHEN utf8_fault = 'timezone_str' THEN 'not UTF-8'
        WHEN zone = '' THEN 'missing value'
        WHEN NOT is_zone THEN 'not an IANA zone name such as America/New_York'
        WHEN utf8_fault IS NOT NULL THEN 'not UTF-8'
    END AS fault_reason,
    raw
FROM parsed;
