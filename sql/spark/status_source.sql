-- grain:   one row per row of a status file read by the cluster
-- columns: file_no; is_torn; store_id; is_up; observed_us BIGINT, UTC microseconds; fault_column,
--          fault_reason, NULL for an accepted row
-- sources: status_cells
-- rule:    docs/definition.md "Values", "Rejected rows"
-- typed_instant is the value of a timestamp column that has the type TIMESTAMP, otherwise NULL.
CREATE OR REPLACE TEMP VIEW status_source AS
WITH parsed AS (
    SELECT
        c.file_no,
        c.is_torn,
        trim_blanks(c.store_id) AS store_id,
        c.status,
        c.timestamp_utc,
        parse_status(c.status) AS is_up,
        CASE
            WHEN c.typed_instant IS NULL THEN parse_timestamp(c.timestamp_utc)
            ELSE in_range_us(unix_micros(c.typed_instant))
        END AS observed_us
    FROM status_cells AS c
)
SELECT
    p.file_no,
    p.is_torn,
    p.store_id,
    p.is_up,
    p.observed_us,
    CASE
        WHEN p.store_id = '' THEN 'store_id'
        WHEN p.is_up IS NULL THEN 'status'
        WHEN p.observed_us IS NULL THEN 'timestamp_utc'
    END AS fault_column,
    CASE
        WHEN p.store_id = '' THEN 'missing value'
        WHEN p.is_up IS NULL AND trim_blanks(p.status) = '' THEN 'missing value'
        WHEN p.is_up IS NULL THEN 'neither active nor inactive'
        WHEN p.observed_us IS NULL AND trim_blanks(p.timestamp_utc) = '' THEN 'missing value'
        WHEN p.observed_us IS NULL THEN 'not a timestamp such as 2024-10-07 21:30:00 UTC'
    END AS fault_reason
FROM parsed AS p;
