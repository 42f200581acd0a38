-- fail: the fleet's hours must add up to its measures in a window that is the span of every store
WITH hour_sums AS (
    SELECT
        sum(CAST(f.open_us AS DECIMAL(18, 0))) AS open_us,
        sum(CAST(f.downtime_us AS DECIMAL(18, 0))) AS downtime_us,
        sum(CAST(f.unknown_us AS DECIMAL(18, 0))) AS unknown_us,
        sum(CAST(f.planned_us AS DECIMAL(18, 0))) AS planned_us,
        sum(CAST(f.uptime_min_us AS DECIMAL(18, 0))) AS uptime_min_us,
        sum(CAST(f.uptime_max_us AS DECIMAL(18, 0))) AS uptime_max_us,
        sum(CAST(f.covered_us AS DECIMAL(18, 0))) AS covered_us
    FROM fleet_hours AS f
),
whole AS (
    SELECT w.window_no
    FROM store_windows AS w
    JOIN store_spans AS ss ON ss.store_no = w.store_no
    GROUP BY w.window_no
    HAVING bool_and(w.start_us = ss.start_us AND w.end_us = ss.end_us)
),
fleet_sums AS (
    SELECT
        m.window_no,
        sum(CAST(m.open_us AS DECIMAL(18, 0))) AS open_us,
        sum(CAST(m.downtime_us AS DECIMAL(18, 0))) AS downtime_us,
        sum(CAST(m.unknown_us AS DECIMAL(18, 0))) AS unknown_us,
        sum(CAST(m.planned_us AS DECIMAL(18, 0))) AS planned_us,
        sum(CAST(m.uptime_min_us AS DECIMAL(18, 0))) AS uptime_min_us,
        sum(CAST(m.uptime_max_us AS DECIMAL(18, 0))) AS uptime_max_us,
        sum(CAST(m.covered_us AS DECIMAL(18, 0))) AS covered_us
    FROM measures AS m
    JOIN whole AS w ON w.window_no = m.window_no
    GROUP BY m.window_no
)
SELECT s.window_no, hs.open_us, s.open_us AS fleet_open_us
FROM fleet_sums AS s
CROSS JOIN hour_sums AS hs
WHERE coalesce(hs.open_us, 0) <> s.open_us
    OR coalesce(hs.downtime_us, 0) <> s.downtime_us
    OR coalesce(hs.unknown_us, 0) <> s.unknown_us
    OR coalesce(hs.planned_us, 0) <> s.planned_us
    OR coalesce(hs.uptime_min_us, 0) <> s.uptime_min_us
    OR coalesce(hs.uptime_max_us, 0) <> s.uptime_max_us
    OR coalesce(hs.covered_us, 0) <> s.covered_us
