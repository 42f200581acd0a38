-- grain:   one row per store and instant in `change_rows`
-- columns: store_no; opens_us of the session; code BIGINT as in change_rows, inactive if rows of
--          the instant disagree; prev_code of the store's previous instant, also in other sessions,
--          NULL if none; row_count BIGINT; is_conflict BOOLEAN; is_end BOOLEAN, TRUE for the last
--          evidence of the store
-- sources: change_rows
-- rule:    docs/definition.md "Inputs", "Filling"
-- tests:   analytics/testdata/models/change_instants
-- keep:    spark
-- Only the first of several rows of an instant has the previous instant as its previous row. Both
-- branches read `change_rows`: DuckDB would materialize a shared CTE (measured: 10 ms per use).
CREATE OR REPLACE TEMP VIEW change_instants AS
SELECT
    r.store_no,
    r.opens_us,
    r.code,
    r.prev_code,
    CAST(1 AS BIGINT) AS row_count,
    FALSE AS is_conflict,
    r.next_code IS NULL AS is_end
FROM change_rows AS r
WHERE coalesce((r.prev_code >> 1) <> (r.code >> 1), TRUE)
    AND coalesce((r.next_code >> 1) <> (r.code >> 1), TRUE)
UNION ALL
SELECT
    r.store_no,
    r.opens_us,
    max(r.code) AS code,
    min(CASE WHEN (r.prev_code >> 1) < (r.code >> 1) THEN r.prev_code END) AS prev_code,
    count(*) AS row_count,
    min(r.code) <> max(r.code) AS is_conflict,
    bool_or(r.next_code IS NULL) AS is_end
FROM change_rows AS r
WHERE (r.prev_code >> 1) = (r.code >> 1) OR (r.next_code >> 1) = (r.code >> 1)
GROUP BY r.store_no, r.opens_us, r.code >> 1
