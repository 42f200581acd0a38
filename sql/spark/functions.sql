-- The constants and functions of duckdb/functions.sql for Spark, with the same results; that file
-- explains each. A semicolon at the end of a line ends a statement.
-- rule: docs/definition.md "Values"

CREATE OR REPLACE TEMPORARY FUNCTION million() RETURNS BIGINT
RETURN CAST(1000000 AS BIGINT);

CREATE OR REPLACE TEMPORARY FUNCTION second_us() RETURNS BIGINT
RETURN million();

CREATE OR REPLACE TEMPORARY FUNCTION minute_us() RETURNS BIGINT
RETURN CAST(60000000 AS BIGINT);

CREATE OR REPLACE TEMPORARY FUNCTION hour_us() RETURNS BIGINT
RETURN CAST(3600000000 AS BIGINT);

CREATE OR REPLACE TEMPORARY FUNCTION day_us() RETURNS BIGINT
RETURN CAST(86400000000 AS BIGINT);

CREATE OR REPLACE TEMPORARY FUNCTION seconds_of(length_us DOUBLE) RETURNS DOUBLE
RETURN length_us / CAST(second_us() AS DOUBLE);

CREATE OR REPLACE TEMPORARY FUNCTION exact_part(ppm BIGINT) RETURNS DECIMAL(7, 6)
RETURN CAST(CAST(ppm AS DECIMAL(7, 0)) * 0.000001 AS DECIMAL(7, 6));

CREATE OR REPLACE TEMPORARY FUNCTION percent_of(ppm BIGINT) RETURNS DOUBLE
RETURN CAST(ppm AS DOUBLE) / 1e4;

CREATE OR REPLACE TEMPORARY FUNCTION bucket_of(instant_us BIGINT) RETURNS BIGINT
RETURN instant_us >> 37;

CREATE OR REPLACE TEMPORARY FUNCTION whole_quotient(dividend BIGINT, divisor BIGINT) RETURNS BIGINT
RETURN dividend DIV divisor;

CREATE OR REPLACE TEMPORARY FUNCTION part_rounded_up(ppm BIGINT, total BIGINT) RETURNS BIGINT
RETURN ppm * whole_quotient(total, million())
    + whole_quotient(ppm * (total % million()) + million() - 1, million());

CREATE OR REPLACE TEMPORARY FUNCTION rest_of_part(ppm BIGINT, total BIGINT) RETURNS BIGINT
RETURN total - ppm * whole_quotient(total, million())
    - whole_quotient(2 * ppm * (total % million()) + million() - 1, 2 * million());

CREATE OR REPLACE TEMPORARY FUNCTION trim_blanks(cell STRING) RETURNS STRING
RETURN btrim(cell, ' \t');

CREATE OR REPLACE TEMPORARY FUNCTION parse_status(cell STRING) RETURNS BOOLEAN
RETURN CASE lower(trim_blanks(cell)) WHEN 'active' THEN TRUE WHEN 'inactive' THEN FALSE END;

CREATE OR REPLACE TEMPORARY FUNCTION in_range_us(instant_us BIGINT) RETURNS BIGINT
RETURN CASE WHEN instant_us BETWEEN 0 AND 253402300799999999 THEN instant_us END;

-- Expects strings of the right form; NULL for a date that does not exist, such as 2023-02-30.
CREATE OR REPLACE TEMPORARY FUNCTION local_us(
    day STRING, hours STRING, minutes STRING, seconds STRING
) RETURNS BIGINT
RETURN unix_date(TRY_CAST(day AS DATE)) * day_us()
    + TRY_CAST(hours AS BIGINT) * hour_us()
    + TRY_CAST(minutes AS BIGINT) * minute_us()
    + coalesce(TRY_CAST(seconds AS BIGINT), 0) * second_us();

-- Minutes east of UTC of +05:30, -0530, +05; zero for an empty suffix, Z, UTC and GMT.
CREATE OR REPLACE TEMPORARY FUNCTION offset_minutes(suffix STRING) RETURNS BIGINT
RETURN CASE
    WHEN left(suffix, 1) NOT IN ('+', '-') OR suffix = '' THEN 0
    ELSE (CASE left(suffix, 1) WHEN '-' THEN -1 ELSE 1 END)
        * (TRY_CAST(substr(suffix, 2, 2) AS BIGINT) * 60
            + CASE WHEN length(suffix) > 3 THEN TRY_CAST(right(suffix, 2) AS BIGINT) ELSE 0 END)
END;

-- Parses 2024-10-07 10:00[:00[.123456789]][ ][suffix]; digits past the microsecond are cut.
CREATE OR REPLACE TEMPORARY FUNCTION iso_timestamp_us(cell STRING) RETURNS BIGINT
RETURN local_us(
        left(cell, 10),
        substr(cell, 12, 2),
        substr(cell, 15, 2),
        regexp_extract(cell, r'^.{16}:(\d\d)', 1))
    + CAST(rpad(left(regexp_extract(cell, r'^.{19}\.(\d+)', 1), 6), 6, '0') AS BIGINT)
    - minute_us() * offset_minutes(
        trim(regexp_extract(substr(cell, 17), r'( ?[A-Za-z]+| ?[+-][0-9:]+)?\z', 1)));

CREATE OR REPLACE TEMPORARY FUNCTION slash_timestamp_us(cell STRING) RETURNS BIGINT
RETURN local_us(
    concat(regexp_extract(cell, r'/(\d{4}) ', 1),
        '-', lpad(regexp_extract(cell, r'^(\d+)/', 1), 2, '0'),
        '-', lpad(regexp_extract(cell, r'/(\d+)/', 1), 2, '0')),
    regexp_extract(cell, r' (\d+):', 1),
    regexp_extract(cell, r' \d+:(\d+)', 1),
    regexp_extract(cell, r' \d+:\d+:(\d+)', 1));

