-- grain:   one row per store and local date with an instant of its span
-- columns: store_no; day_no BIGINT, days since 1970-01-01; open_us, downtime_us, unknown_us,
--          planned_us, uptime_min_us, uptime_max_us, covered_us BIGINT, microseconds; observations
--          BIGINT, a count
-- sources: day_parts, counted_observations, store_clocks, calendar
-- rule:    docs/definition.md "Breakdowns"
-- tests:   TestModelsAgreeWithReference
-- keep:    yes
-- when:    days
CREATE OR REPLACE TEMP VIEW day_measures AS
WITH counts AS (
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
parts AS (
    SELECT
        p.store_no,
        p.day_no,
        p.part,
        p.certain,
        p.sign * (p.ends_us - p.starts_us) AS part_us,
        CAST(0 AS BIGINT) AS instants
    FROM day_parts AS p
    UNION ALL
    SELECT
        c.store_no,
        c.day_no,
        '' AS part,
        '' AS certain,
        CAST(0 AS BIGINT) AS part_us,
        CAST(sum(c.instants) AS BIGINT) AS instants
    FROM counts AS c
    GROUP BY c.store_no, c.day_no
    UNION ALL
    SELECT
        s.store_no,
        c.day_no,
        '' AS part,
        '' AS certain,
        CAST(0 AS BIGINT) AS part_us,
        CAST(0 AS BIGINT) AS instants
    FROM store_clocks AS s
    JOIN calendar AS c ON c.day_no >= s.first_day_no AND c.day_no <= s.last_day_no
)
SELECT
    p.store_no,
    p.day_no,
    CAST(sum(CASE WHEN p.part = 'open' THEN p.part_us ELSE 0 END) AS BIGINT) AS open_us,
    CAST(sum(CASE WHEN p.part = 'down' THEN p.part_us ELSE 0 END) AS BIGINT) AS downtime_us,
    CAST(sum(CASE WHEN p.part = 'unknown' THEN p.part_us ELSE 0 END) AS BIGINT) AS unknown_us,
    CAST(sum(CASE WHEN p.part = 'planned' THEN p.part_us ELSE 0 END) AS BIGINT) AS planned_us,
    CAST(sum(CASE
        WHEN p.part = 'open' THEN p.part_us
        WHEN p.certain IN ('no', 'down') THEN 0 - p.part_us
        ELSE 0
    END) AS BIGINT) AS uptime_min_us,
    CAST(sum(CASE
        WHEN p.part = 'open' THEN p.part_us
        WHEN p.certain = 'down' THEN 0 - p.part_us
        ELSE 0
    END) AS BIGINT) AS uptime_max_us,
    CAST(sum(CASE
        WHEN p.part = 'open' THEN p.part_us
        WHEN p.part = 'uncovered' THEN 0 - p.part_us
        ELSE 0
    END) AS BIGINT) AS covered_us,
    CAST(sum(p.instants) AS BIGINT) AS observations
FROM parts AS p
GROUP BY p.store_no, p.day_no
