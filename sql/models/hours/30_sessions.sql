-- grain:   one row per store and session that reaches into the horizon
-- columns: store_no; opens_us, closes_us BIGINT, UTC microseconds, half-open; prev_closes_us, when the
--          session before it closed, NULL where there is none
-- sources: shifts, params
-- rule:    docs/definition.md "Sessions"
-- tests:   analytics/testdata/models/sessions
-- keep:    yes
-- A shift that opens later than all before it have reached begins a session, and what they had
-- reached by then is where the session before it closed.
CREATE OR REPLACE TEMP VIEW sessions AS
WITH reached AS (
    SELECT
        s.store_no,
        s.opens_us,
        max(s.closes_us) OVER (
            PARTITION BY s.store_no ORDER BY s.opens_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_us,
        max(s.closes_us) OVER (PARTITION BY s.store_no) AS last_closes_us
    FROM shifts AS s
),
starts AS (
    SELECT r.store_no, r.opens_us, r.reached_us, r.last_closes_us
    FROM reached AS r
    CROSS JOIN params AS p
    WHERE r.reached_us IS NULL OR r.opens_us > r.reached_us + p.join_gap_us
),
ended AS (
    SELECT
        s.store_no,
        s.opens_us,
        coalesce(
            lead(s.reached_us) OVER (PARTITION BY s.store_no ORDER BY s.opens_us),
            s.last_closes_us
        ) AS closes_us,
        s.reached_us AS prev_closes_us
    FROM starts AS s
)
SELECT e.store_no, e.opens_us, e.closes_us, e.prev_closes_us
FROM ended AS e
CROSS JOIN params AS p
WHERE e.closes_us > p.horizon_us AND e.opens_us <= p.as_of_us
