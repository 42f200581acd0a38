-- grain:   one row per store and session that overlaps the horizon
-- columns: store_no; opens_us, closes_us BIGINT, UTC microseconds, half-open; prev_closes_us, end
--          of the store's previous session, NULL for its first
-- sources: joined_sessions, store_bounds, closure_spans, report_bounds
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- unless:  closures, stores
-- else:    joined_sessions
-- What closures leave of a session are sessions of their own. A piece begins with the session or at
-- the end of a closure, unless another closure holds on there, and ends with the session or where
-- the next closure begins.
CREATE OR REPLACE TEMP VIEW sessions AS
WITH changed AS (
    SELECT b.store_no FROM store_bounds AS b
    UNION
    SELECT c.store_no FROM closure_spans AS c
),
bounded AS (
    SELECT
        j.store_no,
        greatest(j.opens_us, coalesce(b.opens_us, j.opens_us)) AS opens_us,
        least(j.closes_us, coalesce(b.closes_us, j.closes_us)) AS closes_us
    FROM joined_sessions AS j
    JOIN changed AS c ON c.store_no = j.store_no
    LEFT JOIN store_bounds AS b ON b.store_no = j.store_no
),
met AS (
    SELECT DISTINCT b.store_no, b.opens_us, b.closes_us
    FROM bounded AS b
    JOIN closure_spans AS c
        ON c.store_no = b.store_no
        AND c.starts_us < b.closes_us
        AND c.ends_us > b.opens_us
    WHERE b.opens_us < b.closes_us
),
starts AS (
    SELECT m.store_no, m.opens_us AS starts_us, m.closes_us
    FROM met AS m
    UNION
    SELECT m.store_no, c.ends_us AS starts_us, m.closes_us
    FROM met AS m
    JOIN closure_spans AS c
        ON c.store_no = m.store_no
        AND c.ends_us > m.opens_us
        AND c.ends_us < m.closes_us
),
pieces AS (
    SELECT
        s.store_no,
        s.starts_us AS opens_us,
        least(
            s.closes_us,
            coalesce(min(CASE WHEN c.starts_us > s.starts_us THEN c.starts_us END), s.closes_us)
        ) AS closes_us
    FROM starts AS s
    JOIN closure_spans AS c ON c.store_no = s.store_no
    GROUP BY s.store_no, s.starts_us, s.closes_us
    HAVING NOT bool_or(c.starts_us <= s.starts_us AND c.ends_us > s.starts_us)
    UNION ALL
    SELECT b.store_no, b.opens_us, b.closes_us
    FROM bounded AS b
    LEFT JOIN met AS m ON m.store_no = b.store_no AND m.opens_us = b.opens_us
    WHERE b.opens_us < b.closes_us AND m.store_no IS NULL
)
SELECT j.store_no, j.opens_us, j.closes_us, j.prev_closes_us
FROM joined_sessions AS j
WHERE j.store_no NOT IN (SELECT c.store_no FROM changed AS c)
UNION ALL
SELECT
    piece.store_no,
    piece.opens_us,
    piece.closes_us,
    lag(piece.closes_us) OVER (
        PARTITION BY piece.store_no ORDER BY piece.opens_us
    ) AS prev_closes_us
FROM pieces AS piece
CROSS JOIN report_bounds AS rb
WHERE piece.closes_us > rb.horizon_us AND piece.opens_us <= rb.as_of_us
