-- grain:   one row per row of an hours file read by the cluster
-- columns: file_no; is_torn; store_id; weekday, 0 = Monday; opens_clock_us, closes_clock_us BIGINT,
--          microseconds after local midnight; valid_from_day, valid_through_day BIGINT, days since
--          1970-01-01, NULL without bound; fault_column, fault_reason, NULL for an accepted row
-- sources: hours_cells
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW hours_source AS
WITH cells AS (
    SELECT
        c.file_no,
        c.is_torn,
        trim_blanks(c.store_id) AS store_id,
        trim_blanks(c.day_of_week) AS day_of_week,
        trim_blanks(c.start_time_local) AS start_time_local,
        trim_blanks(c.end_time_local) AS end_time_local,
        trim_blanks(c.valid_from) AS valid_from,
        trim_blanks(c.valid_through) AS valid_through
    FROM hours_cells AS c
),
parsed AS (
    SELECT
        c.file_no,
        c.is_torn,
        c.store_id,
        c.day_of_week,
        c.start_time_local,
        c.end_time_local,
        c.valid_from,
        c.valid_through,
        parse_weekday(c.day_of_week) AS weekday,
        parse_start_time(c.start_time_local) AS opens_clock_us,
        parse_end_time(c.end_time_local) AS closes_clock_us,
        parse_date(c.valid_from) AS valid_from_day,
        parse_date(c.valid_through) AS valid_through_day
    FROM cells AS c
)
SELECT
    p.file_no,
    p.is_torn,
    p.store_id,
    p.weekday,
    p.opens_clock_us,
    p.closes_clock_us,
    p.valid_from_day,
    p.valid_through_day,
    CASE
        WHEN p.store_id = '' THEN 'store_id'
        WHEN p.weekday IS NULL THEN 'dayOfWeek'
        WHEN p.opens_clock_us IS NULL THEN 'start_time_local'
        WHEN p.closes_clock_us IS NULL THEN 'end_time_local'
        WHEN p.valid_from_day IS NULL AND p.valid_from <> '' THEN 'valid_from'
        WHEN p.valid_from_day > p.valid_through_day THEN 'valid_from'
        WHEN p.valid_through_day IS NULL AND p.valid_through <> '' THEN 'valid_through'
    END AS fault_column,
    CASE
        WHEN p.store_id = '' THEN 'missing value'
        WHEN p.weekday IS NULL AND p.day_of_week = '' THEN 'missing value'
        WHEN p.weekday IS NULL THEN 'not a day from 0 (Monday) to 6'
        WHEN p.opens_clock_us IS NULL AND p.start_time_local = '' THEN 'missing value'
        WHEN p.opens_clock_us IS NULL THEN 'not a local time such as 9:00 or 21:30'
        WHEN p.closes_clock_us IS NULL AND p.end_time_local = '' THEN 'missing value'
        WHEN p.closes_clock_us IS NULL THEN 'not a local time such as 9:00 or 21:30'
        WHEN p.valid_from_day IS NULL AND p.valid_from <> '' THEN 'not a date such as 2024-12-25'
        WHEN p.valid_from_day > p.valid_through_day THEN 'after valid_through'
        WHEN p.valid_through_day IS NULL AND p.valid_through <> ''
            THEN 'not a date such as 2024-12-25'
    END AS fault_reason
FROM parsed AS p;
