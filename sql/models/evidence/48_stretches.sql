-- grain:   one row per stretch of open time between two neighbouring points of a store's session:
--          its opening, its runs of observations, its closing; together they are the session, as
--          far as it reaches into the longest window
-- columns: store_no; opens_us of the session; kind: 'run' (inside a run), 'pair' (between two
--          runs), 'head' (before the session's first observation), 'tail' (after its last),
--          'silence' (a session without evidence);
--          starts_us, ends_us BIGINT, UTC microseconds, half-open, never empty;
--          left_us, left_is_up, right_us, right_is_up: the store's evidence around the stretch;
--          left_until_us: before it the left observation governs; right_from_us: from it the
--          right one does, and between the two the status is unknown
-- sources: runs, unobserved_sessions, params
-- rule:    docs/definition.md "Filling"
-- Each kind says in its own words how far its observations govern. A run is governed throughout:
-- none of its observations is farther than max_gap from the next.
CREATE OR REPLACE TEMP VIEW stretches AS
WITH reaches AS (
    SELECT p.max_gap_us, p.report_start_us, p.as_of_us,
        -- how much of the way between two observations the left one governs: 0, half or all
        CASE p.interpolation WHEN 'next' THEN 0 WHEN 'previous' THEN 2 ELSE 1 END AS halves,
        p.unobserved = 'nearest' AS borrows
    FROM params AS p
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
        least(r.prev_us + ((r.first_us - r.prev_us) * q.halves >> 1), r.prev_us + q.max_gap_us) AS left_until_us,
        greatest(r.prev_us + ((r.first_us - r.prev_us) * q.halves >> 1), r.first_us - q.max_gap_us) AS right_from_us
    FROM runs AS r
    CROSS JOIN reaches AS q
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
        greatest(r.opens_us, r.first_us - q.max_gap_us) AS right_from_us
    FROM runs AS r
    CROSS JOIN reaches AS q
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
        least(r.closes_us, r.last_us + q.max_gap_us) AS left_until_us,
        r.closes_us AS right_from_us
    FROM runs AS r
    CROSS JOIN reaches AS q
    WHERE r.is_last
    UNION ALL
    SELECT
        s.store_no,
        s.opens_us,
        'silence' AS kind,
        s.opens_us AS starts_us,
        s.closes_us AS ends_us,
        s.left_us,
        s.left_is_up,
        s.right_us,
        s.right_is_up,
        CASE
            WHEN q.borrows AND s.left_us IS NOT NULL THEN greatest(s.opens_us, least(
                s.closes_us,
                s.left_us + q.max_gap_us,
                coalesce(s.left_us + ((s.right_us - s.left_us) * q.halves >> 1), s.closes_us)))
            ELSE s.opens_us
        END AS left_until_us,
        CASE
            WHEN q.borrows AND s.right_us IS NOT NULL THEN least(s.closes_us, greatest(
                s.opens_us,
                s.right_us - q.max_gap_us,
                coalesce(s.left_us + ((s.right_us - s.left_us) * q.halves >> 1), s.opens_us)))
            ELSE s.closes_us
        END AS right_from_us
    FROM unobserved_sessions AS s
    CROSS JOIN reaches AS q
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
CROSS JOIN reaches AS q
WHERE b.starts_us < b.ends_us
    AND b.ends_us > q.report_start_us
    AND b.starts_us < q.as_of_us
