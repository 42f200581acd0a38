-- grain:   one row per outage inside the longest window
-- columns: store_no; starts_us, ends_us BIGINT, UTC microseconds, clipped to the longest window;
--          open_us BIGINT, microseconds of open time in it; is_ongoing BOOLEAN, TRUE if only closed
--          time lies between its end and as_of, and neither a closure nor the end of the store does
-- sources: outage_spans, sessions, closure_spans, store_bounds, params
-- rule:    docs/definition.md "Files of a report"
-- tests:   analytics/testdata/models/outage_list
-- keep:    yes
CREATE OR REPLACE TEMP VIEW outage_list AS
WITH merged AS (
    SELECT
        o.store_no,
        o.outage_no,
        min(o.starts_us) AS starts_us,
        max(o.ends_us) AS ends_us,
        CAST(sum(o.ends_us - o.starts_us) AS BIGINT) AS open_us
    FROM outage_spans AS o
    GROUP BY o.store_no, o.outage_no
),
last_open AS (
    SELECT s.store_no, max(least(s.closes_us, p.as_of_us)) AS ends_us
    FROM sessions AS s
    CROSS JOIN params AS p
    WHERE s.opens_us < p.as_of_us
    GROUP BY s.store_no
),
absent AS (
    SELECT c.store_no
    FROM closure_spans AS c
    CROSS JOIN params AS p
    WHERE c.starts_us <= p.as_of_us AND c.ends_us > p.as_of_us
    UNION
    SELECT b.store_no
    FROM store_bounds AS b
    CROSS JOIN params AS p
    WHERE b.closes_us <= p.as_of_us
)
SELECT
    m.store_no,
    m.starts_us,
    m.ends_us,
    m.open_us,
    m.ends_us = l.ends_us AND a.store_no IS NULL AS is_ongoing
FROM merged AS m
JOIN last_open AS l ON l.store_no = m.store_no
LEFT JOIN absent AS a ON a.store_no = m.store_no
