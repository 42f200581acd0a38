-- title: dates with special hours by several attributes of a store; the first of them was used
-- level: warning
-- when:  special_hours
WITH found AS (
    SELECT store_no, day_no, level FROM special_days WHERE level LIKE '2%' AND attribute_count > 1
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' on ' || day_text(f.day_no) || ' by ' || substr(f.level, 2) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.day_no
LIMIT 5
