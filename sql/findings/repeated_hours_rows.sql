-- title: repeated hours rows; counted once
-- level: info
WITH found AS (
    SELECT store_no, weekday, opens_clock_us, row_count - 1 AS n
    FROM store_hours
    WHERE row_count > 1
)
SELECT
    (SELECT sum(n) FROM found) AS total,
    s.store_id || ' day ' || CAST(f.weekday AS STRING) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.weekday, f.opens_clock_us
LIMIT 5
