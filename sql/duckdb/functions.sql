-- Constants, and the functions that parse the cells of input files. A parser returns NULL for a
-- string of no known form. It checks the form before any cast, because casts accept too much
-- (`24:00:00`, one-digit days) and drop UTC offsets without an error.
-- rule: docs/definition.md "Values"

CREATE OR REPLACE TEMP MACRO million() AS CAST(1000000 AS BIGINT);

-- Lengths in microseconds. DuckDB folds the calls into constants.
CREATE OR REPLACE TEMP MACRO second_us() AS million();
CREATE OR REPLACE TEMP MACRO minute_us() AS CAST(60000000 AS BIGINT);
CREATE OR REPLACE TEMP MACRO hour_us() AS CAST(3600000000 AS BIGINT);
CREATE OR REPLACE TEMP MACRO day_us() AS CAST(86400000000 AS BIGINT);

-- Stands for no limit: later than any instant, and small enough to add an instant to it.
CREATE OR REPLACE TEMP MACRO forever_us() AS CAST(1000000000000000000 AS BIGINT);

CREATE OR REPLACE TEMP MACRO seconds_of(length_us) AS
    CAST(length_us AS DOUBLE) / CAST(second_us() AS DOUBLE);

-- A part given in millionths, as an exact decimal and in percent.
CREATE OR REPLACE TEMP MACRO exact_part(ppm) AS
    CAST(CAST(ppm AS DECIMAL(7, 0)) * 0.000001 AS DECIMAL(7, 6));
CREATE OR REPLACE TEMP MACRO percent_of(ppm) AS CAST(ppm AS DOUBLE) / 1e4;

-- Number of the bucket, 2^37 microseconds (38 hours) long, that contains an instant from 1970 on.
CREATE OR REPLACE TEMP MACRO bucket_of(instant_us) AS instant_us >> 37;

-- Integer quotient of two integers, neither of them negative. Engines spell it differently, so the
-- models call it by this name.
CREATE OR REPLACE TEMP MACRO whole_quotient(dividend, divisor) AS dividend // divisor;

-- The least whole number that is no less than a part of a total, the part given in millionths, and
-- the rest of the total without the part, rounded half up. No product exceeds a BIGINT.
CREATE OR REPLACE TEMP MACRO part_rounded_up(ppm, total) AS
    ppm * whole_quotient(total, million())
    + whole_quotient(ppm * (total % million()) + million() - 1, million());
CREATE OR REPLACE TEMP MACRO rest_of_part(ppm, total) AS
    total - ppm * whole_quotient(total, million())
    - whole_quotient(2 * ppm * (total % million()) + million() - 1, 2 * million());

-- Removes space and tab around a value. The first branches save almost every row the slow call: '!'
-- is the first printable character after the space.
CREATE OR REPLACE TEMP MACRO trim_blanks(cell) AS
    CASE
        WHEN cell >= '!' AND NOT ends_with(cell, ' ') AND NOT ends_with(cell, chr(9)) THEN cell
        WHEN cell = '' THEN cell
        ELSE trim(cell, ' ' || chr(9))
    END;

-- An id, or NULL for an empty cell.
CREATE OR REPLACE TEMP MACRO parse_id(cell) AS
    CASE
        WHEN cell >= '!' AND NOT ends_with(cell, ' ') AND NOT ends_with(cell, chr(9)) THEN cell
        ELSE nullif(trim(cell, ' ' || chr(9)), '')
    END;

-- The length excludes letters that lower() maps to these, such as the dotted capital I.
CREATE OR REPLACE TEMP MACRO parse_status(cell) AS
    CASE
        WHEN cell = 'active' THEN TRUE
        WHEN cell = 'inactive' THEN FALSE
        WHEN lower(trim_blanks(cell)) = 'active' AND strlen(trim_blanks(cell)) = 6 THEN TRUE
        WHEN lower(trim_blanks(cell)) = 'inactive' AND strlen(trim_blanks(cell)) = 8 THEN FALSE
    END;

