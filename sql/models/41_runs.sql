-- grain:   one row per run: neighbouring observations of one session that say the same, none of
--          them so far from the next that a limit (max_gap, fresh_within) could show
-- columns: store_no; opens_us, closes_us of the session; is_up; first_us, last_us BIGINT, the
--          run's first and last observation; is_first, is_last BOOLEAN, of the session;
--          prev_us, prev_is_up, next_us, next_is_up: the store's observation before and after,
--          also in other sessions, NULL where there is none
-- sources: evidence, params          rule: docs/definition.md "Filling"
-- keep:    yes
-- Statuses change rarely: the two million observations of a week are some ten thousand runs, and
-- everything after this model works on those.
CREATE OR REPLACE TEMP VIEW runs AS
WITH neighbours AS (
    SELECT
        e.store_no,
        e.opens_us,
        e.closes_us,
        e.observed_us,
        e.is_up,
        LAG(e.opens_us) OVER in_store AS prev_opens_us,
        LAG(e.observed_us) OVER in_store AS prev_us,
        LAG(e.is_up) OVER in_store AS prev_is_up,
        LEAD(e.observed_us) OVER in_store AS next_us
    FROM evidence AS e
    WINDOW in_store AS (PARTITION BY e.store_no ORDER BY e.observed_us)
),
-- The store's last observation always starts a row, so that no run lacks its end.
starts AS (
    SELECT n.store_no, n.opens_us, n.closes_us, n.observed_us, n.is_up, n.prev_us, n.prev_is_up,
        n.prev_opens_us IS NULL OR n.prev_opens_us <> n.opens_us AS is_first
    FROM neighbours AS n
    WHERE n.prev_opens_us IS NULL
        OR n.prev_opens_us <> n.opens_us
        OR n.prev_is_up <> n.is_up
        OR n.observed_us - n.prev_us > (SELECT LEAST(2 * p.fresh_within_us, p.max_gap_us) FROM params AS p)
        OR n.next_us IS NULL
)
SELECT
    s.store_no,
    s.opens_us,
    s.closes_us,
    s.is_up,
    s.observed_us AS first_us,
    COALESCE(LEAD(s.prev_us) OVER in_store, s.observed_us) AS last_us,
    s.is_first,
    COALESCE(LEAD(s.opens_us) OVER in_store <> s.opens_us, true) AS is_last,
    s.prev_us,
    s.prev_is_up,
    LEAD(s.observed_us) OVER in_store AS next_us,
    LEAD(s.is_up) OVER in_store AS next_is_up
FROM starts AS s
WINDOW in_store AS (PARTITION BY s.store_no ORDER BY s.observed_us)
