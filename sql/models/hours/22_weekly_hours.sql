-- grain:   one row per store and weekly opening that special hours or closures can replace
-- columns: store_no; weekday; opens_clock_us, closes_clock_us; valid_from_day, valid_through_day,
--          as in store_hours
-- sources: store_hours, stores_apart, numbers
-- rule:    docs/definition.md "Sessions"
-- A store without hours rows is open all day, every day. Only where special hours replace some of
-- its days does it need openings of single days: `shifts` has the others open without a break.
CREATE OR REPLACE TEMP VIEW weekly_hours AS
SELECT
    h.store_no,
    h.weekday,
    h.opens_clock_us,
    h.closes_clock_us,
    h.valid_from_day,
    h.valid_through_day
FROM store_hours AS h
UNION ALL
SELECT
    a.store_no,
    n.n AS weekday,
    CAST(0 AS BIGINT) AS opens_clock_us,
    day_us() AS closes_clock_us,
    CAST(NULL AS BIGINT) AS valid_from_day,
    CAST(NULL AS BIGINT) AS valid_through_day
FROM stores_apart AS a
JOIN numbers AS n ON n.n < 7
WHERE NOT a.has_hours AND a.has_special
