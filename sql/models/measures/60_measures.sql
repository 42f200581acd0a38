-- grain:   one row per store and window
-- columns: store_no; window_no; open_us, uptime_us, downtime_us, unknown_us, uptime_min_us,
--          uptime_max_us, covered_us, planned_us BIGINT, microseconds; observations, outages
--          BIGINT, counts; longest_outage_us BIGINT, microseconds
-- sources: windows, store_windows, sessions, spans, dated_spans, uncovered_spans,
--          counted_observations, dated_observations, outage_spans, planned_spans
-- rule:    docs/definition.md "Windows and measures"
-- tests:   analytics/testdata/models/measures
-- keep:    yes
-- Open time is summed from the sessions, not from the spans, so that a check can compare the two.
-- Spans and observations, of which there are many, meet the windows that are alike for all stores
-- apart from those of the calendar: looking up the windows of each row's store takes half as long
-- again.
CREATE OR REPLACE TEMP VIEW measures AS
WITH open_time AS (
    SELECT
        s.store_no,
        w.window_no,
        CAST(sum(
            least(s.closes_us, w.end_us) - greatest(s.opens_us, w.start_us)
        ) AS BIGINT) AS open_us
    FROM sessions AS s
    JOIN store_windows AS w
        ON w.store_no = s.store_no
        AND s.closes_us > w.start_us
        AND s.opens_us < w.end_us
    GROUP BY s.store_no, w.window_no
),
clipped AS (
    SELECT
        s.store_no,
        w.window_no,
        s.status,
        s.certain,
        least(s.ends_us, w.end_us) - greatest(s.starts_us, w.end_us - w.length_us) AS span_us
    FROM spans AS s
    JOIN windows AS w ON s.ends_us > w.end_us - w.length_us AND s.starts_us < w.end_us
    UNION ALL
    SELECT s.store_no, s.window_no, s.status, s.certain, s.span_us
    FROM dated_spans AS s
),
status_time AS (
    SELECT
        c.store_no,
        c.window_no,
        CAST(sum(CASE WHEN c.status = 'up' THEN c.span_us ELSE 0 END) AS BIGINT) AS uptime_us,
        CAST(sum(CASE WHEN c.status = 'down' THEN c.span_us ELSE 0 END) AS BIGINT) AS downtime_us,
        CAST(sum(CASE WHEN c.status = 'unknown' THEN c.span_us ELSE 0 END) AS BIGINT) AS unknown_us,
        CAST(sum(CASE WHEN c.certain = 'up' THEN c.span_us ELSE 0 END) AS BIGINT) AS uptime_min_us,
        CAST(sum(CASE WHEN c.certain = 'down' THEN 0 ELSE c.span_us END) AS BIGINT) AS uptime_max_us
    FROM clipped AS c
    GROUP BY c.store_no, c.window_no
),
uncovered_time AS (
    SELECT
        u.store_no,
        w.window_no,
        CAST(sum(
            least(u.ends_us, w.end_us) - greatest(u.starts_us, w.start_us)
        ) AS BIGINT) AS uncovered_us
    FROM uncovered_spans AS u
    JOIN store_windows AS w
        ON w.store_no = u.store_no
        AND u.ends_us > w.start_us
        AND u.starts_us < w.end_us
    GROUP BY u.store_no, w.window_no
),
planned_time AS (
    SELECT
        p.store_no,
        w.window_no,
        CAST(sum(
            p.sign * (least(p.ends_us, w.end_us) - greatest(p.starts_us, w.start_us))
        ) AS BIGINT) AS planned_us
    FROM planned_spans AS p
    JOIN store_windows AS w
        ON w.store_no = p.store_no
        AND p.ends_us > w.start_us
        AND p.starts_us < w.end_us
    GROUP BY p.store_no, w.window_no
),
counted AS (
    SELECT c.store_no, w.window_no, c.instants
    FROM counted_observations AS c
    JOIN windows AS w ON c.observed_us >= w.end_us - w.length_us AND c.observed_us < w.end_us
    UNION ALL
    SELECT d.store_no, d.window_no, d.instants
    FROM dated_observations AS d
),
observation_counts AS (
    SELECT c.store_no, c.window_no, CAST(sum(c.instants) AS BIGINT) AS observations
    FROM counted AS c
    GROUP BY c.store_no, c.window_no
),
outage_time AS (
    SELECT
        o.store_no,
        w.window_no,
        o.outage_no,
        CAST(sum(
            least(o.ends_us, w.end_us) - greatest(o.starts_us, w.start_us)
        ) AS BIGINT) AS outage_us
    FROM outage_spans AS o
    JOIN store_windows AS w
        ON w.store_no = o.store_no
        AND o.ends_us > w.start_us
        AND o.starts_us < w.end_us
    GROUP BY o.store_no, w.window_no, o.outage_no
),
outage_counts AS (
    SELECT o.store_no, o.window_no, count(*) AS outages, max(o.outage_us) AS longest_outage_us
    FROM outage_time AS o
    GROUP BY o.store_no, o.window_no
)
SELECT
    w.store_no,
    w.window_no,
    coalesce(open.open_us, 0) AS open_us,
    coalesce(status.uptime_us, 0) AS uptime_us,
    coalesce(status.downtime_us, 0) AS downtime_us,
    coalesce(status.unknown_us, 0) AS unknown_us,
    coalesce(status.uptime_min_us, 0) AS uptime_min_us,
    coalesce(status.uptime_max_us, 0) AS uptime_max_us,
    coalesce(open.open_us, 0) - coalesce(uncovered.uncovered_us, 0) AS covered_us,
    coalesce(planned.planned_us, 0) AS planned_us,
    coalesce(observation.observations, 0) AS observations,
    coalesce(outage.outages, 0) AS outages,
    coalesce(outage.longest_outage_us, 0) AS longest_outage_us
FROM store_windows AS w
LEFT JOIN open_time AS open ON open.store_no = w.store_no AND open.window_no = w.window_no
LEFT JOIN status_time AS status ON status.store_no = w.store_no AND status.window_no = w.window_no
LEFT JOIN uncovered_time AS uncovered
    ON uncovered.store_no = w.store_no
    AND uncovered.window_no = w.window_no
LEFT JOIN observation_counts AS observation
    ON observation.store_no = w.store_no
    AND observation.window_no = w.window_no
LEFT JOIN outage_counts AS outage ON outage.store_no = w.store_no AND outage.window_no = w.window_no
LEFT JOIN planned_time AS planned
    ON planned.store_no = w.store_no
    AND planned.window_no = w.window_no
