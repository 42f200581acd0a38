-- grain:   one row per store with downtime in the longest window, with its rank
-- columns: rank_no BIGINT, 1 has the most downtime; store_id; name; timezone; time_window;
--          open_seconds, downtime_seconds DOUBLE; uptime_ratio DOUBLE; outages BIGINT, a count;
--          longest_outage_seconds DOUBLE
-- sources: report_rows, named_stores, zone_windows
-- rule:    docs/definition.md "Windows and measures"
CREATE OR REPLACE TEMP VIEW worst_stores AS
WITH longest AS (
    SELECT min(w.window_no) AS window_no
    FROM zone_windows AS w
    WHERE w.end_us - w.start_us = (
        SELECT max(w2.end_us - w2.start_us) FROM zone_windows AS w2
    )
)
SELECT
    row_number() OVER (ORDER BY r.downtime_seconds DESC, r.store_no) AS rank_no,
    r.store_id,
    n.name,
    r.timezone,
    r.time_window,
    r.open_seconds,
    r.downtime_seconds,
    r.uptime_ratio,
    r.outages,
    r.longest_outage_seconds
FROM report_rows AS r
LEFT JOIN named_stores AS n ON n.store_no = r.store_no
JOIN longest AS l ON l.window_no = r.window_no
WHERE r.downtime_seconds > 0
