-- The parameters of a report with their defaults, as views that can be replaced:
--   CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until(as_of := '2024-10-14 22:00 UTC');
--   CREATE OR REPLACE TEMP VIEW params AS
--       FROM parameters(interpolation := 'previous', max_gap := '2h');
-- The macros are for the CLI only; the engine fills tables of these names with validated values.
-- rule: docs/definition.md "Windows and measures"

CREATE OR REPLACE TEMP MACRO digits_before(unit, length_text) AS
    coalesce(TRY_CAST(regexp_extract(length_text, '(\d+)' || unit, 1) AS BIGINT), 0);

-- Microseconds of 90s, 45m, 1h30m, 7d.
CREATE OR REPLACE TEMP MACRO length_us(length_text) AS
    CASE
        WHEN length_text IS NULL THEN NULL
        WHEN length_text <> ''
            AND regexp_full_match(length_text, '(\d{1,7}d)?(\d{1,7}h)?(\d{1,9}m)?(\d{1,9}s)?')
            THEN day_us() * digits_before('d', length_text)
                + hour_us() * digits_before('h', length_text)
                + minute_us() * digits_before('m', length_text)
                + second_us() * digits_before('s', length_text)
        ELSE error(format('"{}" is not a length: write it like 90s, 45m, 1h30m or 7d; '
            || 'a window may also be 2026-10, 2026-W41, 2026-10-01/2026-10-07 or yesterday',
            length_text))
    END;

-- UTC microseconds of a string that must be a timestamp.
CREATE OR REPLACE TEMP MACRO instant_us(instant_text) AS
    CASE
        WHEN instant_text IS NULL THEN NULL
        ELSE coalesce(
            parse_timestamp(instant_text, TRY_CAST(instant_text AS TIMESTAMP),
                CAST(TRY_CAST(instant_text AS TIMESTAMP) AS VARCHAR)),
            error(format(
                'as_of "{}" is not a timestamp of a known form: '
                || 'write it like 2024-10-14 22:00:00 UTC',
                instant_text)))
    END;

-- The local dates of 2026-10-07, 2026-10, 2026-W41, 2026, 2026-10-01/2026-10-07, today, yesterday,
-- this_week, previous_week, this_month, previous_month for a store on whose date as_of falls; NULL
-- for a length.
CREATE OR REPLACE TEMP MACRO window_dates(value, as_of_date) AS
    CASE
        WHEN value = 'today' THEN [as_of_date, as_of_date + 1]
        WHEN value = 'yesterday' THEN [as_of_date - 1, as_of_date]
        WHEN value = 'this_week'
            THEN [CAST(date_trunc('week', as_of_date) AS DATE),
                CAST(date_trunc('week', as_of_date) AS DATE) + 7]
        WHEN value = 'previous_week'
            THEN [CAST(date_trunc('week', as_of_date) AS DATE) - 7,
                CAST(date_trunc('week', as_of_date) AS DATE)]
        WHEN value = 'this_month'
            THEN [CAST(date_trunc('month', as_of_date) AS DATE),
                last_day(as_of_date) + 1]
        WHEN value = 'previous_month'
            THEN [
                CAST(date_trunc('month', as_of_date - CAST(day(as_of_date) AS INTEGER)) AS DATE),
                CAST(date_trunc('month', as_of_date) AS DATE)]
        WHEN regexp_full_match(value, '\d{4}')
            THEN [CAST(value || '-01-01' AS DATE), CAST(value || '-12-31' AS DATE) + 1]
        WHEN regexp_full_match(value, '\d{4}-\d\d')
            THEN [CAST(value || '-01' AS DATE), last_day(CAST(value || '-01' AS DATE)) + 1]
        WHEN regexp_full_match(value, '\d{4}-W\d\d')
            THEN [CAST(strptime(value || '-1', '%G-W%V-%u') AS DATE),
                CAST(strptime(value || '-1', '%G-W%V-%u') AS DATE) + 7]
        WHEN regexp_full_match(value, '\d{4}-\d\d-\d\d')
            THEN [CAST(value AS DATE), CAST(value AS DATE) + 1]
        WHEN regexp_full_match(value, '\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d')
            THEN [CAST(left(value, 10) AS DATE), CAST(right(value, 10) AS DATE) + 1]
    END;

