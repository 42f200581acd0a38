-- fail: the dates of a store must add up to its span, in every measure
-- when: days
WITH clipped AS (
    SELECT
        t.store_no,
        t.part,
        t.certain,
        t.sign * (least(t.ends_us, ss.end_us) - greatest(t.starts_us, ss.start_us)) AS part_us
    FROM time_parts AS t
    JOIN store_spans AS ss
        ON ss.store_no = t.store_no
        AND t.ends_us > ss.start_us
        AND t.starts_us < ss.end_us
),
clipped_sums AS (
    SELECT
        c.store_no,
        sum(CASE WHEN c.part = 'open' THEN c.part_us ELSE 0 END) AS open_us,
        sum(CASE WHEN c.part = 'down' THEN c.part_us ELSE 0 END) AS downtime_us,
        sum(CASE WHEN c.part = 'unknown' THEN c.part_us ELSE 0 END) AS unknown_us,
        sum(CASE WHEN c.part = 'planned' THEN c.part_us ELSE 0 END) AS planned_us,
        sum(CASE WHEN c.certain IN ('no', 'down') THEN c.part_us ELSE 0 END) AS unsure_us,
        sum(CASE WHEN c.certain = 'down' THEN c.part_us ELSE 0 END) AS surely_down_us,
        sum(CASE WHEN c.part = 'uncovered' THEN c.part_us ELSE 0 END) AS uncovered_us
    FROM clipped AS c
    GROUP BY c.store_no
),
counts AS (
    SELECT o.store_no, sum(o.instants) AS observations
    FROM counted_observations AS o
    JOIN store_spans AS ss
        ON ss.store_no = o.store_no
        AND o.observed_us >= ss.start_us
        AND o.observed_us < ss.end_us
    GROUP BY o.store_no
),
dates AS (
    SELECT
        m.store_no,
        sum(m.open_us) AS open_us,
        sum(m.downtime_us) AS downtime_us,
        sum(m.unknown_us) AS unknown_us,
        sum(m.planned_us) AS planned_us,
        sum(m.open_us - m.uptime_min_us) AS unsure_us,
        sum(m.open_us - m.uptime_max_us) AS surely_down_us,
        sum(m.open_us - m.covered_us) AS uncovered_us,
        sum(m.observations) AS observations
    FROM day_measures AS m
    GROUP BY m.store_no
)
SELECT s.store_no, d.open_us, cs.open_us AS span_open_us
FROM stores AS s
LEFT JOIN dates AS d ON d.store_no = s.store_no
LEFT JOIN clipped_sums AS cs ON cs.store_no = s.store_no
LEFT JOIN counts AS c ON c.store_no = s.store_no
WHERE d.store_no IS NULL
    OR d.open_us <> coalesce(cs.open_us, 0)
    OR d.downtime_us <> coalesce(cs.downtime_us, 0)
    OR d.unknown_us <> coalesce(cs.unknown_us, 0)
    OR d.planned_us <> coalesce(cs.planned_us, 0)
    OR d.unsure_us <> coalesce(cs.unsure_us, 0)
    OR d.surely_down_us <> coalesce(cs.surely_down_us, 0)
    OR d.uncovered_us <> coalesce(cs.uncovered_us, 0)
    OR d.observations <> coalesce(c.observations, 0)
