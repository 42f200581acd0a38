-- grain:   one row per store and window: the rows of report.parquet, unordered
-- columns: store_id; timezone; time_window; window_start_us, window_end_us BIGINT, UTC
--          microseconds; open_seconds, uptime_seconds, downtime_seconds, unknown_seconds,
--          planned_seconds, uptime_min_seconds, uptime_max_seconds, covered_seconds DOUBLE;
--          uptime_ratio DOUBLE, NULL if nothing is known; observations, outages BIGINT, counts;
--          longest_outage_seconds DOUBLE; store_no, window_no to order by
-- sources: measures, stores, store_zones, windows, store_windows
-- rule:    docs/definition.md "Files of a report"
CREATE OR REPLACE TEMP VIEW report_rows AS
SELECT
    s.store_id,
    z.zone AS timezone,
    w.name AS time_window,
    sw.start_us AS window_start_us,
    sw.end_us AS window_end_us,
    seconds_of(m.open_us) AS open_seconds,
    seconds_of(m.uptime_us) AS uptime_seconds,
    seconds_of(m.downtime_us) AS downtime_seconds,
    seconds_of(m.unknown_us) AS unknown_seconds,
    seconds_of(m.planned_us) AS planned_seconds,
    seconds_of(m.uptime_min_us) AS uptime_min_seconds,
    seconds_of(m.uptime_max_us) AS uptime_max_seconds,
    seconds_of(m.covered_us) AS covered_seconds,
    CASE
        WHEN m.uptime_us + m.downtime_us > 0
            THEN CAST(m.uptime_us AS DOUBLE) / CAST(m.uptime_us + m.downtime_us AS DOUBLE)
    END AS uptime_ratio,
    m.observations,
    m.outages,
    seconds_of(m.longest_outage_us) AS longest_outage_seconds,
    m.store_no,
    m.window_no
FROM measures AS m
JOIN stores AS s ON s.store_no = m.store_no
JOIN store_zones AS z ON z.store_no = m.store_no
JOIN windows AS w ON w.window_no = m.window_no
JOIN store_windows AS sw ON sw.store_no = m.store_no AND sw.window_no = m.window_no
