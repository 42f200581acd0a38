-- grain:   one row per stretch of a store's time that the measures of breakdowns are summed from
-- columns: store_no; part: 'open' (a session), 'uncovered' or 'planned', or the status of a span
--          that is not certainly up; certain as in spans, '' for the others; starts_us, ends_us
--          BIGINT, UTC microseconds, half-open; sign BIGINT, -1 if the stretch counts negative
-- sources: sessions, spans, uncovered_spans, planned_spans
-- rule:    docs/definition.md "Breakdowns"
-- Most spans are certainly up, which follows from the open time and the other spans.
CREATE OR REPLACE TEMP VIEW time_parts AS
SELECT
    s.store_no,
    'open' AS part,
    '' AS certain,
    s.opens_us AS starts_us,
    s.closes_us AS ends_us,
    CAST(1 AS BIGINT) AS sign
FROM sessions AS s
UNION ALL
SELECT s.store_no, s.status AS part, s.certain, s.starts_us, s.ends_us, CAST(1 AS BIGINT) AS sign
FROM spans AS s
WHERE s.status <> 'up' OR s.certain <> 'up'
UNION ALL
SELECT
    u.store_no,
    'uncovered' AS part,
    '' AS certain,
    u.starts_us,
    u.ends_us,
    CAST(1 AS BIGINT) AS sign
FROM uncovered_spans AS u
UNION ALL
SELECT p.store_no, 'planned' AS part, '' AS certain, p.starts_us, p.ends_us, p.sign
FROM planned_spans AS p
