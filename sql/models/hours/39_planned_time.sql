-- grain:   one row per store with closures and window
-- columns: store_no; window_no; planned_us BIGINT, microseconds that would be open but for closures
-- sources: joined_sessions, store_bounds, closure_spans, sessions, store_windows
-- rule:    docs/definition.md "Windows and measures"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW planned_time AS
WITH closed AS (
    SELECT DISTINCT c.store_no FROM closure_spans AS c
),
open_time AS (
    SELECT
        j.store_no,
        greatest(j.opens_us, coalesce(b.opens_us, j.opens_us)) AS opens_us,
        least(j.closes_us, coalesce(b.closes_us, j.closes_us)) AS closes_us,
        1 AS sign
    FROM joined_sessions AS j
    JOIN closed AS c ON c.store_no = j.store_no
    LEFT JOIN store_bounds AS b ON b.store_no = j.store_no
    UNION ALL
    SELECT s.store_no, s.opens_us, s.closes_us, -1 AS sign
    FROM sessions AS s
    JOIN closed AS c ON c.store_no = s.store_no
)
SELECT
    o.store_no,
    w.window_no,
    CAST(sum(
        o.sign * (least(o.closes_us, w.end_us) - greatest(o.opens_us, w.start_us))
    ) AS BIGINT) AS planned_us
FROM open_time AS o
JOIN store_windows AS w
    ON w.store_no = o.store_no
    AND o.closes_us > w.start_us
    AND o.opens_us < w.end_us
WHERE o.opens_us < o.closes_us
GROUP BY o.store_no, w.window_no
