-- title: repeated hours rows, which change nothing
-- level: info
WITH found AS (
    SELECT store_id, weekday, count(*) - 1 AS n
    FROM hours_rows
    WHERE store_id IN (SELECT store_id FROM stores)
    GROUP BY store_id, weekday, opens_clock_us, closes_clock_us
    HAVING count(*) > 1
)
SELECT (SELECT sum(n) FROM found) AS total, store_id || ' day ' || weekday AS example
FROM found
ORDER BY store_id, weekday
LIMIT 5
