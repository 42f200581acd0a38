-- grain:   one row per store and local date with an instant of its span
-- columns: store_no; day_no BIGINT, days since 1970-01-01; open_us, downtime_us, unknown_us,
--          planned_us, uptime_min_us, uptime_max_us, covered_us BIGINT, microseconds; observations
--          BIGINT, a count
-- sources: day_parts, counted_observations, store_clocks, store_zones, calendar
-- rule:    docs/definition.md "Breakdowns"
-- tests:   TestModelsAgreeWithReference
-- keep:    yes
-- when:    days
-- The dates and the counts are joined to the sums: rows of zeros took as long as the others. All
-- stores of a zone have the same dates.
CREATE OR REPLACE TEMP VIEW day_measures AS
WITH observed_dates AS (
    SELECT
        o.store_no,
        -- adding 7000 days keeps the quotients of early times positive
        whole_quotient(
            coalesce(c.stands_at_us, o.observed_us + c.offset_us) + 7000 * day_us(), day_us()
        ) - 7000 AS day_no,
        o.instants
    FROM counted_observations AS o
    JOIN store_clocks AS c
        ON c.store_no = o.store_no
        AND o.observed_us >= c.starts_us
        AND o.observed_us < c.ends_us
),
counts AS (
    SELECT o.store_no, o.day_no, CAST(sum(o.instants) AS BIGINT) AS observations
    FROM observed_dates AS o
    GROUP BY o.store_no, o.day_no
),
parts AS (
    SELECT
        p.store_no,
        p.day_no,
        p.part,
        p.certain,
        p.sign * (p.ends_us - p.starts_us) AS part_us
    FROM day_parts AS p
),
sums AS (
    SELECT
        p.store_no,
        p.day_no,
        CAST(sum(p.part_us) FILTER (WHERE p.part = 'open') AS BIGINT) AS open_us,
        CAST(sum(p.part_us) FILTER (WHERE p.part = 'down') AS BIGINT) AS downtime_us,
        CAST(sum(p.part_us) FILTER (WHERE p.part = 'unknown') AS BIGINT) AS unknown_us,
        CAST(sum(p.part_us) FILTER (WHERE p.part = 'planned') AS BIGINT) AS planned_us,
        CAST(sum(p.part_us) FILTER (WHERE p.certain IN ('no', 'down')) AS BIGINT) AS unsure_us,
        CAST(sum(p.part_us) FILTER (WHERE p.certain = 'down') AS BIGINT) AS surely_down_us,
        CAST(sum(p.part_us) FILTER (WHERE p.part = 'uncovered') AS BIGINT) AS uncovered_us
    FROM parts AS p
    GROUP BY p.store_no, p.day_no
),
zone_ranges AS (
    SELECT DISTINCT s.zone, s.first_day_no, s.last_day_no
    FROM store_clocks AS s
),
zone_dates AS (
    SELECT DISTINCT r.zone, c.day_no
    FROM zone_ranges AS r
    JOIN calendar AS c ON c.day_no >= r.first_day_no AND c.day_no <= r.last_day_no
),
dates AS (
    SELECT z.store_no, d.day_no
    FROM zone_dates AS d
    JOIN store_zones AS z ON z.zone = d.zone
)
SELECT
    d.store_no,
    d.day_no,
    coalesce(s.open_us, 0) AS open_us,
    coalesce(s.downtime_us, 0) AS downtime_us,
    coalesce(s.unknown_us, 0) AS unknown_us,
    coalesce(s.planned_us, 0) AS planned_us,
    coalesce(s.open_us, 0) - coalesce(s.unsure_us, 0) AS uptime_min_us,
    coalesce(s.open_us, 0) - coalesce(s.surely_down_us, 0) AS uptime_max_us,
    coalesce(s.open_us, 0) - coalesce(s.uncovered_us, 0) AS covered_us,
    coalesce(c.observations, 0) AS observations
FROM dates AS d
LEFT JOIN sums AS s ON s.store_no = d.store_no AND s.day_no = d.day_no
LEFT JOIN counts AS c ON c.store_no = d.store_no AND c.day_no = d.day_no
