-- fail: every store must have exactly one row per window
SELECT s.store_no, COUNT(m.window_no) AS row_count
FROM stores AS s
LEFT JOIN measures AS m ON m.store_no = s.store_no
GROUP BY s.store_no
HAVING COUNT(m.window_no) <> (SELECT COUNT(*) FROM windows)
