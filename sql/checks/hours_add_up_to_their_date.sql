-- fail: the hours of a store and local date must add up to the date, in every measure
-- when: hour
WITH hour_sums AS (
    SELECT
        m.store_no,
        m.day_no,
        sum(m.open_us) AS open_us,
        sum(m.downtime_us) AS downtime_us,
        sum(m.unknown_us) AS unknown_us,
        sum(m.planned_us) AS planned_us,
        sum(m.uptime_min_us) AS uptime_min_us,
        sum(m.uptime_max_us) AS uptime_max_us,
        sum(m.covered_us) AS covered_us,
        sum(m.observations) AS observations
    FROM hour_measures AS m
    GROUP BY m.store_no, m.day_no
)
SELECT coalesce(d.store_no, hs.store_no) AS store_no, coalesce(d.day_no, hs.day_no) AS day_no
FROM day_measures AS d
FULL JOIN hour_sums AS hs ON hs.store_no = d.store_no AND hs.day_no = d.day_no
WHERE d.store_no IS NULL
    OR d.open_us <> coalesce(hs.open_us, 0)
    OR d.downtime_us <> coalesce(hs.downtime_us, 0)
    OR d.unknown_us <> coalesce(hs.unknown_us, 0)
    OR d.planned_us <> coalesce(hs.planned_us, 0)
    OR d.uptime_min_us <> coalesce(hs.uptime_min_us, 0)
    OR d.uptime_max_us <> coalesce(hs.uptime_max_us, 0)
    OR d.covered_us <> coalesce(hs.covered_us, 0)
    OR d.observations <> coalesce(hs.observations, 0)
