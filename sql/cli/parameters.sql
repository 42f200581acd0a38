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
        ELSE error(format('"{}" is not a length: write it like 90s, 45m, 1h30m or 7d', length_text))
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

-- Windows that end at as_of, by default the latest accepted observation.
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
        as_of_us - length_us(map_values(lengths)[n]) AS start_us,
        as_of_us AS end_us
    FROM range(1, len(map_keys(lengths)) + 1) AS place(n)
    CROSS JOIN until;

CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until();

-- Restricts the models to these stores; empty for all.
CREATE OR REPLACE TEMP VIEW wanted_stores AS
    SELECT CAST('' AS VARCHAR) AS store_id WHERE FALSE;

-- All other parameters; as_of and the longest window come from the windows.
CREATE OR REPLACE TEMP MACRO parameters(
    -- generated: default parameters; `just docs` writes them
    interpolation := 'nearest',
    unobserved := 'nearest',
    max_gap := NULL,
    fresh_within := '1h',
    join_gap := '1m',
    collector_gap := '2h'
    -- end
) AS TABLE
    WITH ends AS (
        SELECT
            max(end_us) AS as_of_us,
            min(start_us) AS report_start_us,
            -- one day more than the longer of 7 days and the longest window
            least(min(start_us), max(end_us) - 7 * day_us()) - day_us() AS horizon_us,
            -- Three days cover an overnight shift in any zone. A chain of joined shifts needs
            -- join_gap in addition.
            3 + (length_us(join_gap) + day_us() - 1) // day_us() AS pad_days
        FROM windows
        HAVING count(*) > 0
    ),
    days AS (
        SELECT
            *,
            -- rounded down also before 1970
            (horizon_us - (horizon_us % day_us() + day_us()) % day_us()) // day_us() - pad_days
                AS first_day_no,
            as_of_us // day_us() + pad_days AS last_day_no
        FROM ends
    )
    SELECT
        as_of_us,
        report_start_us,
        horizon_us,
        first_day_no,
        last_day_no - first_day_no + 1 AS day_count,
        first_day_no * day_us() AS earliest_us,
        (last_day_no + 1) * day_us() AS latest_us,
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
        NOT EXISTS (FROM wanted_stores) AS every_store
    FROM days;

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
CREATE OR REPLACE TEMP VIEW current_params AS FROM params WHERE must_be_temporary('params');
CREATE OR REPLACE TEMP VIEW current_wanted_stores AS
    FROM wanted_stores WHERE must_be_temporary('wanted_stores');
