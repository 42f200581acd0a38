-- grain:   one row per span: open time of one store with one status for one reason
-- columns: store_no; opens_us of the session; starts_us, ends_us BIGINT, UTC microseconds,
--          half-open, never empty; status: 'up', 'down' or 'unknown'; kind as in stretches;
--          governed_by_us BIGINT, the observation that gives the status, NULL if unknown;
--          left_us, right_us: the store's evidence on both sides;
--          certain: 'up' or 'down' if the observations alone allow nothing else, otherwise 'no'
-- sources: stretches
-- rule:    docs/definition.md "Filling", "Windows and measures"
-- tests:   analytics/testdata/models/spans
-- keep:    spark
-- DuckDB does not keep it: recomputing it in each model that reads it is faster than a table
-- (measured: 25 against 120 ms). Spark keeps it, because nested views slow down its planning.
CREATE OR REPLACE TEMP VIEW spans AS
WITH parts AS (
    SELECT
        s.store_no,
        s.opens_us,
        CASE side.place WHEN 0 THEN s.starts_us WHEN 1 THEN s.left_until_us ELSE s.right_from_us END
            AS starts_us,
        CASE side.place WHEN 0 THEN s.left_until_us WHEN 1 THEN s.right_from_us ELSE s.ends_us END
            AS ends_us,
        CASE
            WHEN side.place = 1 THEN 'unknown'
            WHEN side.place = 0 AND s.left_is_up THEN 'up'
            WHEN side.place = 2 AND s.right_is_up THEN 'up'
            ELSE 'down'
        END AS status,
        s.kind,
        CASE side.place WHEN 0 THEN s.left_us WHEN 2 THEN s.right_us END AS governed_by_us,
        s.left_us,
        s.right_us,
        CASE
            WHEN s.left_us IS NULL OR s.right_us IS NULL THEN 'no'
            WHEN s.left_is_up <> s.right_is_up THEN 'no'
            WHEN s.left_is_up THEN 'up'
            ELSE 'down'
        END AS certain
    FROM stretches AS s
    CROSS JOIN (VALUES (0), (1), (2)) AS side(place)
)
SELECT
    p.store_no,
    p.opens_us,
    p.starts_us,
    p.ends_us,
    p.status,
    p.kind,
    p.governed_by_us,
    p.left_us,
    p.right_us,
    p.certain
FROM parts AS p
WHERE p.starts_us < p.ends_us
