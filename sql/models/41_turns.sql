-- grain:   one row per store and instant of evidence that is not just like the one before: the first
--          of a session, one with another status or after a long silence, one with several rows,
--          and the store's last
-- columns: store_no; opens_us of the session; observed_us BIGINT, UTC microseconds; is_up BOOLEAN,
--          false where rows of the instant disagree; row_count BIGINT; is_conflict BOOLEAN;
--          prev_us, prev_is_up: the store's evidence before, also in other sessions, NULL where
--          there is none; is_first BOOLEAN, of the session; is_end BOOLEAN, no evidence of the store
--          follows
-- sources: observations, params          rule: docs/definition.md "Inputs", "Filling"
-- keep:    yes
-- Rows of one instant stand together with the inactive ones last, so that the row after them meets
-- the status that wins. All of them are kept here and brought together while they are few.
CREATE OR REPLACE TEMP VIEW turns AS
WITH neighbours AS (
    SELECT
        o.store_no,
        o.opens_us,
        o.observed_us,
        o.is_up,
        LAG(o.opens_us) OVER in_store AS prev_opens_us,
        LAG(o.observed_us) OVER in_store AS prev_us,
        LAG(o.is_up) OVER in_store AS prev_is_up,
        LEAD(o.observed_us) OVER in_store AS next_us
    FROM observations AS o
    WHERE o.opens_us IS NOT NULL
    WINDOW in_store AS (PARTITION BY o.store_no ORDER BY o.observed_us, o.is_up DESC)
),
kept AS (
    SELECT
        n.store_no,
        n.opens_us,
        n.observed_us,
        n.is_up,
        n.prev_us,
        n.prev_is_up,
        n.prev_opens_us IS NULL OR n.prev_opens_us <> n.opens_us AS is_first,
        n.next_us IS NULL AS is_end,
        COALESCE(n.observed_us = n.prev_us, false) OR COALESCE(n.observed_us = n.next_us, false) AS is_repeated
    FROM neighbours AS n
    CROSS JOIN params AS p
    WHERE CASE
        WHEN n.prev_opens_us = n.opens_us
            AND n.prev_is_up = n.is_up
            AND n.observed_us > n.prev_us
            AND n.observed_us - n.prev_us <= LEAST(2 * p.fresh_within_us, p.max_gap_us)
            AND n.observed_us < n.next_us
            THEN false
        ELSE true
    END
),
merged AS (
    SELECT
        k.store_no,
        k.opens_us,
        k.observed_us,
        BOOL_AND(k.is_up) AS is_up,
        COUNT(*) AS row_count,
        BOOL_OR(k.is_up) AS any_up,
        -- the instant before with its status in the lowest bit: only the first of the rows knows it
        MIN(CASE
            WHEN k.prev_us IS NULL THEN -1
            ELSE k.prev_us * 2 + CASE WHEN k.prev_is_up THEN 1 ELSE 0 END
        END) AS prev_code,
        BOOL_OR(k.is_first) AS is_first,
        BOOL_OR(k.is_end) AS is_end
    FROM kept AS k
    WHERE k.is_repeated
    GROUP BY k.store_no, k.opens_us, k.observed_us
)
SELECT k.store_no, k.opens_us, k.observed_us, k.is_up, CAST(1 AS BIGINT) AS row_count, false AS is_conflict,
    k.prev_us, k.prev_is_up, k.is_first, k.is_end
FROM kept AS k
WHERE NOT k.is_repeated
UNION ALL
SELECT m.store_no, m.opens_us, m.observed_us, m.is_up, m.row_count, m.is_up <> m.any_up AS is_conflict,
    CASE WHEN m.prev_code >= 0 THEN m.prev_code >> 1 END AS prev_us,
    CASE WHEN m.prev_code >= 0 THEN m.prev_code % 2 = 1 END AS prev_is_up,
    m.is_first, m.is_end
FROM merged AS m
