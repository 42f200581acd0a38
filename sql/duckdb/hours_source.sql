-- grain:   one row per row of one hours file
-- columns: line; store_id; weekday, 0 = Monday; opens_clock_us, closes_clock_us BIGINT,
--          microseconds after local midnight; valid_from_day, valid_through_day BIGINT, days since
--          1970-01-01, NULL without bound; version_fault, the first of the two columns that is at
--          fault; fault_column, fault_reason, NULL for an accepted row; raw
-- input:   store_id text, not empty;
--          dayOfWeek `0` (Monday) to `6` (Sunday), the local date on which the hours start;
--          start_time_local local time, `H:MM[:SS]`;
--          end_time_local local time, or `24:00[:00]`, which if not after the start is on the next
--          date;
--          valid_from the first local date on which the row counts, `YYYY-MM-DD`, may be empty;
--          valid_through the last one, itself included, may be empty
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
        trim_blanks(end_time_local) AS end_time_local,
        trim_blanks(valid_from) AS valid_from,
        trim_blanks(valid_through) AS valid_through
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
        parse_end_time(end_time_local, end_cast) AS closes_clock_us,
        parse_date(valid_from) AS valid_from_day,
        parse_date(valid_through) AS valid_through_day
    FROM casts
),
judged AS (
    SELECT
        *,
        CASE
            WHEN valid_from_day IS NULL AND valid_from <> '' THEN 'valid_from'
            WHEN valid_from_day > valid_through_day THEN 'valid_from'
            WHEN valid_through_day IS NULL AND valid_through <> '' THEN 'valid_through'
        END AS version_fault
    FROM parsed
)
SELECT
    line,
    store_id,
    weekday,
    opens_clock_us,
    closes_clock_us,
    valid_from_day,
    valid_through_day,
    version_fault,
    CASE
        WHEN utf8_fault = 'store_id' OR store_id IS NULL THEN 'store_id'
        WHEN utf8_fault = 'dayOfWeek' OR weekday IS NULL THEN 'dayOfWeek'
        WHEN utf8_fault = 'start_time_local' OR opens_clock_us IS NULL THEN 'start_time_local'
        WHEN utf8_fault = 'end_time_local' OR closes_clock_us IS NULL THEN 'end_time_local'
        WHEN utf8_fault = 'valid_from' OR version_fault = 'valid_from' THEN 'valid_from'
        WHEN utf8_fault = 'valid_through' OR version_fault = 'valid_through' THEN 'valid_through'
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
        WHEN utf8_fault = 'valid_from' THEN 'not UTF-8'
        WHEN version_fault = 'valid_from' AND valid_from_day IS NULL
            THEN 'not a date such as 2024-12-25'
        WHEN version_fault = 'valid_from' THEN 'after valid_through'
        WHEN utf8_fault = 'valid_through' THEN 'not UTF-8'
        WHEN version_fault = 'valid_through' THEN 'not a date such as 2024-12-25'
        WHEN utf8_fault IS NOT NULL THEN 'not UTF-8'
    END AS fault_reason,
    raw
FROM judged;
