-- grain:   one row per store whose span is none of its windows, if it has open time or observations
-- columns: store_no; open_us, downtime_us, unknown_us, planned_us, uptime_min_us, uptime_max_us,
--          covered_us BIGINT, microseconds; observations BIGINT, a count
-- sources: store_spans, time_parts, counted_observations
-- rule:    docs/definition.md "Breakdowns"
-- tests:   TestChecks
-- unless:  dated
-- when:    days
-- For the check of dates: other spans are windows, whose measures are there already. Windows that
-- are alike for all stores end at as_of, so the longest of them is the span.
CREATE OR REPLACE TEMP VIEW span_measures AS
WITH clipped AS (
    SELECT
        t.store_no,
        t.part,
        t.certain,
        t.sign * (least(t.ends_us, ss.end_us) - greatest(t.starts_us, ss.start_us)) AS part_us,
        0 AS instants
    FROM time_parts AS t
    JOIN store_spans AS ss
        ON ss.store_no = t.store_no
        AND ss.window_no IS NULL
        AND t.ends_us > ss.start_us
        AND t.starts_us < ss.end_us
    UNION ALL
    SELECT ss.store_no, '' AS part, '' AS certain, 0 AS part_us, c.instants
    FROM counted_observations AS c
    JOIN store_spans AS ss
        ON ss.store_no = c.store_no
        AND ss.window_no IS NULL
        AND c.observed_us >= ss.start_us
        AND c.observed_us < ss.end_us
)
SELECT
    c.store_no,
    CAST(sum(CASE WHEN c.part = 'open' THEN c.part_us ELSE 0 END) AS BIGINT) AS open_us,
    CAST(sum(CASE WHEN c.part = 'down' THEN c.part_us ELSE 0 END) AS BIGINT) AS downtime_us,
    CAST(sum(CASE WHEN c.part = 'unknown' THEN c.part_us ELSE 0 END) AS BIGINT) AS unknown_us,
    CAST(sum(CASE WHEN c.part = 'planned' THEN c.part_us ELSE 0 END) AS BIGINT) AS planned_us,
    CAST(sum(CASE
        WHEN c.part = 'open' THEN c.part_us
        WHEN c.certain IN ('no', 'down') THEN 0 - c.part_us
        ELSE 0
    END) AS BIGINT) AS uptime_min_us,
    CAST(sum(CASE
        WHEN c.part = 'open' THEN c.part_us
        WHEN c.certain = 'down' THEN 0 - c.part_us
        ELSE 0
    END) AS BIGINT) AS uptime_max_us,
    CAST(sum(CASE
        WHEN c.part = 'open' THEN c.part_us
        WHEN c.part = 'uncovered' THEN 0 - c.part_us
        ELSE 0
    END) AS BIGINT) AS covered_us,
    CAST(sum(c.instants) AS BIGINT) AS observations
FROM clipped AS c
GROUP BY c.store_no
