-- grain:   one row per stretch of open time between two neighbouring points of a store's session:
--          its opening, its runs of observations, its closing; together they are the session, as
--          far as it reaches into the longest window
-- columns: store_no; opens_us of the session; kind: 'run' (inside a run), 'pair' (between two
--          runs), 'head' (before the session's first observation), 'tail' (after its last),
--          'silence' (a session without evidence);
--          starts_us, ends_us BIGINT, UTC microseconds, half-open, never empty;
--          left_us, left_is_up, right_us, right_is_up: the store's evidence around the stretch;
--          left_until_us: before it the left observation governs; right_from_us: from it the
--          right one does; between the two the status is unknown
-- sources: runs, silences, params          rule: docs/definition.md "Filling"
CREATE OR REPLACE TEMP VIEW stretches AS
WITH bounded AS (
    SELECT r.store_no, r.opens_us, CASE WHEN r.is_first THEN 'head' ELSE 'pair' END AS kind,
        CASE WHEN r.is_first THEN r.opens_us ELSE r.prev_us END AS starts_us,
        r.first_us AS ends_us,
        r.prev_us AS left_us, r.prev_is_up AS left_is_up,
        r.first_us AS right_us, r.is_up AS right_is_up
    FROM runs AS r
    UNION ALL
    SELECT r.store_no, r.opens_us, 'run' AS kind, r.first_us AS starts_us, r.last_us AS ends_us,
        r.first_us AS left_us, r.is_up AS left_is_up, r.last_us AS right_us, r.is_up AS right_is_up
    FROM runs AS r
    UNION ALL
    SELECT r.store_no, r.opens_us, 'tail' AS kind, r.last_us AS starts_us, r.closes_us AS ends_us,
        r.last_us AS left_us, r.is_up AS left_is_up,
        r.next_us AS right_us, r.next_is_up AS right_is_up
    FROM runs AS r
    WHERE r.is_last
    UNION ALL
    SELECT s.store_no, s.opens_us, 'silence' AS kind, s.opens_us AS starts_us,
        s.closes_us AS ends_us, s.left_us, s.left_is_up, s.right_us, s.right_is_up
    FROM silences AS s
),
-- Where the left observation hands over to the right one, before max_gap has its say.
turned AS (
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
        b.left_us IS NOT NULL
            AND b.kind <> 'head'
            AND (b.kind <> 'silence' OR p.unobserved = 'nearest') AS left_governs,
        b.right_us IS NOT NULL
            AND b.kind <> 'tail'
            AND (b.kind <> 'silence' OR p.unobserved = 'nearest') AS right_governs,
        CASE
            WHEN b.kind = 'head' OR b.left_us IS NULL THEN b.starts_us
            WHEN b.kind IN ('run', 'tail') OR b.right_us IS NULL THEN b.ends_us
            WHEN p.interpolation = 'previous' THEN b.right_us
            WHEN p.interpolation = 'next' THEN b.left_us
            ELSE (b.left_us + b.right_us) >> 1
        END AS turn_us,
        CASE WHEN b.kind = 'run' THEN 1000000000000000000 ELSE p.max_gap_us END AS max_gap_us
    FROM bounded AS b
    CROSS JOIN params AS p
    WHERE b.starts_us < b.ends_us
        AND b.ends_us > p.report_start_us
        AND b.starts_us < p.as_of_us
)
SELECT
    t.store_no,
    t.opens_us,
    t.kind,
    t.starts_us,
    t.ends_us,
    t.left_us,
    t.left_is_up,
    t.right_us,
    t.right_is_up,
    CASE
        WHEN t.left_governs
            THEN GREATEST(t.starts_us, LEAST(t.ends_us, t.turn_us, t.left_us + t.max_gap_us))
        ELSE t.starts_us
    END AS left_until_us,
    CASE
        WHEN t.right_governs
            THEN LEAST(t.ends_us, GREATEST(t.starts_us, t.turn_us, t.right_us - t.max_gap_us))
        ELSE t.ends_us
    END AS right_from_us
FROM turned AS t
