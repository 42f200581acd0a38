-- grain:   one row per row of a status file of which every row is as BigQuery exports it
-- columns: store_id; is_up; observed_us BIGINT, UTC microseconds, NULL for a date that does not exist
-- sources: source_file
-- rule:    docs/definition.md "Values"
-- Only for files whose bytes were looked at: these casts forgive what such a row cannot have.
CREATE OR REPLACE TEMP VIEW status_exported_source AS
SELECT store_id, status = 'active' AS is_up, epoch_us(TRY_CAST(timestamp_utc AS TIMESTAMP)) AS observed_us
FROM source_file;