-- Windows, each of a length up to as_of or of dates by each store's clock. as_of is by default the
-- latest accepted observation.
CREATE OR REPLACE TEMP MACRO windows_until(
    as_of := NULL,
    lengths := MAP {'last_hour': '1h', 'last_day': '24h', 'last_week': '7d'}
) AS TABLE
    WITH until AS (
        SELECT coalesce(
            max(observed_us),
            instant_us(CAST(as_of AS VARCHAR)),
            error('no status row was accepted, so there is no latest observation: give as_of'))
            AS as_of_us
        FROM status_rows
        WHERE as_of IS NULL
    )
    SELECT
        n AS window_no,
        map_keys(lengths)[n] AS name,
        map_values(lengths)[n] AS value,
        CASE
            WHEN window_dates(map_values(lengths)[n], DATE '2000-01-01') IS NULL
                THEN length_us(map_values(lengths)[n])
        END AS length_us,
        as_of_us AS end_us
    FROM range(1, len(map_keys(lengths)) + 1) AS place(n)
    CROSS JOIN until;

CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until();

-- The dates of the windows that have no length, for each local date that as_of can have.
CREATE OR REPLACE TEMP VIEW window_days AS
    SELECT
        window_no,
        as_of_day,
        CAST(dates[1] - DATE '1970-01-01' AS BIGINT) AS first_day,
        CAST(dates[2] - DATE '1970-01-01' AS BIGINT) AS end_day
    FROM (
        SELECT
            w.window_no,
            CAST(floor(w.end_us / day_us()) AS BIGINT) + shift.days AS as_of_day,
            window_dates(w.value, CAST(make_timestamp(w.end_us) AS DATE) + shift.days) AS dates
        FROM windows AS w
        CROSS JOIN (VALUES (-1), (0), (1)) AS shift(days)
        WHERE w.length_us IS NULL
    );

-- Restricts the models to these stores; empty for all.
CREATE OR REPLACE TEMP VIEW wanted_stores AS
    SELECT CAST('' AS VARCHAR) AS store_id WHERE FALSE;

-- All other parameters; as_of comes from the windows.
CREATE OR REPLACE TEMP MACRO parameters(
    -- generated: default parameters; `just docs` writes them
    interpolation := 'nearest',
    unobserved := 'nearest',
    max_gap := NULL,
    fresh_within := '1h',
    join_gap := '1m',
    collector_gap := '2h',
    target := NULL
    -- end
) AS TABLE
    WITH ends AS (
        SELECT max(end_us) AS as_of_us FROM windows HAVING count(*) > 0
    )
    SELECT
        as_of_us,
        CASE
            WHEN interpolation IN ('nearest', 'previous', 'next') THEN interpolation
            ELSE error(format(
                'interpolation "{}": must be nearest, previous or next', interpolation))
        END AS interpolation,
        CASE
            WHEN unobserved IN ('nearest', 'unknown') THEN unobserved
            ELSE error(format('unobserved "{}": must be nearest or unknown', unobserved))
        END AS unobserved,
        coalesce(length_us(CAST(max_gap AS VARCHAR)), forever_us()) AS max_gap_us,
        length_us(fresh_within) AS fresh_within_us,
        length_us(join_gap) AS join_gap_us,
        length_us(collector_gap) AS collector_gap_us,
        CASE
            WHEN target IS NOT NULL THEN coalesce(
                parse_percentage(CAST(target AS VARCHAR)),
                error(format(
                    'target "{}": must be a percentage above 0 and below 100, such as 98 or 99.95',
                    target)))
        END AS target_ppm,
        NOT EXISTS (FROM wanted_stores) AS every_store
    FROM ends;

CREATE OR REPLACE TEMP VIEW params AS FROM parameters();

-- The relations that the models read. A view created without TEMP would be hidden by the temporary
-- one of that name and silently change nothing.
CREATE OR REPLACE TEMP MACRO must_be_temporary(relation_name) AS
    CASE
        WHEN EXISTS (FROM duckdb_views() WHERE view_name = relation_name AND NOT temporary)
            OR EXISTS (FROM duckdb_tables() WHERE table_name = relation_name AND NOT temporary)
            THEN error(format(
                'replace {0} by CREATE OR REPLACE TEMP VIEW {0}: '
                || 'the one that is not temporary is not seen',
                relation_name))
        ELSE TRUE
    END;
CREATE OR REPLACE TEMP VIEW current_windows AS FROM windows WHERE must_be_temporary('windows');
CREATE OR REPLACE TEMP VIEW current_window_days AS
    FROM window_days WHERE must_be_temporary('window_days');
CREATE OR REPLACE TEMP VIEW current_params AS FROM params WHERE must_be_temporary('params');
CREATE OR REPLACE TEMP VIEW current_wanted_stores AS
    FROM wanted_stores WHERE must_be_temporary('wanted_stores');
