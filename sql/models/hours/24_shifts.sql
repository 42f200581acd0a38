-- grain:   one row per store and opening of one hours row on one local date
-- columns: store_no; opens_us, closes_us BIGINT, UTC microseconds, half-open, never empty
-- sources: store_hours, store_zones, opening_instants, stores, params
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- A store without hours rows is open for the whole of the calendar.
CREATE OR REPLACE TEMP VIEW shifts AS
SELECT h.store_no, i.opens_us, i.closes_us
FROM store_hours AS h
JOIN store_zones AS z ON z.store_no = h.store_no
JOIN opening_instants AS i
    ON i.zone = z.zone
    AND i.weekday = h.weekday
    AND i.opens_clock_us = h.opens_clock_us
    AND i.closes_clock_us = h.closes_clock_us
UNION ALL
SELECT s.store_no, p.earliest_us AS opens_us, p.latest_us AS closes_us
FROM stores AS s
CROSS JOIN params AS p
WHERE s.store_no NOT IN (SELECT h.store_no FROM store_hours AS h)
