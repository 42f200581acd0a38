-- grain:   one row per store and instant of evidence that `change_rows` kept, its rows brought together
-- columns: store_no; opens_us of the session; code BIGINT as in change_rows, inactive where rows of the
--          instant disagree; prev_code of the store's instant before, also in other sessions, NULL
--          where there is none; row_count BIGINT; is_conflict BOOLEAN; is_end BOOLEAN, no evidence of
--          the store follows
-- sources: change_rows
-- rule:    docs/definition.md "Inputs", "Filling"
-- keep:    spark
-- Few instants have several rows; only the first of them knows the instant before. Both parts ask
-- `change_rows` themselves: what they shared would be kept on the way (measured: 10 ms a use).
CREATE OR REPLACE TEMP VIEW change_instants AS
SELECT
    t.store_no,
    t.opens_us,
    t.code,
    t.prev_code,
    CAST(1 AS BIGINT) AS row_count,
    FALSE AS is_conflict,
    t.next_code IS NULL AS is_end
FROM change_rows AS t
WHERE coalesce((t.prev_code >> 1) <> (t.code >> 1), TRUE)
    AND coalesce((t.next_code >> 1) <> (t.code >> 1), TRUE)
UNION ALL
SELECT
    t.store_no,
    t.opens_us,
    max(t.code) AS code,
    min(CASE WHEN (t.prev_code >> 1) < (t.code >> 1) THEN t.prev_code END) AS prev_code,
    count(*) AS row_count,
    min(t.code) <> max(t.code) AS is_conflict,
    bool_or(t.next_code IS NULL) AS is_end
FROM change_rows AS t
WHERE (t.prev_code >> 1) = (t.code >> 1) OR (t.next_code >> 1) = (t.code >> 1)
GROUP BY t.store_no, t.opens_us, t.code >> 1
