-- grain:   one row per status row inside a session that may change something: the first of a
--          session, one with another status than the row before or long after it, each of several
--          rows of one instant, and the last of a store
-- columns: store_no; opens_us of the session; code BIGINT, twice the instant in UTC microseconds,
--          plus one if inactive; prev_code, next_code: the store's previous and next row, also in
--          other sessions, NULL if none
-- sources: observations, params
-- rule:    docs/definition.md "Inputs", "Filling"
-- tests:   analytics/testdata/models/change_rows
-- keep:    yes
-- The one sort of the observations. A single number for instant and status sorts faster than two
-- columns and puts the inactive rows of an instant last, so that the next row sees the status that
-- wins. A previous row before `opens_us` belongs to an earlier session, as sessions do not overlap.
CREATE OR REPLACE TEMP VIEW change_rows AS
WITH coded AS (
    SELECT
        o.store_no,
        o.opens_us,
        o.observed_us * 2 + CASE WHEN o.is_up THEN 0 ELSE 1 END AS code
    FROM observations AS o
    WHERE o.opens_us IS NOT NULL
),
neighbours AS (
    SELECT
        c.store_no,
        c.opens_us,
        c.code,
        lag(c.code) OVER in_store AS prev_code,
        lead(c.code) OVER in_store AS next_code
    FROM coded AS c
    WINDOW in_store AS (PARTITION BY c.store_no ORDER BY c.code)
)
SELECT n.store_no, n.opens_us, n.code, n.prev_code, n.next_code
FROM neighbours AS n
CROSS JOIN params AS p
WHERE CASE
    WHEN n.prev_code >= n.opens_us * 2
        AND (n.code - n.prev_code) % 2 = 0
        AND n.code > n.prev_code
        AND n.code - n.prev_code <= least(2 * p.fresh_within_us, p.max_gap_us) * 2
        AND (n.next_code >> 1) > (n.code >> 1)
        THEN FALSE
    ELSE TRUE
END
