-- grain:   one row per store and window with a target
-- columns: store_no; window_no; target_ppm BIGINT, millionths, of the most specific address
-- sources: window_targets, stores, attribute_values
-- rule:    docs/definition.md "Addresses", "Targets"
-- tests:   analytics/testdata/models/store_targets
-- when:    targets
CREATE OR REPLACE TEMP VIEW store_targets AS
WITH addressed AS (
    SELECT s.store_no, t.window_no, '1' AS level, t.target_ppm
    FROM window_targets AS t
    JOIN stores AS s ON s.store_id = t.store_id AND t.store_id <> '*'
    UNION ALL
    SELECT a.store_no, t.window_no, concat('2', t.attribute) AS level, t.target_ppm
    FROM window_targets AS t
    JOIN attribute_values AS a ON a.attribute = t.attribute AND a.value = t.value
    UNION ALL
    SELECT s.store_no, t.window_no, '3' AS level, t.target_ppm
    FROM window_targets AS t
    CROSS JOIN stores AS s
    WHERE t.store_id = '*'
),
ranked AS (
    SELECT
        a.store_no,
        a.window_no,
        a.target_ppm,
        row_number() OVER (PARTITION BY a.store_no, a.window_no ORDER BY a.level) AS rank_no
    FROM addressed AS a
)
SELECT r.store_no, r.window_no, r.target_ppm
FROM ranked AS r
WHERE r.rank_no = 1
