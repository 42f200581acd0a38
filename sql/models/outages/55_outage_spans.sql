-- grain:   one row per span of downtime inside the longest window
-- columns: store_no; outage_no BIGINT, equal for the spans of one outage of the store;
--          starts_us, ends_us BIGINT, UTC microseconds, half-open
-- sources: spans, sessions, params
-- rule:    docs/definition.md "Windows and measures"
-- keep:    yes
-- Only uptime and unknown end an outage. The spans of a session leave no hole in it, so a span of
-- downtime goes on with the one before exactly where that ends at its start or, for the first of a
-- session, where the session before closed: there is no need to look at the other spans.
CREATE OR REPLACE TEMP VIEW outage_spans AS
WITH clipped AS (
    SELECT
        s.store_no,
        s.opens_us,
        s.starts_us = s.opens_us AS begins_session,
        greatest(s.starts_us, p.report_start_us) AS starts_us,
        least(s.ends_us, p.as_of_us) AS ends_us
    FROM spans AS s
    CROSS JOIN params AS p
    WHERE s.status = 'down' AND s.ends_us > p.report_start_us AND s.starts_us < p.as_of_us
),
linked AS (
    SELECT
        c.store_no,
        c.starts_us,
        c.ends_us,
        CASE WHEN c.begins_session THEN s.prev_closes_us ELSE c.starts_us END AS goes_on_from_us,
        lag(c.ends_us) OVER (PARTITION BY c.store_no ORDER BY c.starts_us) AS prev_ends_us
    FROM clipped AS c
    JOIN sessions AS s ON s.store_no = c.store_no AND s.opens_us = c.opens_us
)
SELECT
    l.store_no,
    CAST(sum(CASE WHEN l.prev_ends_us = l.goes_on_from_us THEN 0 ELSE 1 END) OVER (
        PARTITION BY l.store_no ORDER BY l.starts_us
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS outage_no,
    l.starts_us,
    l.ends_us
FROM linked AS l
