-- grain:   one row per store and window with different measures in two reports, or in only one
-- columns: store_id; time_window; change: 'changed', 'only in a', 'only in b'; times in seconds,
--          counts and zones of both reports, NULL for a report without the row
-- reads:   report.parquet of both reports, given as $a and $b; old ones lack planned_seconds
WITH a AS (
    SELECT * REPLACE (coalesce(planned_seconds, 0) AS planned_seconds) FROM (
        FROM read_parquet($a)
        UNION ALL BY NAME
        SELECT CAST(NULL AS DOUBLE) AS planned_seconds WHERE FALSE
    )
),
b AS (
    SELECT * REPLACE (coalesce(planned_seconds, 0) AS planned_seconds) FROM (
        FROM read_parquet($b)
        UNION ALL BY NAME
        SELECT CAST(NULL AS DOUBLE) AS planned_seconds WHERE FALSE
    )
)
SELECT
    coalesce(a.store_id, b.store_id) AS store_id,
    coalesce(a.time_window, b.time_window) AS time_window,
    CASE
        WHEN b.store_id IS NULL THEN 'only in a'
        WHEN a.store_id IS NULL THEN 'only in b'
        ELSE 'changed'
    END AS change,
    a.open_seconds AS a_open,
    b.open_seconds AS b_open,
    a.uptime_seconds AS a_up,
    b.uptime_seconds AS b_up,
    a.downtime_seconds AS a_down,
    b.downtime_seconds AS b_down,
    a.unknown_seconds AS a_unknown,
    b.unknown_seconds AS b_unknown,
    a.planned_seconds AS a_planned,
    b.planned_seconds AS b_planned,
    a.uptime_min_seconds AS a_uptime_min,
    b.uptime_min_seconds AS b_uptime_min,
    a.uptime_max_seconds AS a_uptime_max,
    b.uptime_max_seconds AS b_uptime_max,
    a.covered_seconds AS a_covered,
    b.covered_seconds AS b_covered,
    a.longest_outage_seconds AS a_longest_outage,
    b.longest_outage_seconds AS b_longest_outage,
    a.observations AS a_observations,
    b.observations AS b_observations,
    a.outages AS a_outages,
    b.outages AS b_outages,
    a.timezone AS a_timezone,
    b.timezone AS b_timezone
FROM a
FULL JOIN b ON b.store_id = a.store_id AND b.time_window = a.time_window
WHERE (
        a.timezone, a.open_seconds, a.uptime_seconds, a.downtime_seconds, a.unknown_seconds,
        a.planned_seconds,
        a.uptime_min_seconds, a.uptime_max_seconds, a.covered_seconds, a.observations, a.outages,
        a.longest_outage_seconds
    ) IS DISTINCT FROM (
        b.timezone, b.open_seconds, b.uptime_seconds, b.downtime_seconds, b.unknown_seconds,
        b.planned_seconds,
        b.uptime_min_seconds, b.uptime_max_seconds, b.covered_seconds, b.observations, b.outages,
        b.longest_outage_seconds
    )
ORDER BY store_id, time_window
