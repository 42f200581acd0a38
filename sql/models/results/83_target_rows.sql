-- grain:   one row per store, or group, and window with a target: the rows of targets.parquet,
--          unordered
-- columns: store_id, NULL for a group; attribute, value, NULL for a store; time_window; target
--          DOUBLE, percent; verdict, NULL without open time; budget_seconds, budget_left_seconds,
--          budget_left_min_seconds, budget_left_max_seconds DOUBLE; burn_rate DOUBLE, NULL without
--          open time; stores_met, stores_likely_met, stores_likely_missed, stores_missed,
--          stores_verdict_unknown BIGINT, stores of a group by their own verdict, NULL for a store;
--          store_no, window_no to order by
-- sources: verdicts, group_members, group_values, stores, windows
-- rule:    docs/definition.md "Targets"
-- tests:   analytics/testdata/models/target_rows
-- when:    targets
CREATE OR REPLACE TEMP VIEW target_rows AS
WITH counts AS (
    SELECT
        g.group_no,
        v.window_no,
        sum(CASE WHEN v.verdict = 'met' THEN 1 ELSE 0 END) AS stores_met,
        sum(CASE WHEN v.verdict = 'likely_met' THEN 1 ELSE 0 END) AS stores_likely_met,
        sum(CASE WHEN v.verdict = 'likely_missed' THEN 1 ELSE 0 END) AS stores_likely_missed,
        sum(CASE WHEN v.verdict = 'missed' THEN 1 ELSE 0 END) AS stores_missed,
        sum(CASE WHEN v.verdict = 'unknown' THEN 1 ELSE 0 END) AS stores_verdict_unknown
    FROM verdicts AS v
    JOIN group_members AS g ON g.store_no = v.store_no
    GROUP BY g.group_no, v.window_no
)
SELECT
    s.store_id,
    v.attribute,
    v.value,
    w.name AS time_window,
    percent_of(v.target_ppm) AS target,
    v.verdict,
    seconds_of(CAST(v.budget_us AS DOUBLE)) AS budget_seconds,
    seconds_of(CAST(v.budget_us - v.downtime_us AS DOUBLE)) AS budget_left_seconds,
    seconds_of(CAST(v.budget_us - v.open_us + v.uptime_min_us AS DOUBLE))
        AS budget_left_min_seconds,
    seconds_of(CAST(v.budget_us - v.open_us + v.uptime_max_us AS DOUBLE))
        AS budget_left_max_seconds,
    CASE
        WHEN v.open_us > 0
            THEN CAST(v.downtime_us AS DOUBLE) / CAST(v.open_us AS DOUBLE)
                / CAST(1 - exact_part(v.target_ppm) AS DOUBLE)
    END AS burn_rate,
    CAST(c.stores_met AS BIGINT) AS stores_met,
    CAST(c.stores_likely_met AS BIGINT) AS stores_likely_met,
    CAST(c.stores_likely_missed AS BIGINT) AS stores_likely_missed,
    CAST(c.stores_missed AS BIGINT) AS stores_missed,
    CAST(c.stores_verdict_unknown AS BIGINT) AS stores_verdict_unknown,
    v.store_no,
    v.window_no
FROM verdicts AS v
JOIN windows AS w ON w.window_no = v.window_no
LEFT JOIN stores AS s ON s.store_no = v.store_no
LEFT JOIN group_values AS g ON g.attribute = v.attribute AND g.value = v.value
LEFT JOIN counts AS c ON c.group_no = g.group_no AND c.window_no = v.window_no
