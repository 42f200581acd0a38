-- grain:   one row per distinct (zone, weekday, opening and closing time) and local date on which it
--          is not empty in UTC and can matter to the horizon
-- columns: zone; weekday; opens_clock_us, closes_clock_us as in store_hours; opens_us, closes_us
--          BIGINT, UTC microseconds, half-open
-- sources: openings, local_instants, params          rule: docs/definition.md "Sessions"
-- keep:    yes
-- Openings that neither reach into the horizon nor can be joined to one that does are left out here,
-- while they are few. Kept, so that the planner knows how few when it joins them to the stores.
CREATE OR REPLACE TEMP VIEW opening_instants AS
SELECT
    o.zone,
    o.weekday,
    o.opens_clock_us,
    o.closes_clock_us,
    a.instant_us AS opens_us,
    b.instant_us AS closes_us
FROM openings AS o
JOIN local_instants AS a ON a.zone = o.zone AND a.local_us = o.opens_local_us
JOIN local_instants AS b ON b.zone = o.zone AND b.local_us = o.closes_local_us
CROSS JOIN params AS p
WHERE a.instant_us < b.instant_us
    AND b.instant_us >= p.horizon_us - p.join_gap_us
    AND a.instant_us <= p.as_of_us + p.join_gap_us
