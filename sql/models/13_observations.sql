-- grain:   one row per store and instant inside the horizon at which it was observed
-- columns: store_no; observed_us BIGINT, UTC microseconds; is_up BOOLEAN, false where rows of the
--          instant disagree; row_count INTEGER; is_conflict BOOLEAN
-- sources: status_rows, stores, params          rule: docs/definition.md "Inputs", "Evidence"
-- keep:    yes
-- frees:   status_rows
-- The horizon comes in beside the stores: as a filter of its own it misleads the planner, which then
-- builds its hash table on the millions of rows instead of on the stores (measured: twice the time).
CREATE OR REPLACE TEMP VIEW observations AS
WITH bounded_stores AS (
    SELECT s.store_no, s.store_id, p.horizon_us, p.as_of_us
    FROM stores AS s
    CROSS JOIN params AS p
)
SELECT
    b.store_no,
    r.observed_us,
    BOOL_AND(r.is_up) AS is_up,
    CAST(COUNT(*) AS INTEGER) AS row_count,
    BOOL_AND(r.is_up) <> BOOL_OR(r.is_up) AS is_conflict
FROM status_rows AS r
JOIN bounded_stores AS b
    ON b.store_id = r.store_id
    AND r.observed_us >= b.horizon_us
    AND r.observed_us <= b.as_of_us
GROUP BY b.store_no, r.observed_us