-- NULL unless the instant is in the years 1970 to 9999.
CREATE OR REPLACE TEMP MACRO in_range_us(instant_us) AS
    CASE WHEN instant_us BETWEEN 0 AND 253402300799999999 THEN instant_us END;

-- Parses 2024-10-07 10:00:00.5, without a suffix; casts of this form are exact.
CREATE OR REPLACE TEMP MACRO iso_local_us(cell) AS epoch_us(TRY_CAST(cell AS TIMESTAMP));

-- Minutes east of UTC of +05:30, -0530, +05; zero for an empty suffix, Z, UTC and GMT.
CREATE OR REPLACE TEMP MACRO offset_minutes(suffix) AS
    CASE
        WHEN suffix[1] NOT IN ('+', '-') THEN 0
        ELSE (CASE suffix[1] WHEN '-' THEN -1 ELSE 1 END)
            * (CAST(suffix[2:3] AS BIGINT) * 60
                + CASE WHEN length(suffix) > 3 THEN CAST(suffix[-2:] AS BIGINT) ELSE 0 END)
    END;

CREATE OR REPLACE TEMP MACRO iso_timestamp_us(cell) AS
    iso_local_us(
        cell[1:10] || ' ' || cell[12:16]
        || coalesce(nullif(regexp_extract(cell[17:], '^:\d\d(\.\d{1,9})?'), ''), ':00'))
    - minute_us() * offset_minutes(
        trim(regexp_extract(cell[17:], '( ?[A-Za-z]+| ?[+-][0-9:]+)?$')));

CREATE OR REPLACE TEMP MACRO slash_timestamp_us(cell) AS
    iso_local_us(
        regexp_extract(cell, '/(\d{4}) ', 1)
        || '-' || lpad(regexp_extract(cell, '^(\d+)/', 1), 2, '0')
        || '-' || lpad(regexp_extract(cell, '/(\d+)/', 1), 2, '0')
        || ' ' || lpad(regexp_extract(cell, ' (\d+):', 1), 2, '0')
        || rpad(regexp_extract(cell, ' \d+(:.*)$', 1), 6, ':00'));

CREATE OR REPLACE TEMP MACRO parse_rare_timestamp(cell) AS
    CASE
        WHEN cell = '' THEN NULL -- as many optional cells are: five patterns less
        -- 2024-10-07T10:00:00Z survives the round trip like the form of BigQuery below: no pattern
        WHEN cell = replace(CAST(TRY_CAST(cell AS TIMESTAMP) AS VARCHAR), ' ', 'T') || 'Z'
            THEN in_range_us(epoch_us(TRY_CAST(cell AS TIMESTAMP)))
        WHEN regexp_full_match(cell,
            '(?i)(19[7-9]\d|[2-9]\d{3})-\d\d-\d\d[ T]([01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)?'
            || '( ?(UTC|GMT|Z|[+-](0\d|1[0-5])(:?[0-5]\d)?))?')
            THEN in_range_us(iso_timestamp_us(cell))
        WHEN regexp_full_match(cell,
            '\d{1,2}/\d{1,2}/(19[7-9]\d|[2-9]\d{3}) (\d|[01]\d|2[0-3]):\d\d(:\d\d)?')
            THEN in_range_us(slash_timestamp_us(cell))
        WHEN regexp_full_match(cell, '\d{10}') THEN TRY_CAST(cell AS BIGINT) * second_us()
        WHEN regexp_full_match(cell, '\d{13}') THEN TRY_CAST(cell AS BIGINT) * 1000
        WHEN regexp_full_match(cell, '\d{16}') THEN TRY_CAST(cell AS BIGINT)
    END;