-- Expects a trimmed cell.
CREATE OR REPLACE TEMPORARY FUNCTION parse_trimmed_timestamp(cell STRING) RETURNS BIGINT
RETURN CASE
    WHEN cell RLIKE concat(
        r'\A(?i:(19[7-9]\d|[2-9]\d{3})-\d\d-\d\d[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?',
        r'( ?(UTC|GMT|Z|[+-](0\d|1[0-5])(:?[0-5]\d)?))?)\z')
        THEN in_range_us(iso_timestamp_us(cell))
    WHEN cell RLIKE concat(
        r'\A\d{1,2}/\d{1,2}/(19[7-9]\d|[2-9]\d{3}) ',
        r'(\d|[01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?\z')
        THEN in_range_us(slash_timestamp_us(cell))
    WHEN cell RLIKE r'\A\d{10}\z' THEN TRY_CAST(cell AS BIGINT) * second_us()
    WHEN cell RLIKE r'\A\d{13}\z' THEN TRY_CAST(cell AS BIGINT) * 1000
    WHEN cell RLIKE r'\A\d{16}\z' THEN TRY_CAST(cell AS BIGINT)
END;

CREATE OR REPLACE TEMPORARY FUNCTION parse_timestamp(cell STRING) RETURNS BIGINT
RETURN parse_trimmed_timestamp(trim_blanks(cell));

-- The parsers from here on expect a trimmed cell.
CREATE OR REPLACE TEMPORARY FUNCTION parse_weekday(cell STRING) RETURNS BIGINT
RETURN CASE WHEN cell IN ('0', '1', '2', '3', '4', '5', '6') THEN CAST(cell AS BIGINT) END;

CREATE OR REPLACE TEMPORARY FUNCTION clock_us(cell STRING) RETURNS BIGINT
RETURN hour_us() * TRY_CAST(split_part(cell, ':', 1) AS BIGINT)
    + minute_us() * TRY_CAST(split_part(cell, ':', 2) AS BIGINT)
    + second_us() * coalesce(TRY_CAST(left(split_part(cell, ':', 3), 2) AS BIGINT), 0);

CREATE OR REPLACE TEMPORARY FUNCTION parse_start_time(cell STRING) RETURNS BIGINT
RETURN CASE
    WHEN cell RLIKE r'\A(\d|[01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?\z' THEN clock_us(cell)
END;

CREATE OR REPLACE TEMPORARY FUNCTION parse_end_time(cell STRING) RETURNS BIGINT
RETURN CASE
    WHEN NOT startswith(cell, '24') THEN parse_start_time(cell)
    WHEN cell RLIKE r'\A24:00(:00(\.0+)?)?\z' THEN day_us()
END;

CREATE OR REPLACE TEMPORARY FUNCTION instant_text(instant_us BIGINT) RETURNS STRING
RETURN concat(CAST(timestamp_micros(instant_us) AS STRING), 'Z');

CREATE OR REPLACE TEMPORARY FUNCTION two_units(sixtieths BIGINT, unit STRING, sixtieth STRING)
RETURNS STRING
RETURN concat(CAST(sixtieths DIV 60 AS STRING), unit,
    CASE
        WHEN sixtieths % 60 = 0 THEN ''
        ELSE concat(' ', CAST(sixtieths % 60 AS STRING), sixtieth)
    END);

CREATE OR REPLACE TEMPORARY FUNCTION seconds_text(whole_seconds BIGINT) RETURNS STRING
RETURN CASE
    WHEN whole_seconds = 0 THEN '< 1 s'
    WHEN whole_seconds < 60 THEN concat(CAST(whole_seconds AS STRING), ' s')
    WHEN whole_seconds < 600 THEN two_units(whole_seconds, ' min', ' s')
    WHEN whole_seconds < 3570 THEN concat(CAST((whole_seconds + 30) DIV 60 AS STRING), ' min')
    WHEN whole_seconds < 3599970 THEN two_units((whole_seconds + 30) DIV 60, ' h', ' min')
    ELSE concat(format_number((whole_seconds + 30 * 60) DIV (60 * 60), 0), ' h')
END;

CREATE OR REPLACE TEMPORARY FUNCTION span_text(length_us BIGINT) RETURNS STRING
RETURN CASE
    WHEN length_us = 0 THEN '0 h'
    ELSE seconds_text((2 * length_us + second_us()) DIV (2 * second_us()))
END;

CREATE OR REPLACE TEMPORARY FUNCTION day_text(day_no BIGINT) RETURNS STRING
RETURN CAST(date_from_unix_date(CAST(day_no AS INTEGER)) AS STRING);

CREATE OR REPLACE TEMPORARY FUNCTION without_blanks(text STRING) RETURNS STRING
RETURN regexp_replace(text, r'[\p{Z}\p{Cc}\p{Cf}]', '');

CREATE OR REPLACE TEMPORARY FUNCTION without_digits(text STRING) RETURNS STRING
RETURN translate(text, '0123456789', '');

CREATE OR REPLACE TEMPORARY FUNCTION parse_date(cell STRING) RETURNS BIGINT
RETURN CASE
    WHEN cell RLIKE r'\A\d{4}-\d\d-\d\d\z' AND NOT startswith(cell, '0000')
        THEN CAST(unix_date(TRY_CAST(cell AS DATE)) AS BIGINT)
END;

CREATE OR REPLACE TEMPORARY FUNCTION forever_us() RETURNS BIGINT
RETURN CAST(1000000000000000000 AS BIGINT);
