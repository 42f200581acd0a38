-- grain:   one row per store and local date with special hours
-- columns: store_no; day_no BIGINT, days since 1970-01-01; level, of the most specific address,
--          which counts alone; is_closed BOOLEAN, one of its rows says so; is_conflict BOOLEAN,
--          another of its rows has the store open; attribute_count BIGINT, attributes with rows for
--          the date
-- sources: special_rows
-- rule:    docs/definition.md "Addresses", "Sessions"
-- keep:    yes
-- unless:  special_hours
CREATE OR REPLACE TEMP VIEW special_days AS
WITH levels AS (
    SELECT
        r.store_no,
        r.day_no,
        r.level,
        bool_or(r.is_closed) AS is_closed,
        bool_and(r.is_closed) AS is_always_closed
    FROM special_rows AS r
    GROUP BY r.store_no, r.day_no, r.level
)
SELECT
    l.store_no,
    l.day_no,
    min(l.level) AS level,
    min_by(l.is_closed, l.level) AS is_closed,
    min_by(l.is_closed AND NOT l.is_always_closed, l.level) AS is_conflict,
    count(CASE WHEN l.level LIKE '2%' THEN 1 END) AS attribute_count
FROM levels AS l
GROUP BY l.store_no, l.day_no
