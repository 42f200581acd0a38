-- grain:   one row per stretch of open time between two adjacent points of a session: its opening,
--          its runs of observations, its closing; the stretches of a session cover it, as far as it
--          overlaps the longest window
-- columns: store_no; opens_us of the session; kind: 'run' (inside a run), 'pair' (between two
--          runs), 'head' (before the session's first observation), 'tail' (after its last),
--          'silence' (a session without evidence); starts_us, ends_us BIGINT, UTC microseconds,
--          half-open, never empty; left_us, left_is_up, right_us, right_is_up: the store's evidence
--          on both sides; left_until_us: end of the part that the left observation governs;
--          right_from_us: start of the part that the right one governs, and between the two the
--          status is unknown
-- sources: runs, unobserved_sessions, params, report_bounds
-- rule:    docs/definition.md "Filling"
-- tests:   analytics/testdata/models/stretches
-- Each branch of the union has its own rule for how far an observation governs. The whole of a run
-- is governed, as none of its observations is more than max_gap from the next.
CREATE OR REPLACE TEMP VIEW stretches AS
WITH limits AS (
    SELECT
        p.max_gap_us,
        rb.report_start_us,
        rb.as_of_us,
        -- the left observation governs so many halves of the time between two observations
        CASE p.interpolation WHEN 'next' THEN 0 WHEN 'previous' THEN 2 ELSE 1 END AS halves,
        p.unobserved = 'nearest' AS borrows
    FROM params AS p
    CROSS JOIN report_bounds AS rb
),
bounded AS (
    SELECT
        r.store_no,
        r.opens_us,
        'run' AS kind,
        r.first_us AS starts_us,
        r.last_us AS ends_us,
        r.first_us AS left_us,
        r.is_up AS left_is_up,
        r.last_us AS right_us,
        r.is_up AS right_is_up,
        r.last_us AS left_until_us,
        r.last_us AS right_from_us
    FROM runs AS r
    UNION ALL
    SELECT
        r.store_no,
        r.opens_us,
        'pair' AS kind,
        r.prev_us AS starts_us,
        r.first_us AS ends_us,
        r.prev_us AS left_us,
        r.prev_is_up AS left_is_up,
        r.first_us AS right_us,
        r.is_up AS right_is_up,
        least(
            r.prev_us + ((r.first_us - r.prev_us) * l.halves >> 1),
            r.prev_us + l.max_gap_us
        ) AS left_until_us,
        greatest(
            r.prev_us + ((r.first_us - r.prev_us) * l.halves >> 1),
            r.first_us - l.max_gap_us
        ) AS right_from_us
    FROM runs AS r
    CROSS JOIN limits AS l
    WHERE NOT r.is_first
    UNION ALL
    SELECT
        r.store_no,
        r.opens_us,
        'head' AS kind,
        r.opens_us AS starts_us,
        r.first_us AS ends_us,
        r.prev_us AS left_us,
        r.prev_is_up AS left_is_up,
        r.first_us AS right_us,
        r.is_up AS right_is_up,
        r.opens_us AS left_until_us,
        greatest(r.opens_us, r.first_us - l.max_gap_us) AS right_from_us
    FROM runs AS r
    CROSS JOIN limits AS l
    WHERE r.is_first
    UNION ALL
    SELECT
        r.store_no,
        r.opens_us,
        'tail' AS kind,
        r.last_us AS starts_us,
        r.closes_us AS ends_us,
        r.last_us AS left_us,
        r.is_up AS left_is_up,
        r.next_us AS right_us,
        r.next_is_up AS right_is_up,
        least(r.closes_us, r.last_us + l.max_gap_us) AS left_until_us,
        r.closes_us AS right_from_us
    FROM runs AS r
    CROSS JOIN limits AS l
    WHERE r.is_last
    UNION ALL
    SELECT
        u.store_no,
        u.opens_us,
        'silence' AS kind,
        u.opens_us AS starts_us,
        u.closes_us AS ends_us,
        u.left_us,
        u.left_is_up,
        u.right_us,
        u.right_is_up,
        CASE
            WHEN l.borrows AND u.left_us IS NOT NULL THEN greatest(u.opens_us, least(
                u.closes_us,
                u.left_us + l.max_gap_us,
                coalesce(u.left_us + ((u.right_us - u.left_us) * l.halves >> 1), u.closes_us)))
            ELSE u.opens_us
        END AS left_until_us,
        CASE
            WHEN l.borrows AND u.right_us IS NOT NULL THEN least(u.closes_us, greatest(
                u.opens_us,
                u.right_us - l.max_gap_us,
                coalesce(u.left_us + ((u.right_us - u.left_us) * l.halves >> 1), u.opens_us)))
            ELSE u.closes_us
        END AS right_from_us
    FROM unobserved_sessions AS u
    CROSS JOIN limits AS l
)
SELECT
    b.store_no,
    b.opens_us,
    b.kind,
    b.starts_us,
    b.ends_us,
    b.left_us,
    b.left_is_up,
    b.right_us,
    b.right_is_up,
    b.left_until_us,
    b.right_from_us
FROM bounded AS b
CROSS JOIN limits AS l
WHERE b.starts_us < b.ends_us
    AND b.ends_us > l.report_start_us
    AND b.starts_us < l.as_of_us
