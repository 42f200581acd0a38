-- grain:   one row per row of one hours file
-- columns: line; store_id; weekday, 0 = Monday; opens_clock_us, closes_clock_us BIGINT,
--          microseconds after local midnight; fault_column, fault_reason, NULL for a row that is
--          accepted; raw
-- sources: source_file          rule: docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW hours_source AS
WITH parsed AS (
    SELECT
        line,
        utf8_fault,
        trim_blanks(store_id) AS store_id,
        day_of_week,
        start_time_local,
        end_time_local,
        parse_weekday(day_of_week) AS weekday,
        parse_start_time(start_time_local) AS opens_clock_us,
        parse_end_time(end_time_local) AS closes_clock_us,
    FROM source_file
)
SELECT
    line,
    store_id,
    weekday,
    opens_clock_us,
    closes_clock_us,
    CASE
        WHEN utf8_fault = 'store_id' OR store_id = '' THEN 'store_id'
        WHEN utf8_fault = 'dayOfWeek' OR weekday IS NULL THEN 'dayOfWeek'
        WHEN utf8_fault = 'start_time_local' OR opens_clock_us IS NULL THEN 'start_time_local'
        WHEN utf8_fault = 'end_time_local' OR closes_clock_us IS NULL THEN 'end_time_local'
        ELSE utf8_fault
    END AS fault_column,
    CASE
        WHEN utf8_fault = 'store_id' THEN 'not UTF-8'
        WHEN store_id = '' THEN 'missing value'
        WHEN utf8_fault = 'dayOfWeek' THEN 'not UTF-8'
        WHEN weekday IS NULL AND trim_blanks(day_of_week) = '' THEN 'missing value'
        WHEN weekday IS NULL THEN 'not a day from 0 (Monday) to 6'
        WHEN utf8_fault = 'start_time_local' THEN 'not UTF-8'
        WHEN opens_clock_us IS NULL AND trim_blanks(start_time_local) = '' THEN 'missing value'
        WHEN opens_clock_us IS NULL THEN 'not a local time'
        WHEN utf8_fault = 'end_time_local' THEN 'not UTF-8'
        WHEN closes_clock_us IS NULL AND trim_blanks(end_time_local) = '' THEN 'missing value'
        WHEN closes_clock_us IS NULL THEN 'not a local time'
        WHEN utf8_fault IS NOT NULL THEN 'not UTF-8'
    END AS fault_reason,
    concat_ws(',', store_id, day_of_week, start_time_local, end_time_local) AS raw,
FROM parsed;
