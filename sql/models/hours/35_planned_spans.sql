-- grain:   one row per session of a store with closures, twice: without the closures, and negative
--          what they leave of it
-- columns: store_no; starts_us, ends_us BIGINT, UTC microseconds, half-open, never empty; sign
--          BIGINT, 1 or -1: what is left by the sum is planned
-- sources: joined_sessions, store_bounds, closure_spans, sessions
-- rule:    docs/definition.md "Windows and measures"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW planned_spans AS
WITH closed AS (
    SELECT DISTINCT c.store_no FROM closure_spans AS c
),
bounded AS (
    SELECT
        j.store_no,
        greatest(j.opens_us, coalesce(b.opens_us, j.opens_us)) AS starts_us,
        least(j.closes_us, coalesce(b.closes_us, j.closes_us)) AS ends_us
    FROM joined_sessions AS j
    JOIN closed AS c ON c.store_no = j.store_no
    LEFT JOIN store_bounds AS b ON b.store_no = j.store_no
)
SELECT b.store_no, b.starts_us, b.ends_us, CAST(1 AS BIGINT) AS sign
FROM bounded AS b
WHERE b.starts_us < b.ends_us
UNION ALL
SELECT s.store_no, s.opens_us AS starts_us, s.closes_us AS ends_us, CAST(-1 AS BIGINT) AS sign
FROM sessions AS s
JOIN closed AS c ON c.store_no = s.store_no
