-- grain:   one row per store and session that overlaps the horizon, before opening and closing
--          dates and closures
-- columns: store_no; opens_us, closes_us BIGINT, UTC microseconds, half-open; prev_closes_us, end
--          of the store's previous session, NULL for its first
-- sources: shifts, params, report_bounds
-- rule:    docs/definition.md "Sessions"
-- tests:   analytics/testdata/models/joined_sessions
-- keep:    yes
-- A shift starts a session if it opens more than join_gap after the latest closing of all earlier
-- shifts. That latest closing is the end of the previous session.
CREATE OR REPLACE TEMP VIEW joined_sessions AS
WITH preceded AS (
    SELECT
        s.store_no,
        s.opens_us,
        max(s.closes_us) OVER (
            PARTITION BY s.store_no ORDER BY s.opens_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS prev_closes_us,
        max(s.closes_us) OVER (PARTITION BY s.store_no) AS last_closes_us
    FROM shifts AS s
),
starts AS (
    SELECT pre.store_no, pre.opens_us, pre.prev_closes_us, pre.last_closes_us
    FROM preceded AS pre
    CROSS JOIN params AS p
    WHERE pre.prev_closes_us IS NULL OR pre.opens_us > pre.prev_closes_us + p.join_gap_us
),
ended AS (
    SELECT
        s.store_no,
        s.opens_us,
        coalesce(
            lead(s.prev_closes_us) OVER (PARTITION BY s.store_no ORDER BY s.opens_us),
            s.last_closes_us
        ) AS closes_us,
        s.prev_closes_us
    FROM starts AS s
)
SELECT e.store_no, e.opens_us, e.closes_us, e.prev_closes_us
FROM ended AS e
CROSS JOIN report_bounds AS rb
WHERE e.closes_us > rb.horizon_us AND e.opens_us <= rb.as_of_us
