-- grain:   one row per row of one status file
-- columns: line; store_id; is_up; observed_us BIGINT, UTC microseconds; fault_column,
--          fault_reason, NULL for a row that is accepted; raw
-- sources: source_file, in which `instant` is what a cast makes of timestamp_utc, or the value itself
--          of a column that is a timestamp already (is_typed)
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW status_source AS
WITH parsed AS (
    SELECT
        line,
        utf8_fault,
        trim_blanks(store_id) AS store_id,
        status,
        timestamp_utc,
        parse_status(status) AS is_up,
        CASE
            WHEN is_typed THEN typed_timestamp_us(instant)
            ELSE parse_cast_timestamp(timestamp_utc, instant)
        END AS observed_us,
    FROM source_file
)
SELECT
    line,
    store_id,
    is_up,
    observed_us,
    CASE
        WHEN utf8_fault = 'store_id' OR store_id = '' THEN 'store_id'
        WHEN utf8_fault = 'status' OR is_up IS NULL THEN 'status'
        WHEN utf8_fault = 'timestamp_utc' OR observed_us IS NULL THEN 'timestamp_utc'
        ELSE utf8_fault
    END AS fault_column,
    CASE
        WHEN utf8_fault = 'store_id' THEN 'not UTF-8'
        WHEN store_id = '' THEN 'missing value'
        WHEN utf8_fault = 'status' THEN 'not UTF-8'
        WHEN is_up IS NULL AND trim_blanks(status) = '' THEN 'missing value'
        WHEN is_up IS NULL THEN 'neither active nor inactive'
        WHEN utf8_fault = 'timestamp_utc' THEN 'not UTF-8'
        WHEN observed_us IS NULL AND trim_blanks(timestamp_utc) = '' THEN 'missing value'
        WHEN observed_us IS NULL THEN 'not a timestamp of a known form'
        WHEN utf8_fault IS NOT NULL THEN 'not UTF-8'
    END AS fault_reason,
    concat_ws(',', store_id, status, timestamp_utc) AS raw,
FROM parsed;
