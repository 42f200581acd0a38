-- grain:   one row per store whose span is none of its windows, if it has open time or observations
-- columns: store_no; open_us, downtime_us, unknown_us, planned_us, uptime_min_us, uptime_max_us,
--          covered_us BIGINT, microseconds; observations BIGINT, a count
-- sources: store_windows, store_spans, time_parts, counted_observations
-- rule:    docs/definition.md "Breakdowns"
-- tests:   TestChecks
-- unless:  dated
-- when:    days
-- For the check of dates: other spans are windows, whose measures are there already. Windows that
-- are alike for all stores end at as_of, so the longest of them is the span.
CREATE OR REPLACE TEMP VIEW span_measures AS
WITH whole AS (
    SELECT w.store_no, min(w.window_no) AS window_no
    FROM store_windows AS w
    JOIN store_spans AS ss
        ON ss.store_no = w.store_no
        AND ss.start_us = w.start_us
        AND ss.end_us = w.end_us
    GROUP BY w.store_no
),
other AS (
    SELECT ss.store_no, ss.start_us, ss.end_us
    FROM store_spans AS ss
    LEFT JOIN whole AS w ON w.store_no = ss.store_no
    WHERE w.store_no IS NULL
),
clipped AS (
    SELECT
        t.store_no,
        t.part,
        t.certain,
        t.sign * (least(t.ends_us, o.end_us) - greatest(t.starts_us, o.start_us)) AS part_us,
        0 AS instants
    FROM time_parts AS t
    JOIN other AS o
        ON o.store_no = t.store_no
        AND t.ends_us > o.start_us
        AND t.starts_us < o.end_us
    UNION ALL
    SELECT o.store_no, '' AS part, '' AS certain, 0 AS part_us, c.instants
    FROM counted_observations AS c
    JOIN other AS o
        ON o.store_no = c.store_no
        AND c.observed_us >= o.start_us
        AND c.observed_us < o.end_us
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
