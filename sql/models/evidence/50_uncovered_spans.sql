-- grain:   one row per part of a session more than fresh_within from each of its observations, as
--          far as it overlaps the longest window
-- columns: store_no; starts_us, ends_us BIGINT, UTC microseconds, half-open, never empty
-- sources: change_instants, runs, unobserved_sessions, params, report_bounds
-- rule:    docs/definition.md "Windows and measures"
-- tests:   analytics/testdata/models/uncovered_spans
-- keep:    yes
CREATE OR REPLACE TEMP VIEW uncovered_spans AS
WITH uncovered AS (
    SELECT
        i.store_no,
        (i.prev_code >> 1) + p.fresh_within_us AS starts_us,
        (i.code >> 1) - p.fresh_within_us AS ends_us
    FROM change_instants AS i
    CROSS JOIN params AS p
    WHERE i.prev_code >= i.opens_us * 2
    UNION ALL
    SELECT r.store_no, r.opens_us AS starts_us, r.first_us - p.fresh_within_us AS ends_us
    FROM runs AS r
    CROSS JOIN params AS p
    WHERE r.is_first
    UNION ALL
    SELECT r.store_no, r.last_us + p.fresh_within_us AS starts_us, r.closes_us AS ends_us
    FROM runs AS r
    CROSS JOIN params AS p
    WHERE r.is_last
    UNION ALL
    SELECT s.store_no, s.opens_us AS starts_us, s.closes_us AS ends_us
    FROM unobserved_sessions AS s
)
SELECT u.store_no, u.starts_us, u.ends_us
FROM uncovered AS u
CROSS JOIN report_bounds AS rb
WHERE u.starts_us < u.ends_us
    AND u.ends_us > rb.report_start_us
    AND u.starts_us < rb.as_of_us
