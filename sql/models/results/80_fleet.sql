-- grain:   one row per window
-- columns: window_no; time_window; stores, stores_open, stores_unknown BIGINT, counts;
--          open_seconds, uptime_seconds, downtime_seconds, unknown_seconds, planned_seconds,
--          uptime_min_seconds, uptime_max_seconds, covered_seconds DOUBLE; uptime_ratio,
--          uptime_ratio_min, uptime_ratio_max, coverage DOUBLE, ratios of the sums, NULL if
--          nothing is known or no store is open; outages BIGINT, a count
-- sources: measures, windows
-- rule:    docs/definition.md "Windows and measures"
-- A year of 300,000 stores has more microseconds than a BIGINT holds, in which Spark would sum.
CREATE OR REPLACE TEMP VIEW fleet AS
WITH sums AS (
    SELECT
        m.window_no,
        count(*) AS stores,
        sum(CASE WHEN m.open_us > 0 THEN 1 ELSE 0 END) AS stores_open,
        sum(CASE
            WHEN m.open_us > 0 AND m.unknown_us = m.open_us THEN 1 ELSE 0
        END) AS stores_unknown,
        sum(m.outages) AS outages,
        CAST(sum(CAST(m.open_us AS DECIMAL(18, 0))) AS DOUBLE) AS open_us,
        CAST(sum(CAST(m.uptime_us AS DECIMAL(18, 0))) AS DOUBLE) AS uptime_us,
        CAST(sum(CAST(m.downtime_us AS DECIMAL(18, 0))) AS DOUBLE) AS downtime_us,
        CAST(sum(CAST(m.unknown_us AS DECIMAL(18, 0))) AS DOUBLE) AS unknown_us,
        CAST(sum(CAST(m.planned_us AS DECIMAL(18, 0))) AS DOUBLE) AS planned_us,
        CAST(sum(CAST(m.uptime_min_us AS DECIMAL(18, 0))) AS DOUBLE) AS uptime_min_us,
        CAST(sum(CAST(m.uptime_max_us AS DECIMAL(18, 0))) AS DOUBLE) AS uptime_max_us,
        CAST(sum(CAST(m.covered_us AS DECIMAL(18, 0))) AS DOUBLE) AS covered_us
    FROM measures AS m
    GROUP BY m.window_no
)
SELECT
    s.window_no,
    w.name AS time_window,
    s.stores,
    CAST(s.stores_open AS BIGINT) AS stores_open,
    CAST(s.stores_unknown AS BIGINT) AS stores_unknown,
    seconds_of(s.open_us) AS open_seconds,
    seconds_of(s.uptime_us) AS uptime_seconds,
    seconds_of(s.downtime_us) AS downtime_seconds,
    seconds_of(s.unknown_us) AS unknown_seconds,
    seconds_of(s.planned_us) AS planned_seconds,
    seconds_of(s.uptime_min_us) AS uptime_min_seconds,
    seconds_of(s.uptime_max_us) AS uptime_max_seconds,
    seconds_of(s.covered_us) AS covered_seconds,
    CASE WHEN s.uptime_us + s.downtime_us > 0
        THEN s.uptime_us / (s.uptime_us + s.downtime_us) END AS uptime_ratio,
    CASE WHEN s.open_us > 0 THEN s.uptime_min_us / s.open_us END AS uptime_ratio_min,
    CASE WHEN s.open_us > 0 THEN s.uptime_max_us / s.open_us END AS uptime_ratio_max,
    CASE WHEN s.open_us > 0 THEN s.covered_us / s.open_us END AS coverage,
    CAST(s.outages AS BIGINT) AS outages
FROM sums AS s
JOIN windows AS w ON w.window_no = s.window_no
