-- grain:   one row per local date and hour with open or planned time of any store, separately for
--          the last 7 days before as_of
-- columns: day_no BIGINT, days since 1970-01-01; hour BIGINT, 0 to 23; in_last_week BOOLEAN;
--          open_us, downtime_us, unknown_us, planned_us, uptime_min_us, uptime_max_us, covered_us
--          BIGINT, microseconds, sums over all stores
-- sources: calendar, numbers, time_parts, store_clocks
-- rule:    docs/definition.md "Breakdowns"
-- tests:   TestModelsAgreeWithReference
-- keep:    yes
-- Local time is derived from UTC, one part of a store's clock at a time. A stretch is never joined
-- to each hour it covers. Its two ends, weighted -1 and 1, are added up in the hours that contain
-- them. The hour from h on then covers the sum of weight * (x - h - 1 h) over the ends x in it,
-- minus 1 h times the sum of all earlier weights.
CREATE OR REPLACE TEMP VIEW fleet_hours AS
WITH ends AS (
    SELECT
        p.part,
        p.certain,
        c.in_last_week,
        CASE side.weight
            WHEN 1 THEN least(p.ends_us, c.ends_us)
            ELSE greatest(p.starts_us, c.starts_us)
        END + c.offset_us AS local_us,
        c.stands_at_us,
        p.sign * side.weight AS weight
    FROM time_parts AS p
    JOIN store_clocks AS c
        ON c.store_no = p.store_no
        AND c.ends_us > p.starts_us
        AND c.starts_us < p.ends_us
    CROSS JOIN (VALUES (-1), (1)) AS side(weight)
),
split AS (
    SELECT
        e.part,
        e.certain,
        e.in_last_week,
        e.local_us,
        -- adding 7000 days keeps the remainder of early times positive
        coalesce(e.stands_at_us, e.local_us)
            - (coalesce(e.stands_at_us, e.local_us) + 7000 * day_us()) % hour_us() AS starts_us,
        e.weight
    FROM ends AS e
),
hour_ends AS (
    SELECT
        s.part,
        s.certain,
        s.in_last_week,
        s.starts_us,
        sum(s.weight) AS weight,
        sum(s.weight * (s.local_us - s.starts_us - hour_us())) AS inside_us
    FROM split AS s
    GROUP BY s.part, s.certain, s.in_last_week, s.starts_us
),
clock_hours AS (
    SELECT c.day_no, n.n AS hour, c.day_no * day_us() + n.n * hour_us() AS starts_us
    FROM calendar AS c
    JOIN numbers AS n ON n.n < 24
),
kinds AS (
    SELECT DISTINCT e.part, e.certain, e.in_last_week FROM hour_ends AS e
),
filled AS (
    SELECT
        ch.day_no,
        ch.hour,
        k.part,
        k.certain,
        k.in_last_week,
        coalesce(e.inside_us, 0) - hour_us() * coalesce(sum(e.weight) OVER (
            PARTITION BY k.part, k.certain, k.in_last_week ORDER BY ch.starts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS part_us
    FROM clock_hours AS ch
    CROSS JOIN kinds AS k
    LEFT JOIN hour_ends AS e
        ON e.starts_us = ch.starts_us
        AND e.part = k.part
        AND e.certain = k.certain
        AND e.in_last_week = k.in_last_week
)
SELECT
    f.day_no,
    f.hour,
    f.in_last_week,
    CAST(sum(CASE WHEN f.part = 'open' THEN f.part_us ELSE 0 END) AS BIGINT) AS open_us,
    CAST(sum(CASE WHEN f.part = 'down' THEN f.part_us ELSE 0 END) AS BIGINT) AS downtime_us,
    CAST(sum(CASE WHEN f.part = 'unknown' THEN f.part_us ELSE 0 END) AS BIGINT) AS unknown_us,
    CAST(sum(CASE WHEN f.part = 'planned' THEN f.part_us ELSE 0 END) AS BIGINT) AS planned_us,
    CAST(sum(CASE
        WHEN f.part = 'open' THEN f.part_us
        WHEN f.certain IN ('no', 'down') THEN 0 - f.part_us
        ELSE 0
    END) AS BIGINT) AS uptime_min_us,
    CAST(sum(CASE
        WHEN f.part = 'open' THEN f.part_us
        WHEN f.certain = 'down' THEN 0 - f.part_us
        ELSE 0
    END) AS BIGINT) AS uptime_max_us,
    CAST(sum(CASE
        WHEN f.part = 'open' THEN f.part_us
        WHEN f.part = 'uncovered' THEN 0 - f.part_us
        ELSE 0
    END) AS BIGINT) AS covered_us
FROM filled AS f
WHERE f.part_us <> 0
GROUP BY f.day_no, f.hour, f.in_last_week
