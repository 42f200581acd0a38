-- grain:   one row per distinct (zone, weekday, opening and closing time) and local date
-- columns: zone; weekday; opens_clock_us, closes_clock_us as in store_hours; opens_local_us,
--          closes_local_us BIGINT, wall clock time as microseconds since 1970-01-01
-- sources: store_hours, store_zones, calendar
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- Stores share few patterns, so the conversion to UTC runs on patterns and not on stores.
CREATE OR REPLACE TEMP VIEW openings AS
WITH patterns AS (
    SELECT DISTINCT z.zone, h.weekday, h.opens_clock_us, h.closes_clock_us
    FROM store_hours AS h
    JOIN store_zones AS z ON z.store_no = h.store_no
)
SELECT
    p.zone,
    p.weekday,
    p.opens_clock_us,
    p.closes_clock_us,
    c.day_no * day_us() + p.opens_clock_us AS opens_local_us,
    c.day_no * day_us() + p.closes_clock_us AS closes_local_us
FROM patterns AS p
JOIN calendar AS c ON c.weekday = p.weekday
