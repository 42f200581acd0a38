-- fail: uptime must lie within its bounds, and no part may exceed the open time
SELECT store_no, window_no, uptime_us, unknown_us, uptime_min_us, uptime_max_us, covered_us, open_us
FROM measures
WHERE uptime_min_us > uptime_us + unknown_us
    OR uptime_us > uptime_max_us
    OR uptime_min_us > uptime_max_us
    OR least(uptime_us, downtime_us, unknown_us, uptime_min_us, covered_us) < 0
    OR greatest(uptime_max_us, covered_us) > open_us