-- Microseconds since 1970 in UTC of a cell, given its cast to TIMESTAMP and that as text again. The
-- cast accepts too much, but a string that survives the round trip unchanged has the form that
-- BigQuery exports, as nearly every row does. This is faster than a pattern (measured: 0.2 s of CPU
-- less for 1.8 million rows). The one-element list trims each other cell once: a macro repeats its
-- argument at each use, and nested macros take milliseconds to bind.
CREATE OR REPLACE TEMP MACRO parse_timestamp(cell, instant, instant_back) AS
    CASE
        WHEN starts_with(cell, instant_back)
            AND strlen(cell) = strlen(instant_back) + 4
            AND ends_with(cell, ' UTC')
            THEN in_range_us(epoch_us(instant))
        ELSE list_transform([trim_blanks(cell)], LAMBDA trimmed: parse_rare_timestamp(trimmed))[1]
    END;

-- The same for a Parquet column of type TIMESTAMP.
CREATE OR REPLACE TEMP MACRO typed_timestamp_us(instant) AS
    CASE WHEN isfinite(instant) THEN in_range_us(epoch_us(instant)) END;

-- The parsers from here on expect a trimmed cell.
CREATE OR REPLACE TEMP MACRO parse_weekday(cell) AS
    CASE WHEN cell IN ('0', '1', '2', '3', '4', '5', '6') THEN CAST(cell AS BIGINT) END;

CREATE OR REPLACE TEMP MACRO clock_us(cell) AS
    hour_us() * TRY_CAST(split_part(cell, ':', 1) AS BIGINT)
    + minute_us() * TRY_CAST(split_part(cell, ':', 2) AS BIGINT)
    + second_us() * coalesce(TRY_CAST(left(split_part(cell, ':', 3), 2) AS BIGINT), 0);

-- Microseconds after midnight of a cell, given its cast to TIME; a fraction of a second is cut.
-- Here too a string that survives the round trip needs no pattern.
CREATE OR REPLACE TEMP MACRO parse_start_time(cell, cast_time) AS
    CASE
        WHEN strlen(cell) = 8 AND cell < '24' AND CAST(cast_time AS VARCHAR) = cell
            THEN epoch_us(cast_time)
        WHEN regexp_full_match(cell, '(\d|[01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?')
            THEN clock_us(cell)
    END;

CREATE OR REPLACE TEMP MACRO parse_end_time(cell, cast_time) AS
    CASE
        WHEN NOT starts_with(cell, '24') THEN parse_start_time(cell, cast_time)
        WHEN regexp_full_match(cell, '24:00(:00(\.0+)?)?') THEN day_us()
    END;

-- Days since 1970-01-01 of a date such as 2024-12-25, in the years 1 to 9999.
CREATE OR REPLACE TEMP MACRO parse_date(cell) AS
    CASE
        WHEN cell = '' THEN NULL
        WHEN regexp_full_match(cell, '\d{4}-\d\d-\d\d') AND NOT starts_with(cell, '0000')
            THEN TRY_CAST(cell AS DATE) - DATE '1970-01-01'
    END;

-- Microseconds since 1970-01-01 of what a clock shows: 2024-12-25, or with a time to the second.
CREATE OR REPLACE TEMP MACRO parse_wall_time(cell) AS
    CASE
        WHEN cell = '' THEN NULL
        -- 2024-12-25 09:00 survives the round trip: no pattern
        WHEN strlen(cell) = 16 AND cell || ':00' = CAST(TRY_CAST(cell AS TIMESTAMP) AS VARCHAR)
            THEN iso_local_us(cell)
        WHEN regexp_full_match(cell,
                '\d{4}-\d\d-\d\d([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?')
            AND NOT starts_with(cell, '0000')
            THEN iso_local_us(
                cell[1:10] || ' ' || coalesce(nullif(cell[12:16], ''), '00:00')
                || coalesce(nullif(cell[17:19], ''), ':00'))
    END;

