-- grain:   one row per weekday and hour by the stores' own clocks, 168 in all
-- columns: weekday BIGINT, 0 = Monday; hour BIGINT, 0 to 23; open_us, downtime_us, unknown_us
--          BIGINT, microseconds, sums over all stores for the last 7 days of the span
-- sources: calendar, numbers, fleet_hours
-- rule:    docs/definition.md "Breakdowns"
-- tests:   TestModelsAgreeWithReference
-- keep:    yes
CREATE OR REPLACE TEMP VIEW week_hours AS
WITH sums AS (
    SELECT
        c.weekday,
        f.hour,
        sum(f.open_us) AS open_us,
        sum(f.downtime_us) AS downtime_us,
        sum(f.unknown_us) AS unknown_us
    FROM fleet_hours AS f
    JOIN calendar AS c ON c.day_no = f.day_no
    WHERE f.in_last_week
    GROUP BY c.weekday, f.hour
)
SELECT
    whole_quotient(n.n, 24) AS weekday,
    n.n % 24 AS hour,
    CAST(coalesce(s.open_us, 0) AS BIGINT) AS open_us,
    CAST(coalesce(s.downtime_us, 0) AS BIGINT) AS downtime_us,
    CAST(coalesce(s.unknown_us, 0) AS BIGINT) AS unknown_us
FROM numbers AS n
LEFT JOIN sums AS s ON s.weekday = whole_quotient(n.n, 24) AND s.hour = n.n % 24
WHERE n.n < 168
