-- grain:   one row per row of one hours file
-- columns: line; store_id; weekday, 0 = Monday; opens_clock_us, closes_clock_us BIGINT,
--          microseconds after local midnight; fault_column, fault_reason, NULL for an accepted
--          row; raw
-- input:   store_id text, not empty;
--          dayOfWeek `0` (Monday) to `6` (Sunday), the local date on which the hours start;
--          start_time_local local time, `H:MM[:SS]`;
--          end_time_local local time, or `24:00[:00]`, which if not after the start is on the next
--          date
-- sources: source_file
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW hours_source AS
WITH cells AS (
    SELECT
        line,
        utf8_fault,
        raw,
        parse_id(store_id) AS store_id,
        trim_blanks(day_of_week) AS day_of_week,
        trim_blanks(start_time_local) AS start_time_local,
        trim_blanks(end_time_local) AS end_time_local
    FROM source_file
),
casts AS (
    SELECT
        *,
        TRY_CAST(start_time_local AS TIME) AS start_cast,
        TRY_CAST(end_time_local AS TIME) AS end_cast
    FROM cells
),
parsed AS (
    SELECT
        *,
        parse_weekday(day_of_week) AS weekday,
        parse_start_time(start_time_local, start_cast) AS opens_clock_us,
        parse_end_time(end_time_local, end_cast) AS closes_clock_us
    FROM casts
)
SELECT
    line,
    store_id,
    weekday,
    opens_clock_us,
    closes_clock_us,
    CASE
        WHEN utf8_fault = 'store_id' OR store_id IS NULL THEN 'store_id'
        WHEN utf8_fault = 'dayOfWeek' OR weekday IS NULL THEN 'dayOfWeek'
        WHEN utf8_fault = 'start_time_local' OR opens_clock_us IS NULL THEN 'start_time_local'
        WHEN utf8_fault = 'end_time_local' OR closes_clock_us IS NULL THEN 'end_time_local'
        ELSE utf8_fault
    END AS fault_column,
    CASE
        WHEN utf8_fault = 'store_id' THEN 'not UTF-8'
        WHEN store_id IS NULL THEN 'missing value'
        WHEN utf8_fault = 'dayOfWeek' THEN 'not UTF-8'
        WHEN weekday IS NULL AND day_of_week = '' THEN 'missing value'
        WHEN weekday IS NULL THEN 'not a day from 0 (Monday) to 6'
        WHEN utf8_fault = 'start_time_local' THEN 'not UTF-8'
        WHEN opens_clock_us IS NULL AND start_time_local = '' THEN 'missing value'
        WHEN opens_clock_us IS NULL THEN 'not a local time such as 9:00 or 21:30'
        WHEN utf8_fault = 'end_time_local' THEN 'not UTF-8'
        WHEN closes_clock_us IS NULL AND end_time_local = '' THEN 'missing value'
        WHEN closes_clock_us IS NULL THEN 'not a local time such as 9:00 or 21:30'
        WHEN utf8_fault IS NOT NULL THEN 'not UTF-8'
    END AS fault_reason,
    raw
FROM parsed;
