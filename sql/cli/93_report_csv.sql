-- grain:   one row per store, in order: the seven columns of report.csv with the default windows
-- columns: store_id VARCHAR, as in the input;
--          uptime_last_hour DECIMAL(18,2), minutes, NULL if the store is open and nothing is known;
--          uptime_last_day, uptime_last_week DECIMAL(18,2), hours, NULL likewise;
--          downtime_last_hour DECIMAL(18,2), minutes, NULL likewise;
--          downtime_last_day, downtime_last_week DECIMAL(18,2), hours, NULL likewise
-- sources: report_cells, windows
-- rule:    docs/definition.md "Files of a report"
-- Columns of windows that the report lacks are NULL.
CREATE OR REPLACE TEMP VIEW report_csv AS
WITH cells AS (
    SELECT
        c.store_no,
        c.store_id,
        w.name,
        CAST(nullif(c.uptime, '') AS DECIMAL(18, 2)) AS uptime,
        CAST(nullif(c.downtime, '') AS DECIMAL(18, 2)) AS downtime
    FROM report_cells AS c
    JOIN windows AS w USING (window_no)
)
SELECT
    store_id,
    max(uptime) FILTER (name = 'last_hour') AS uptime_last_hour,
    max(uptime) FILTER (name = 'last_day') AS uptime_last_day,
    max(uptime) FILTER (name = 'last_week') AS uptime_last_week,
    max(downtime) FILTER (name = 'last_hour') AS downtime_last_hour,
    max(downtime) FILTER (name = 'last_day') AS downtime_last_day,
    max(downtime) FILTER (name = 'last_week') AS downtime_last_week
FROM cells
GROUP BY store_no, store_id
ORDER BY store_no;
