-- grain:   one row per accepted status row inside the horizon
-- columns: store_no; opens_us BIGINT, opening of the session that contains it, NULL outside opening
--          hours; observed_us BIGINT, UTC microseconds; is_up BOOLEAN
-- sources: status_rows, stores, session_buckets, report_bounds
-- rule:    docs/definition.md "Inputs", "Evidence"
-- keep:    yes
-- frees:   status_rows
-- The horizon is joined to the stores, because as a plain filter it misleads the planner, which
-- then builds its hash table on millions of rows instead of on the stores (measured: twice the
-- time). Repeated rows stay in: `change_rows` finds them in the one sort of the observations.
CREATE OR REPLACE TEMP VIEW observations AS
WITH bounded_stores AS (
    SELECT s.store_no, s.store_id, rb.horizon_us, rb.as_of_us
    FROM stores AS s
    CROSS JOIN report_bounds AS rb
),
numbered AS (
    SELECT b.store_no, r.observed_us, r.is_up
    FROM status_rows AS r
    JOIN bounded_stores AS b
        ON b.store_id = r.store_id
        AND r.observed_us >= b.horizon_us
        AND r.observed_us <= b.as_of_us
)
SELECT n.store_no, s.opens_us, n.observed_us, n.is_up
FROM numbered AS n
LEFT JOIN session_buckets AS s
    ON s.store_no = n.store_no
    AND s.bucket_no = bucket_of(n.observed_us)
    AND n.observed_us >= s.opens_us
    AND n.observed_us < s.closes_us
