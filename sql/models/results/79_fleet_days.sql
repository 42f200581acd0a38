-- grain:   one row per local date with an instant of the span of any store
-- columns: day_no BIGINT, to order by; date; open_seconds, uptime_seconds, downtime_seconds,
--          unknown_seconds, planned_seconds, uptime_min_seconds, uptime_max_seconds,
--          covered_seconds DOUBLE; uptime_ratio, uptime_ratio_min, uptime_ratio_max, coverage
--          DOUBLE, ratios of the sums, NULL if nothing is known or no store is open
-- sources: calendar, store_clocks, fleet_hours
-- rule:    docs/definition.md "Breakdowns"
-- tests:   TestModelsAgreeWithReference
CREATE OR REPLACE TEMP VIEW fleet_days AS
WITH ranges AS (
    SELECT DISTINCT c.first_day_no, c.last_day_no FROM store_clocks AS c
),
dates AS (
    SELECT DISTINCT c.day_no
    FROM calendar AS c
    JOIN ranges AS r ON r.first_day_no <= c.day_no AND r.last_day_no >= c.day_no
),
sums AS (
    SELECT
        d.day_no,
        CAST(coalesce(sum(f.open_us), 0) AS DOUBLE) AS open_us,
        CAST(coalesce(sum(f.downtime_us), 0) AS DOUBLE) AS downtime_us,
        CAST(coalesce(sum(f.unknown_us), 0) AS DOUBLE) AS unknown_us,
        CAST(coalesce(sum(f.planned_us), 0) AS DOUBLE) AS planned_us,
        CAST(coalesce(sum(f.uptime_min_us), 0) AS DOUBLE) AS uptime_min_us,
        CAST(coalesce(sum(f.uptime_max_us), 0) AS DOUBLE) AS uptime_max_us,
        CAST(coalesce(sum(f.covered_us), 0) AS DOUBLE) AS covered_us
    FROM dates AS d
    LEFT JOIN fleet_hours AS f ON f.day_no = d.day_no
    GROUP BY d.day_no
)
SELECT
    s.day_no,
    day_text(s.day_no) AS date,
    seconds_of(s.open_us) AS open_seconds,
    seconds_of(s.open_us - s.downtime_us - s.unknown_us) AS uptime_seconds,
    seconds_of(s.downtime_us) AS downtime_seconds,
    seconds_of(s.unknown_us) AS unknown_seconds,
    seconds_of(s.planned_us) AS planned_seconds,
    seconds_of(s.uptime_min_us) AS uptime_min_seconds,
    seconds_of(s.uptime_max_us) AS uptime_max_seconds,
    seconds_of(s.covered_us) AS covered_seconds,
    CASE WHEN s.open_us > s.unknown_us
        THEN (s.open_us - s.downtime_us - s.unknown_us) / (s.open_us - s.unknown_us)
    END AS uptime_ratio,
    CASE WHEN s.open_us > 0 THEN s.uptime_min_us / s.open_us END AS uptime_ratio_min,
    CASE WHEN s.open_us > 0 THEN s.uptime_max_us / s.open_us END AS uptime_ratio_max,
    CASE WHEN s.open_us > 0 THEN s.covered_us / s.open_us END AS coverage
FROM sums AS s