-- Millionths of a percentage above 0 and below 100 with at most four decimals, such as 99.95%.
CREATE OR REPLACE TEMP MACRO parse_percentage(cell) AS
    CASE
        WHEN regexp_full_match(cell, '0*\d{1,2}(\.\d{1,4})?%?')
            THEN nullif(CAST(
                regexp_extract(cell, '^0*(\d{1,2})', 1)
                || rpad(regexp_extract(cell, '\.(\d+)', 1), 4, '0') AS BIGINT), 0)
    END;

-- true, yes and 1, or false, no and 0, in any case.
CREATE OR REPLACE TEMP MACRO parse_flag(cell) AS
    CASE
        WHEN lower(cell) IN ('true', 'yes', '1') THEN TRUE
        WHEN lower(cell) IN ('false', 'no', '0') THEN FALSE
    END;

-- The first fault in the address of a special hours or closures row: the column and the reason.
CREATE OR REPLACE TEMP MACRO address_fault(store_id, attribute, address_value, utf8_fault) AS
    CASE
        WHEN utf8_fault = 'store_id' THEN ['store_id', 'not UTF-8']
        WHEN store_id <> '' AND (attribute <> '' OR address_value <> '')
            THEN ['store_id', 'a store as well as an attribute']
        WHEN store_id = '' AND attribute = '' AND address_value = ''
            THEN ['store_id', 'no store, no attribute and no *']
        WHEN utf8_fault = 'attribute' THEN ['attribute', 'not UTF-8']
        WHEN store_id = '' AND attribute = ''
            THEN ['attribute', 'a value without its attribute']
        WHEN store_id = '' AND address_value = ''
            THEN ['attribute', 'an attribute without a value']
        WHEN utf8_fault = 'value' THEN ['value', 'not UTF-8']
    END;

-- An instant for people to read, in UTC to the microsecond, without trailing zeros.
CREATE OR REPLACE TEMP MACRO instant_text(instant_us) AS
    CAST(make_timestamp(instant_us) AS VARCHAR) || 'Z';

CREATE OR REPLACE TEMP MACRO two_units(sixtieths, unit, sixtieth) AS
    CAST(whole_quotient(sixtieths, 60) AS VARCHAR) || unit
    || CASE
        WHEN sixtieths % 60 = 0 THEN ''
        ELSE ' ' || CAST(sixtieths % 60 AS VARCHAR) || sixtieth
    END;

CREATE OR REPLACE TEMP MACRO seconds_text(whole_seconds) AS
    CASE
        WHEN whole_seconds = 0 THEN '< 1 s'
        WHEN whole_seconds < 60 THEN CAST(whole_seconds AS VARCHAR) || ' s'
        WHEN whole_seconds < 600 THEN two_units(whole_seconds, ' min', ' s')
        WHEN whole_seconds < 3570 THEN
            CAST(whole_quotient(whole_seconds + 30, 60) AS VARCHAR) || ' min'
        WHEN whole_seconds < 3599970 THEN
            two_units(whole_quotient(whole_seconds + 30, 60), ' h', ' min')
        ELSE format('{:,} h', whole_quotient(whole_seconds + 30 * 60, 60 * 60))
    END;

-- A length for people to read, as the commands and the dashboard write it: in its two largest
-- units, and in whole hours from a thousand of them. Never negative.
CREATE OR REPLACE TEMP MACRO span_text(length_us) AS
    CASE
        WHEN length_us = 0 THEN '0 h'
        ELSE seconds_text(whole_quotient(2 * length_us + second_us(), 2 * second_us()))
    END;

-- A date for people to read, of days since 1970-01-01.
CREATE OR REPLACE TEMP MACRO day_text(day_no) AS
    CAST(DATE '1970-01-01' + CAST(day_no AS INTEGER) AS VARCHAR);

-- A string without blanks and invisible characters of any script.
CREATE OR REPLACE TEMP MACRO without_blanks(text) AS
    regexp_replace(text, '[\p{Z}\p{Cc}\p{Cf}]', '', 'g');

CREATE OR REPLACE TEMP MACRO without_digits(text) AS translate(text, '0123456789', '');
