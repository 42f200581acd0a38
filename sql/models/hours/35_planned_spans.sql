-- grain:   one row per session that a closure meets, without the closures, and, negative, one per
--          session that they leave of it
-- columns: store_no; starts_us, ends_us BIGINT, UTC microseconds, half-open, never empty; sign
--          BIGINT, 1 or -1: what is left by the sum is planned
-- sources: joined_sessions, store_bounds, closure_spans, sessions
-- rule:    docs/definition.md "Windows and measures"
-- keep:    yes
-- unless:  closures
CREATE OR REPLACE TEMP VIEW planned_spans AS
WITH bounded AS (
    SELECT
        j.store_no,
        greatest(j.opens_us, coalesce(b.opens_us, j.opens_us)) AS starts_us,
        least(j.closes_us, coalesce(b.closes_us, j.closes_us)) AS ends_us
    FROM joined_sessions AS j
    LEFT JOIN store_bounds AS b ON b.store_no = j.store_no
),
met AS (
    SELECT DISTINCT b.store_no, b.starts_us, b.ends_us
    FROM bounded AS b
    JOIN closure_spans AS c
        ON c.store_no = b.store_no
        AND c.starts_us < b.ends_us
        AND c.ends_us > b.starts_us
    WHERE b.starts_us < b.ends_us
)
SELECT m.store_no, m.starts_us, m.ends_us, CAST(1 AS BIGINT) AS sign
FROM met AS m
UNION ALL
SELECT s.store_no, s.opens_us AS starts_us, s.closes_us AS ends_us, CAST(-1 AS BIGINT) AS sign
FROM sessions AS s
JOIN met AS m
    ON m.store_no = s.store_no
    AND s.opens_us >= m.starts_us
    AND s.closes_us <= m.ends_us
