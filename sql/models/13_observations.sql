-- grain:   one row per store and instant inside the horizon at which it was observed
-- columns: store_no; observed_us BIGINT, UTC microseconds; is_up BOOLEAN, false where rows of the
--          instant disagree; row_count INTEGER; is_conflict BOOLEAN
-- sources: status_rows, stores, params          rule: docs/definition.md "Inputs", "Evidence"
-- keep:    yes
-- frees:   status_rows
CREATE OR REPLACE TEMP VIEW observations AS
SELECT
    s.store_no,
    r.observed_us,
    BOOL_AND(r.is_up) AS is_up,
    CAST(COUNT(*) AS INTEGER) AS row_count,
    BOOL_AND(r.is_up) <> BOOL_OR(r.is_up) AS is_conflict
FROM status_rows AS r
JOIN stores AS s ON s.store_id = r.store_id
CROSS JOIN params AS p
WHERE r.observed_us >= p.horizon_us AND r.observed_us <= p.as_of_us
GROUP BY s.store_no, r.observed_us
