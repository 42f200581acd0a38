-- fail: the dates of a store must add up to its span, in every measure
-- when: days
-- Nearly every span is also a window, whose measures were summed another way.
WITH whole AS (
    SELECT w.store_no, min(w.window_no) AS window_no
    FROM store_windows AS w
    JOIN store_spans AS ss
        ON ss.store_no = w.store_no
        AND ss.start_us = w.start_us
        AND ss.end_us = w.end_us
    GROUP BY w.store_no
),
span_sums AS (
    SELECT
        m.store_no,
        m.open_us,
        m.downtime_us,
        m.unknown_us,
        m.planned_us,
        m.uptime_min_us,
        m.uptime_max_us,
        m.covered_us,
        m.observations
    FROM measures AS m
    JOIN whole AS w ON w.store_no = m.store_no AND w.window_no = m.window_no
    UNION ALL
    SELECT
        m.store_no,
        m.open_us,
        m.downtime_us,
        m.unknown_us,
        m.planned_us,
        m.uptime_min_us,
        m.uptime_max_us,
        m.covered_us,
        m.observations
    FROM span_measures AS m
),
dates AS (
    SELECT
        m.store_no,
        sum(m.open_us) AS open_us,
        sum(m.downtime_us) AS downtime_us,
        sum(m.unknown_us) AS unknown_us,
        sum(m.planned_us) AS planned_us,
        sum(m.uptime_min_us) AS uptime_min_us,
        sum(m.uptime_max_us) AS uptime_max_us,
        sum(m.covered_us) AS covered_us,
        sum(m.observations) AS observations
    FROM day_measures AS m
    GROUP BY m.store_no
)
SELECT s.store_no, d.open_us, ss.open_us AS span_open_us
FROM store_spans AS s
LEFT JOIN dates AS d ON d.store_no = s.store_no
LEFT JOIN span_sums AS ss ON ss.store_no = s.store_no
WHERE d.store_no IS NULL AND s.start_us < s.end_us
    OR d.open_us <> coalesce(ss.open_us, 0)
    OR d.downtime_us <> coalesce(ss.downtime_us, 0)
    OR d.unknown_us <> coalesce(ss.unknown_us, 0)
    OR d.planned_us <> coalesce(ss.planned_us, 0)
    OR d.uptime_min_us <> coalesce(ss.uptime_min_us, 0)
    OR d.uptime_max_us <> coalesce(ss.uptime_max_us, 0)
    OR d.covered_us <> coalesce(ss.covered_us, 0)
    OR d.observations <> coalesce(ss.observations, 0)
