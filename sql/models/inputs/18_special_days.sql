-- grain:   one row per store and local date with special hours
-- columns: store_no; day_no BIGINT, days since 1970-01-01; level, of the most specific address,
--          which counts alone; is_closed BOOLEAN, one of its rows says so; is_conflict BOOLEAN,
--          another of its rows has the store open; attribute_count BIGINT, attributes with rows for
--          the date
-- sources: special_rows
-- rule:    docs/definition.md "Addresses", "Sessions"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW special_days AS
WITH best AS (
    SELECT
        r.store_no,
        r.day_no,
        min(r.level) AS level,
        count(DISTINCT CASE WHEN r.level LIKE '2%' THEN r.level END) AS attribute_count
    FROM special_rows AS r
    GROUP BY r.store_no, r.day_no
)
SELECT
    b.store_no,
    b.day_no,
    b.level,
    bool_or(r.is_closed) AS is_closed,
    bool_or(r.is_closed) AND NOT bool_and(r.is_closed) AS is_conflict,
    b.attribute_count
FROM best AS b
JOIN special_rows AS r ON r.store_no = b.store_no AND r.day_no = b.day_no AND r.level = b.level
GROUP BY b.store_no, b.day_no, b.level, b.attribute_count
