-- grain:   one row per row of a status file whose rows all have the form of a BigQuery export
-- columns: store_id; is_up; observed_us BIGINT, UTC microseconds, NULL for a date that does not
--          exist
-- sources: source_file
-- rule:    docs/definition.md "Values"
-- Only for files whose bytes have been checked: these casts accept what such a row cannot contain.
CREATE OR REPLACE TEMP VIEW status_exported_source AS
SELECT
    store_id,
    status = 'active' AS is_up,
    epoch_us(TRY_CAST(timestamp_utc AS TIMESTAMP)) AS observed_us
FROM source_file;
