-- grain:   one row per store and window: the cells of report.csv, two per row, before their order
-- columns: store_id; window_no; uptime, downtime: text with two decimals, minutes for a window of
--          up to one hour, else hours, rounded half up, empty where the store is open and nothing
--          is known; store_no to order by
-- sources: measures, stores, windows
-- rule:    docs/definition.md "Files of a report"
CREATE OR REPLACE TEMP VIEW report_cells AS
WITH hundredths AS (
    SELECT
        m.store_no,
        m.window_no,
        m.open_us > 0 AND m.unknown_us = m.open_us AS is_unknown,
        whole_quotient(m.uptime_us + u.half_us, u.half_us * 2) AS uptime,
        whole_quotient(m.downtime_us + u.half_us, u.half_us * 2) AS downtime
    FROM measures AS m
    JOIN (
        -- half of a hundredth of the unit: of a minute 300 000 us, of an hour 18 000 000 us
        SELECT
            w.window_no,
            CASE WHEN w.end_us - w.start_us <= 3600000000 THEN CAST(300000 AS BIGINT)
                ELSE CAST(18000000 AS BIGINT) END AS half_us
        FROM windows AS w
    ) AS u ON u.window_no = m.window_no
)
SELECT
    s.store_id,
    h.window_no,
    CASE WHEN h.is_unknown THEN '' ELSE concat(
        CAST(whole_quotient(h.uptime, 100) AS VARCHAR(20)), '.',
        lpad(CAST(h.uptime % 100 AS VARCHAR(2)), 2, '0')) END AS uptime,
    CASE WHEN h.is_unknown THEN '' ELSE concat(
        CAST(whole_quotient(h.downtime, 100) AS VARCHAR(20)), '.',
        lpad(CAST(h.downtime % 100 AS VARCHAR(2)), 2, '0')) END AS downtime,
    h.store_no
FROM hundredths AS h
JOIN stores AS s ON s.store_no = h.store_no
