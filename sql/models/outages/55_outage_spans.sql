-- grain:   one row per span of downtime inside the span of its store
-- columns: store_no; outage_no BIGINT, equal for the spans of one outage of the store;
--          starts_us, ends_us BIGINT, UTC microseconds, half-open
-- sources: spans, sessions, store_spans
-- rule:    docs/definition.md "Windows and measures"
-- tests:   analytics/testdata/models/outage_spans
-- keep:    yes
-- Only uptime and unknown time end an outage. Spans cover their session without a hole, so a span
-- of downtime continues an outage if the previous span of downtime ends where it starts or, for the
-- first span of a session, where the previous session closed. No other span has to be read.
CREATE OR REPLACE TEMP VIEW outage_spans AS
WITH clipped AS (
    SELECT
        s.store_no,
        s.opens_us,
        s.starts_us = s.opens_us AS is_first,
        greatest(s.starts_us, ss.start_us) AS starts_us,
        least(s.ends_us, ss.end_us) AS ends_us
    FROM spans AS s
    JOIN store_spans AS ss
        ON ss.store_no = s.store_no
        AND s.ends_us > ss.start_us
        AND s.starts_us < ss.end_us
    WHERE s.status = 'down'
),
linked AS (
    SELECT
        c.store_no,
        c.starts_us,
        c.ends_us,
        CASE WHEN c.is_first THEN s.prev_closes_us ELSE c.starts_us END AS continues_from_us,
        lag(c.ends_us) OVER (PARTITION BY c.store_no ORDER BY c.starts_us) AS prev_ends_us
    FROM clipped AS c
    JOIN sessions AS s ON s.store_no = c.store_no AND s.opens_us = c.opens_us
)
SELECT
    l.store_no,
    CAST(sum(CASE WHEN l.prev_ends_us = l.continues_from_us THEN 0 ELSE 1 END) OVER (
        PARTITION BY l.store_no ORDER BY l.starts_us
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS outage_no,
    l.starts_us,
    l.ends_us
FROM linked AS l
