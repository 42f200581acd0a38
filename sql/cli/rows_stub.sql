-- The accepted rows of each set, none yet, in the types of duckdb/tables.sql. A view looks at the
-- views below it when it is made and again when it is asked; as long as the models are being made,
-- this spares them forty looks at every input file.
CREATE OR REPLACE TEMP VIEW status_rows AS
    SELECT CAST('' AS VARCHAR) AS store_id, TRUE AS is_up, CAST(0 AS BIGINT) AS observed_us WHERE FALSE;
CREATE OR REPLACE TEMP VIEW hours_rows AS
    SELECT
        CAST('' AS VARCHAR) AS store_id,
        CAST(0 AS BIGINT) AS weekday,
        CAST(0 AS BIGINT) AS opens_clock_us,
        CAST(0 AS BIGINT) AS closes_clock_us
    WHERE FALSE;
CREATE OR REPLACE TEMP VIEW zones_rows AS
    SELECT CAST('' AS VARCHAR) AS store_id, CAST('' AS VARCHAR) AS zone WHERE FALSE;
