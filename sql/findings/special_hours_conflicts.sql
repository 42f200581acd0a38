-- title: dates on which special hours have a store closed as well as open; closed was used
-- level: warning
-- when:  special_hours
WITH found AS (
    SELECT store_no, day_no FROM special_days WHERE is_conflict
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' on ' || day_text(f.day_no) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.day_no
LIMIT 5
