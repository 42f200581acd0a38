-- grain:   one row per run: neighbouring observations of one session that say the same, none of
--          them farther than max_gap from the next
-- columns: store_no; opens_us, closes_us of the session; is_up; first_us, last_us BIGINT, the
--          run's first and last observation; is_first, is_last BOOLEAN, of the session;
--          prev_us, prev_is_up, next_us, next_is_up: the store's observation before and after,
--          also in other sessions, NULL where there is none
-- sources: turns, sessions, params          rule: docs/definition.md "Filling"
-- keep:    yes
-- Statuses change rarely: the two million observations of a week are some ten thousand runs, and
-- everything after this model works on those. The store's last observation always starts a row, so
-- that no run lacks its end.
CREATE OR REPLACE TEMP VIEW runs AS
WITH starts AS (
    SELECT t.store_no, t.opens_us, t.observed_us, t.is_up, t.prev_us, t.prev_is_up, t.is_first
    FROM turns AS t
    CROSS JOIN params AS p
    WHERE t.is_first
        OR t.is_end
        OR t.prev_is_up <> t.is_up
        OR t.observed_us - t.prev_us > p.max_gap_us
),
bounded AS (
    SELECT
        s.store_no,
        s.opens_us,
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
)
SELECT b.store_no, b.opens_us, s.closes_us, b.is_up, b.first_us, b.last_us, b.is_first, b.is_last,
    b.prev_us, b.prev_is_up, b.next_us, b.next_is_up
FROM bounded AS b
JOIN sessions AS s ON s.store_no = b.store_no AND s.opens_us = b.opens_us
