-- fail: open time must not exceed the length of the window
SELECT m.store_no, m.window_no, m.open_us
FROM measures AS m
JOIN store_windows AS w ON w.store_no = m.store_no AND w.window_no = m.window_no
WHERE m.open_us > w.end_us - w.start_us
