-- title: weekly hours from 00:00 to 00:00; treated as 24 hours, although other systems mean closed
-- level: warning
WITH found AS (
    SELECT h.store_no, h.weekday
    FROM store_hours AS h
    JOIN stores AS s ON s.store_no = h.store_no
    JOIN hours_rows AS r
        ON r.store_id = s.store_id
        AND r.weekday = h.weekday
        AND r.opens_clock_us = 0
        AND r.closes_clock_us = 0
    WHERE h.opens_clock_us = 0 AND h.closes_clock_us = day_us()
    GROUP BY h.store_no, h.weekday
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' day ' || CAST(f.weekday AS STRING) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.weekday
LIMIT 5
