-- grain:   one row per time zone of a finished report
-- columns: timezone, then the columns of fleet, summed over the stores of the zone
-- reads:   report.parquet, given as $report; $window is the name of a window
SELECT
    timezone,
    time_window,
    count(*) AS stores,
    count(*) FILTER (open_seconds > 0) AS stores_open,
    count(*) FILTER (open_seconds > 0 AND unknown_seconds = open_seconds) AS stores_unknown,
    sum(open_seconds) AS open_s,
    sum(uptime_seconds) AS uptime_s,
    sum(downtime_seconds) AS downtime_s,
    sum(unknown_seconds) AS unknown_s,
    sum(coalesce(planned_seconds, 0)) AS planned_s,
    sum(uptime_min_seconds) AS uptime_min_s,
    sum(uptime_max_seconds) AS uptime_max_s,
    sum(covered_seconds) AS covered_s,
    CASE WHEN uptime_s + downtime_s > 0 THEN uptime_s / (uptime_s + downtime_s) END AS uptime_ratio,
    CASE WHEN open_s > 0 THEN uptime_min_s / open_s END AS uptime_ratio_min,
    CASE WHEN open_s > 0 THEN uptime_max_s / open_s END AS uptime_ratio_max,
    CASE WHEN open_s > 0 THEN covered_s / open_s END AS coverage,
    CAST(sum(outages) AS BIGINT) AS outages
FROM (
    FROM read_parquet($report)
    UNION ALL BY NAME -- reports of earlier releases lack the column
    SELECT CAST(NULL AS DOUBLE) AS planned_seconds WHERE FALSE)
WHERE time_window = $window
GROUP BY timezone, time_window
ORDER BY downtime_s DESC, timezone
