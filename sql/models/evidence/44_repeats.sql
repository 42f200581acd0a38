-- grain:   one row per store and instant of the horizon with several rows
-- columns: store_no; observed_us BIGINT, UTC microseconds; row_count BIGINT; is_conflict BOOLEAN,
--          TRUE if the rows disagree
-- sources: change_instants, observations
-- rule:    docs/definition.md "Inputs"
-- keep:    yes
-- Rows outside opening hours are not sorted yet. They are counted first, and statuses are compared
-- only where a count exceeds one, which halves the work (measured).
CREATE OR REPLACE TEMP VIEW repeats AS
WITH counted AS (
    SELECT o.store_no, o.observed_us, count(*) AS row_count
    FROM observations AS o
    WHERE o.opens_us IS NULL
    GROUP BY o.store_no, o.observed_us
    HAVING count(*) > 1
)
SELECT i.store_no, i.code >> 1 AS observed_us, i.row_count, i.is_conflict
FROM change_instants AS i
WHERE i.row_count > 1
UNION ALL
SELECT
    c.store_no,
    c.observed_us,
    c.row_count,
    bool_and(o.is_up) <> bool_or(o.is_up) AS is_conflict
FROM counted AS c
JOIN observations AS o ON o.store_no = c.store_no AND o.observed_us = c.observed_us
GROUP BY c.store_no, c.observed_us, c.row_count
