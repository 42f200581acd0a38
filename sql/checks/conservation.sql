-- fail: uptime, downtime and unknown time must add up to the open time
SELECT store_no, window_no, open_us, uptime_us, downtime_us, unknown_us
FROM measures
WHERE open_us <> uptime_us + downtime_us + unknown_us
