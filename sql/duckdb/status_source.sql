-- grain:   one row per row of one status file
-- columns: line; store_id; is_up; observed_us BIGINT, UTC microseconds; fault_column,
--          fault_reason, NULL for an accepted row; raw
-- input:   store_id text, not empty;
--          status `active` or `inactive`, any case;
--          timestamp_utc when the store was polled
-- sources: source_file
-- rule:    docs/definition.md "Values", "Rejected rows"
-- typed_instant is the value of a timestamp column that has the type TIMESTAMP, otherwise NULL.
CREATE OR REPLACE TEMP VIEW status_source AS
WITH cells AS (
    SELECT
        line,
        utf8_fault,
        raw,
        parse_id(store_id) AS store_id,
        status,
        timestamp_utc,
        typed_instant,
        CASE WHEN typed_instant IS NULL THEN TRY_CAST(timestamp_utc AS TIMESTAMP) END AS instant
    FROM source_file
),
casts AS (
    SELECT *, CAST(instant AS VARCHAR) AS instant_back FROM cells
),
parsed AS (
    SELECT
        *,
        parse_status(status) AS is_up,
        CASE
            WHEN typed_instant IS NULL THEN parse_timestamp(timestamp_utc, instant, instant_back)
            ELSE typed_timestamp_us(typed_instant)
        END AS observed_us
    FROM casts
)
SELECT
    line,
    store_id,
    is_up,
    observed_us,
    CASE
        WHEN utf8_fault = 'store_id' OR store_id IS NULL THEN 'store_id'
        WHEN utf8_fault = 'status' OR is_up IS NULL THEN 'status'
        WHEN utf8_fault = 'timestamp_utc' OR observed_us IS NULL THEN 'timestamp_utc'
        ELSE utf8_fault
    END AS fault_column,
    CASE
        WHEN utf8_fault = 'store_id' THEN 'not UTF-8'
        WHEN store_id IS NULL THEN 'missing value'
        WHEN utf8_fault = 'status' THEN 'not UTF-8'
        WHEN is_up IS NULL AND trim_blanks(status) = '' THEN 'missing value'
        WHEN is_up IS NULL THEN 'neither active nor inactive'
        WHEN utf8_fault = 'timestamp_utc' THEN 'not UTF-8'
        WHEN observed_us IS NULL AND trim_blanks(timestamp_utc) = '' THEN 'missing value'
        WHEN observed_us IS NULL THEN 'not a timestamp such as 2024-10-07 21:30:00 UTC'
        WHEN utf8_fault IS NOT NULL THEN 'not UTF-8'
    END AS fault_reason,
    raw
FROM parsed;
