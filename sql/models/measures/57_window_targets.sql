-- grain:   one row per address in the targets and window of the report for which it has a target
-- columns: store_id, a store or '*', NULL if an attribute is given; attribute, value, of the stores
--          that it is for, NULL otherwise; window_no; target_ppm BIGINT, millionths of the open
--          time; target_count BIGINT, distinct targets of which this is the highest
-- sources: targets_rows, windows, params
-- rule:    docs/definition.md "Targets"
-- tests:   analytics/testdata/models/window_targets
-- keep:    yes
-- when:    targets
-- The target of the parameters is for all stores in the windows in which no row is.
CREATE OR REPLACE TEMP VIEW window_targets AS
WITH by_window AS (
    SELECT
        t.store_id,
        t.attribute,
        t.value,
        w.window_no,
        t.target_ppm,
        CASE WHEN t.window_name IS NOT NULL THEN t.target_ppm END AS named_ppm
    FROM targets_rows AS t
    JOIN windows AS w ON w.name = coalesce(t.window_name, w.name)
),
targeted AS (
    SELECT
        b.store_id,
        b.attribute,
        b.value,
        b.window_no,
        coalesce(max(b.named_ppm), max(b.target_ppm)) AS target_ppm,
        CASE
            WHEN max(b.named_ppm) IS NOT NULL THEN count(DISTINCT b.named_ppm)
            ELSE count(DISTINCT b.target_ppm)
        END AS target_count
    FROM by_window AS b
    GROUP BY b.store_id, b.attribute, b.value, b.window_no
)
SELECT t.store_id, t.attribute, t.value, t.window_no, t.target_ppm, t.target_count
FROM targeted AS t
UNION ALL
SELECT '*' AS store_id, t.attribute, t.value, w.window_no, p.target_ppm, 1 AS target_count
FROM windows AS w
CROSS JOIN params AS p
LEFT JOIN targeted AS t ON t.store_id = '*' AND t.window_no = w.window_no
WHERE p.target_ppm IS NOT NULL AND t.window_no IS NULL
