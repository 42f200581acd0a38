-- grain:   one row per store and window: the cells of report.csv, two per row, unordered
-- columns: store_id; window_no; uptime, downtime: text with two decimals, minutes for a window of a
--          length of up to one hour, else hours, rounded half up, empty if the store is open and
--          nothing is known; store_no to order by
-- sources: measures, stores, windows
-- rule:    docs/definition.md "Files of a report"
-- tests:   analytics/testdata/models/report_cells
CREATE OR REPLACE TEMP VIEW report_cells AS
WITH units AS (
    SELECT
        w.window_no,
        CASE WHEN w.length_us <= hour_us() THEN minute_us() ELSE hour_us() END AS unit_us
    FROM windows AS w
),
halves AS (
    SELECT u.window_no, whole_quotient(u.unit_us, 200) AS half_us
    FROM units AS u
),
hundredths AS (
    SELECT
        m.store_no,
        m.window_no,
        m.open_us > 0 AND m.unknown_us = m.open_us AS is_unknown,
        whole_quotient(m.uptime_us + h.half_us, h.half_us * 2) AS uptime,
        whole_quotient(m.downtime_us + h.half_us, h.half_us * 2) AS downtime
    FROM measures AS m
    JOIN halves AS h ON h.window_no = m.window_no
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
