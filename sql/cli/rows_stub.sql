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
        CAST(0 AS BIGINT) AS closes_clock_us
    WHERE FALSE;
CREATE OR REPLACE TEMP VIEW zones_rows AS
    SELECT CAST('' AS VARCHAR) AS store_id, CAST('' AS VARCHAR) AS zone WHERE FALSE;
