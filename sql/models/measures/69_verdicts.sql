-- grain:   one row per store, or group, and window with a target
-- columns: store_no, NULL for a group; attribute, value, NULL for a store; window_no; target_ppm
--          BIGINT, millionths; verdict, NULL without open time; open_us, downtime_us,
--          uptime_min_us, uptime_max_us DECIMAL(28,0), microseconds; budget_us DECIMAL(28,0),
--          microseconds, rounded half up
-- sources: store_targets, measures, group_measures, window_targets
-- rule:    docs/definition.md "Targets"
-- tests:   analytics/testdata/models/verdicts
-- keep:    yes
-- when:    targets
-- Exact: as whole numbers, products exceed a BIGINT after four months of open time. For a store the
-- quotient by a million comes first; the sums of groups, which are few, are decimals, which take
-- longer. What is due is rounded up: of whole microseconds, as many reach it as reach the exact
-- part.
CREATE OR REPLACE TEMP VIEW verdicts AS
WITH own_targets AS (
    SELECT t.attribute, t.value, t.window_no, t.target_ppm
    FROM window_targets AS t
    WHERE t.attribute IS NOT NULL
),
common_targets AS (
    SELECT t.window_no, t.target_ppm
    FROM window_targets AS t
    WHERE t.store_id = '*'
),
group_targets AS (
    SELECT
        g.attribute,
        g.value,
        g.window_no,
        coalesce(own.target_ppm, common.target_ppm) AS target_ppm,
        g.open_us,
        g.uptime_us,
        g.downtime_us,
        g.uptime_min_us,
        g.uptime_max_us
    FROM group_measures AS g
    LEFT JOIN own_targets AS own
        ON own.attribute = g.attribute
        AND own.value = g.value
        AND own.window_no = g.window_no
    LEFT JOIN common_targets AS common ON common.window_no = g.window_no
),
group_parts AS (
    SELECT
        t.*,
        exact_part(t.target_ppm) * t.open_us AS exact_due_us,
        exact_part(t.target_ppm) * CAST(t.uptime_us + t.downtime_us AS DECIMAL(28, 0))
            AS exact_due_of_known_us
    FROM group_targets AS t
    WHERE t.target_ppm IS NOT NULL
),
due AS (
    SELECT
        t.store_no,
        NULL AS attribute,
        NULL AS value,
        t.window_no,
        t.target_ppm,
        CAST(m.open_us AS DECIMAL(28, 0)) AS open_us,
        CAST(m.uptime_us AS DECIMAL(28, 0)) AS uptime_us,
        CAST(m.downtime_us AS DECIMAL(28, 0)) AS downtime_us,
        CAST(m.uptime_min_us AS DECIMAL(28, 0)) AS uptime_min_us,
        CAST(m.uptime_max_us AS DECIMAL(28, 0)) AS uptime_max_us,
        CAST(part_rounded_up(t.target_ppm, m.open_us) AS DECIMAL(28, 0)) AS due_us,
        CAST(part_rounded_up(
            t.target_ppm, m.uptime_us + m.downtime_us
        ) AS DECIMAL(28, 0)) AS due_of_known_us,
        CAST(rest_of_part(t.target_ppm, m.open_us) AS DECIMAL(28, 0)) AS budget_us
    FROM store_targets AS t
    JOIN measures AS m ON m.store_no = t.store_no AND m.window_no = t.window_no
    UNION ALL
    SELECT
        NULL AS store_no,
        p.attribute,
        p.value,
        p.window_no,
        p.target_ppm,
        p.open_us,
        p.uptime_us,
        p.downtime_us,
        p.uptime_min_us,
        p.uptime_max_us,
        CAST(ceil(p.exact_due_us) AS DECIMAL(28, 0)) AS due_us,
        CAST(ceil(p.exact_due_of_known_us) AS DECIMAL(28, 0)) AS due_of_known_us,
        CAST(p.open_us - p.exact_due_us AS DECIMAL(28, 0)) AS budget_us
    FROM group_parts AS p
)
SELECT
    d.store_no,
    d.attribute,
    d.value,
    d.window_no,
    d.target_ppm,
    CASE
        WHEN d.open_us = 0 THEN NULL
        WHEN d.uptime_min_us >= d.due_us THEN 'met'
        WHEN d.uptime_max_us < d.due_us THEN 'missed'
        WHEN d.uptime_us + d.downtime_us = 0 THEN 'unknown'
        WHEN d.uptime_us >= d.due_of_known_us THEN 'likely_met'
        ELSE 'likely_missed'
    END AS verdict,
    d.open_us,
    d.downtime_us,
    d.uptime_min_us,
    d.uptime_max_us,
    d.budget_us
FROM due AS d
