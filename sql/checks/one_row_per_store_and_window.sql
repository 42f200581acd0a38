-- fail: every store must have exactly one row per window
SELECT s.store_no, count(m.window_no) AS row_count
FROM stores AS s
LEFT JOIN measures AS m ON m.store_no = s.store_no
GROUP BY s.store_no
HAVING count(m.window_no) <> (SELECT count(*) FROM windows)
