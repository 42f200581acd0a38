-- Empty accepted rows of each set, typed as in duckdb/tables.sql. DuckDB binds the views below a
-- view when it is created and again when it is queried; without this stub, creating the models
-- would open every input file forty times.
CREATE OR REPLACE TEMP VIEW status_rows AS
    SELECT
        CAST('' AS VARCHAR) AS store_id,
        TRUE AS is_up,
        CAST(0 AS BIGINT) AS observed_us
    WHERE FALSE;
CREATE OR REPLACE TEMP VIEW hours_rows AS
    SELECT
        CAST('' AS VARCHAR) AS store_id,
        CAST(0 AS BIGINT) AS weekday,
        CAST(0 AS BIGINT) AS opens_clock_us,
        CAST(0 AS BIGINT) AS closes_clock_us,
        CAST(0 AS BIGINT) AS valid_from_day,
        CAST(0 AS BIGINT) AS valid_through_day
    WHERE FALSE;
CREATE OR REPLACE TEMP VIEW stores_rows AS
    SELECT
        CAST('' AS VARCHAR) AS store_id,
        CAST('' AS VARCHAR) AS detail,
        CAST('' AS VARCHAR) AS attribute,
        CAST('' AS VARCHAR) AS "value",
        CAST(0 AS BIGINT) AS day_no
    WHERE FALSE;
CREATE OR REPLACE TEMP VIEW special_hours_rows AS
    SELECT
        CAST('' AS VARCHAR) AS store_id,
        CAST('' AS VARCHAR) AS attribute,
        CAST('' AS VARCHAR) AS "value",
        CAST(0 AS BIGINT) AS first_day,
        CAST(0 AS BIGINT) AS last_day,
        TRUE AS is_closed,
        CAST(0 AS BIGINT) AS opens_clock_us,
        CAST(0 AS BIGINT) AS closes_clock_us,
        CAST('' AS VARCHAR) AS name
    WHERE FALSE;
CREATE OR REPLACE TEMP VIEW closures_rows AS
    SELECT
        CAST('' AS VARCHAR) AS store_id,
        CAST('' AS VARCHAR) AS attribute,
        CAST('' AS VARCHAR) AS "value",
        CAST(0 AS BIGINT) AS starts_us,
        CAST(0 AS BIGINT) AS ends_us,
        CAST(0 AS BIGINT) AS start_local_us,
        CAST(0 AS BIGINT) AS end_local_us,
        CAST('' AS VARCHAR) AS reason,
        CAST(0 AS BIGINT) AS announced_us,
        CAST(0 AS BIGINT) AS announced_local_us
    WHERE FALSE;
CREATE OR REPLACE TEMP VIEW targets_rows AS
    SELECT
        CAST('' AS VARCHAR) AS store_id,
        CAST('' AS VARCHAR) AS attribute,
        CAST('' AS VARCHAR) AS "value",
        CAST(0 AS BIGINT) AS target_ppm,
        CAST('' AS VARCHAR) AS window_name
    WHERE FALSE;
CREATE OR REPLACE TEMP VIEW zones_rows AS
    SELECT CAST('' AS VARCHAR) AS store_id, CAST('' AS VARCHAR) AS zone WHERE FALSE;
