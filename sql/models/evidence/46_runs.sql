-- grain:   one row per run: consecutive observations of one session with the same status, none more
--          than max_gap after the one before
-- columns: store_no; opens_us, closes_us of the session; is_up; first_us, last_us BIGINT, the first
--          and last observation of the run; is_first, is_last BOOLEAN, position in the session;
--          prev_us, prev_is_up, next_us, next_is_up: the store's observation before and after the
--          run, also in other sessions, NULL if none
-- sources: change_instants, sessions, params
-- rule:    docs/definition.md "Filling"
-- tests:   analytics/testdata/models/runs
-- keep:    yes
-- Statuses change rarely: the two million observations of a week make some ten thousand runs, and
-- all later models work on those. The last observation of a store always starts a row, so that
-- every run has an end.
CREATE OR REPLACE TEMP VIEW runs AS
WITH starts AS (
    SELECT i.store_no, i.opens_us, i.code, i.prev_code
    FROM change_instants AS i
    CROSS JOIN params AS p
    WHERE CASE
        WHEN i.prev_code >= i.opens_us * 2
            AND (i.code - i.prev_code) % 2 = 0
            AND (i.code >> 1) - (i.prev_code >> 1) <= p.max_gap_us
            THEN i.is_end
        ELSE TRUE
    END
),
bounded AS (
    SELECT
        s.store_no,
        s.opens_us,
        s.code,
        s.prev_code,
        lead(s.code) OVER in_store AS next_code,
        coalesce(lead(s.prev_code) OVER in_store, s.code) AS last_code
    FROM starts AS s
    WINDOW in_store AS (PARTITION BY s.store_no ORDER BY s.code)
)
SELECT
    b.store_no,
    b.opens_us,
    s.closes_us,
    b.code % 2 = 0 AS is_up,
    b.code >> 1 AS first_us,
    b.last_code >> 1 AS last_us,
    coalesce(b.prev_code < b.opens_us * 2, TRUE) AS is_first,
    coalesce(b.next_code >= s.closes_us * 2, TRUE) AS is_last,
    b.prev_code >> 1 AS prev_us,
    b.prev_code % 2 = 0 AS prev_is_up,
    b.next_code >> 1 AS next_us,
    b.next_code % 2 = 0 AS next_is_up
FROM bounded AS b
JOIN sessions AS s ON s.store_no = b.store_no AND s.opens_us = b.opens_us
