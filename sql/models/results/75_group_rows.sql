-- grain:   one row per attribute that makes groups, value and window: the rows of groups.parquet,
--          unordered
-- columns: attribute; value, empty for the stores without one; time_window; stores, stores_open,
--          stores_unknown BIGINT, counts; open_seconds, uptime_seconds, downtime_seconds,
--          unknown_seconds, planned_seconds, uptime_min_seconds, uptime_max_seconds,
--          covered_seconds DOUBLE; uptime_ratio DOUBLE, of the sums, NULL if nothing is known;
--          observations, outages BIGINT, counts; window_no to order by
-- sources: group_measures, windows
-- rule:    docs/definition.md "Groups", "Files of a report"
-- when:    groups
CREATE OR REPLACE TEMP VIEW group_rows AS
SELECT
    g.attribute,
    g.value,
    w.name AS time_window,
    g.stores,
    g.stores_open,
    g.stores_unknown,
    seconds_of(CAST(g.open_us AS DOUBLE)) AS open_seconds,
    seconds_of(CAST(g.uptime_us AS DOUBLE)) AS uptime_seconds,
    seconds_of(CAST(g.downtime_us AS DOUBLE)) AS downtime_seconds,
    seconds_of(CAST(g.unknown_us AS DOUBLE)) AS unknown_seconds,
    seconds_of(CAST(g.planned_us AS DOUBLE)) AS planned_seconds,
    seconds_of(CAST(g.uptime_min_us AS DOUBLE)) AS uptime_min_seconds,
    seconds_of(CAST(g.uptime_max_us AS DOUBLE)) AS uptime_max_seconds,
    seconds_of(CAST(g.covered_us AS DOUBLE)) AS covered_seconds,
    CASE
        WHEN g.uptime_us + g.downtime_us > 0
            THEN CAST(g.uptime_us AS DOUBLE) / CAST(g.uptime_us + g.downtime_us AS DOUBLE)
    END AS uptime_ratio,
    g.observations,
    g.outages,
    g.window_no
FROM group_measures AS g
JOIN windows AS w ON w.window_no = g.window_no
