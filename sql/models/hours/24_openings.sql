-- grain:   one row per distinct (zone, opening and closing time) of a kind of hours and local date
-- columns: zone; is_special BOOLEAN, of special hours, not weekly ones; day_no; weekday;
--          opens_clock_us, closes_clock_us as in store_hours; opens_local_us, closes_local_us
--          BIGINT, wall clock time as microseconds since 1970-01-01
-- sources: weekly_hours, special_openings, store_zones, calendar
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- Stores share few patterns, so the conversion to UTC runs on patterns and not on stores.
CREATE OR REPLACE TEMP VIEW openings AS
WITH patterns AS (
    SELECT DISTINCT z.zone, h.weekday, h.opens_clock_us, h.closes_clock_us
    FROM weekly_hours AS h
    JOIN store_zones AS z ON z.store_no = h.store_no
),
dated AS (
    SELECT
        p.zone,
        FALSE AS is_special,
        c.day_no,
        p.weekday,
        p.opens_clock_us,
        p.closes_clock_us
    FROM patterns AS p
    JOIN calendar AS c ON c.weekday = p.weekday
    UNION ALL
    SELECT DISTINCT
        z.zone,
        TRUE AS is_special,
        o.day_no,
        CAST(NULL AS BIGINT) AS weekday,
        o.opens_clock_us,
        o.closes_clock_us
    FROM special_openings AS o
    JOIN store_zones AS z ON z.store_no = o.store_no
)
SELECT
    d.zone,
    d.is_special,
    d.day_no,
    d.weekday,
    d.opens_clock_us,
    d.closes_clock_us,
    d.day_no * day_us() + d.opens_clock_us AS opens_local_us,
    d.day_no * day_us() + d.closes_clock_us AS closes_local_us
FROM dated AS d
