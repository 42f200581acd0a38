-- grain:   one row per row of one special hours file
-- columns: line; store_id, attribute, value, whom it is for, NULL where that is said otherwise;
--          first_day, last_day BIGINT, days since 1970-01-01, both included; is_closed, NULL for a
--          rejected row;
--          opens_clock_us, closes_clock_us BIGINT, microseconds after local midnight, NULL if
--          closed; name; fault_column, fault_reason, NULL for an accepted row; raw
-- input:   store_id a store, or `*` for all, empty if an attribute is given;
--          attribute name of a column of the stores file, may be empty;
--          value its value in the stores that the row is for, may be empty;
--          date the local date on which the hours start, `YYYY-MM-DD`;
--          date_through the last of several dates, itself included, at most 366, may be empty;
--          closed `true`, `yes`, `1` or `false`, `no`, `0`, any case, may be empty;
--          start_time_local local time, `H:MM[:SS]`, empty if closed;
--          end_time_local local time, or `24:00[:00]`, on the next date if before the start;
--          name what the day is called, may be empty
-- sources: source_file
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW special_hours_source AS
WITH cells AS (
    SELECT
        line,
        utf8_fault,
        raw,
        trim_blanks(store_id) AS store_id,
        trim_blanks(attribute) AS attribute,
        trim_blanks("value") AS address_value,
        trim_blanks("date") AS first_date,
        trim_blanks(date_through) AS last_date,
        trim_blanks(closed) AS closed,
        trim_blanks(start_time_local) AS start_time_local,
        trim_blanks(end_time_local) AS end_time_local,
        trim_blanks(name) AS name
    FROM source_file
),
parsed AS (
    SELECT
        *,
        address_fault(store_id, attribute, address_value, utf8_fault) AS address_fault,
        parse_date(first_date) AS first_day,
        CASE WHEN last_date = '' THEN parse_date(first_date) ELSE parse_date(last_date) END
            AS last_day,
        parse_flag(closed) AS flag,
        parse_start_time(start_time_local, TRY_CAST(start_time_local AS TIME)) AS opens_us,
        parse_end_time(end_time_local, TRY_CAST(end_time_local AS TIME)) AS closes_us
    FROM cells
),
judged AS (
    SELECT
        *,
        start_time_local = '' AND end_time_local = '' OR opens_us = 0 AND closes_us = 0
            AS lacks_hours
    FROM parsed
),
faults AS (
    SELECT
        *,
        CASE
            WHEN address_fault IS NOT NULL THEN address_fault
            WHEN utf8_fault = 'date' THEN ['date', 'not UTF-8']
            WHEN first_date = '' THEN ['date', 'missing value']
            WHEN first_day IS NULL THEN ['date', 'not a date such as 2024-12-25']
            WHEN first_day > last_day THEN ['date', 'after date_through']
            WHEN last_day - first_day >= 366 THEN ['date', 'more than 366 days to date_through']
            WHEN utf8_fault = 'date_through' THEN ['date_through', 'not UTF-8']
            WHEN last_day IS NULL THEN ['date_through', 'not a date such as 2024-12-25']
            WHEN utf8_fault = 'closed' THEN ['closed', 'not UTF-8']
            WHEN closed <> '' AND flag IS NULL THEN ['closed', 'not true or false']
            WHEN NOT flag AND lacks_hours THEN ['closed', 'false, but no hours are given']
            WHEN flag OR lacks_hours THEN NULL
            WHEN utf8_fault = 'start_time_local' THEN ['start_time_local', 'not UTF-8']
            WHEN start_time_local = '' THEN ['start_time_local', 'missing value']
            WHEN opens_us IS NULL
                THEN ['start_time_local', 'not a local time such as 9:00 or 21:30']
            WHEN opens_us = closes_us THEN ['start_time_local', 'the same as end_time_local']
            WHEN utf8_fault = 'end_time_local' THEN ['end_time_local', 'not UTF-8']
            WHEN end_time_local = '' THEN ['end_time_local', 'missing value']
            WHEN closes_us IS NULL
                THEN ['end_time_local', 'not a local time such as 9:00 or 21:30']
        END AS fault
    FROM judged
),
found AS (
    SELECT
        *,
        CASE
            WHEN fault IS NULL AND utf8_fault IS NOT NULL THEN [utf8_fault, 'not UTF-8']
            ELSE fault
        END AS first_fault,
        coalesce(flag, FALSE) OR lacks_hours AS closes
    FROM faults
)
SELECT
    line,
    nullif(store_id, '') AS store_id,
    nullif(attribute, '') AS attribute,
    nullif(address_value, '') AS "value",
    first_day,
    last_day,
    CASE WHEN first_fault IS NULL THEN closes END AS is_closed,
    CASE WHEN NOT closes THEN opens_us END AS opens_clock_us,
    CASE WHEN NOT closes THEN closes_us END AS closes_clock_us,
    nullif(name, '') AS name,
    first_fault[1] AS fault_column,
    first_fault[2] AS fault_reason,
    raw
FROM found;
