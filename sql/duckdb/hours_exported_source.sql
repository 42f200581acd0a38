-- grain:   one row per row of an hours file whose rows all have the form of a BigQuery export
-- columns: store_id; weekday, 0 = Monday; opens_clock_us, closes_clock_us BIGINT, microseconds
--          after local midnight
-- sources: source_file
-- rule:    docs/definition.md "Values"
-- Only for files whose bytes have been checked: these casts accept what such a row cannot contain.
CREATE OR REPLACE TEMP VIEW hours_exported_source AS
SELECT
    store_id,
    CAST(ascii(day_of_week) - 48 AS BIGINT) AS weekday, -- one digit
    epoch_us(CAST(start_time_local AS TIME)) AS opens_clock_us,
    epoch_us(CAST(end_time_local AS TIME)) AS closes_clock_us
FROM source_file;
