-- fail: the dates of a store must add up to its span, in every measure
-- when: days
-- Nearly every span is also a window, whose measures were summed another way.
WITH dates AS (
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
SELECT ss.store_no, d.open_us, coalesce(m.open_us, sm.open_us) AS span_open_us
FROM store_spans AS ss
LEFT JOIN dates AS d ON d.store_no = ss.store_no
LEFT JOIN measures AS m ON m.store_no = ss.store_no AND m.window_no = ss.window_no
LEFT JOIN span_measures AS sm ON sm.store_no = ss.store_no
WHERE d.store_no IS NULL AND ss.start_us < ss.end_us
    OR d.open_us <> coalesce(m.open_us, sm.open_us, 0)
    OR d.downtime_us <> coalesce(m.downtime_us, sm.downtime_us, 0)
    OR d.unknown_us <> coalesce(m.unknown_us, sm.unknown_us, 0)
    OR d.planned_us <> coalesce(m.planned_us, sm.planned_us, 0)
    OR d.uptime_min_us <> coalesce(m.uptime_min_us, sm.uptime_min_us, 0)
    OR d.uptime_max_us <> coalesce(m.uptime_max_us, sm.uptime_max_us, 0)
    OR d.covered_us <> coalesce(m.covered_us, sm.covered_us, 0)
    OR d.observations <> coalesce(m.observations, sm.observations, 0)
