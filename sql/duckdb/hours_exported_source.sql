-- grain:   one row per row of an hours file of which every row is as BigQuery exports it
-- columns: store_id; weekday, 0 = Monday; opens_clock_us, closes_clock_us BIGINT, microseconds after
--          local midnight
-- sources: source_file
-- rule:    docs/definition.md "Values"
-- Only for files whose bytes were looked at: these casts forgive what such a row cannot have.
CREATE OR REPLACE TEMP VIEW hours_exported_source AS
SELECT
    store_id,
    CAST(ascii(day_of_week) - 48 AS BIGINT) AS weekday, -- one digit
    epoch_us(CAST(start_time_local AS TIME)) AS opens_clock_us,
    epoch_us(CAST(end_time_local AS TIME)) AS closes_clock_us
FROM source_file;
