-- grain:   one row per distinct (zone, weekday, opening and closing time) and local date on which it
--          is not empty in UTC and can matter to the horizon
-- columns: zone; weekday; opens_clock_us, closes_clock_us as in store_hours; opens_us, closes_us
--          BIGINT, UTC microseconds, half-open
-- sources: openings, local_instants, params
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- Both ends of an opening are looked up in long form, one row per end, and brought together again:
-- two joins to the same instants were once planned as a product of millions of rows. Openings that
-- neither reach into the horizon nor can be joined to one that does are left out while they are few.
CREATE OR REPLACE TEMP VIEW opening_instants AS
WITH ends AS (
    SELECT
        o.zone,
        o.weekday,
        o.opens_clock_us,
        o.closes_clock_us,
        o.opens_local_us,
        k.part,
        CASE k.part WHEN 0 THEN o.opens_local_us ELSE o.closes_local_us END AS local_us
    FROM openings AS o
    CROSS JOIN (VALUES (0), (1)) AS k(part)
),
paired AS (
    SELECT
        e.zone,
        e.weekday,
        e.opens_clock_us,
        e.closes_clock_us,
        min(CASE WHEN e.part = 0 THEN i.instant_us END) AS opens_us,
        min(CASE WHEN e.part = 1 THEN i.instant_us END) AS closes_us
    FROM ends AS e
    JOIN local_instants AS i ON i.zone = e.zone AND i.local_us = e.local_us
    GROUP BY e.zone, e.weekday, e.opens_clock_us, e.closes_clock_us, e.opens_local_us
)
SELECT t.zone, t.weekday, t.opens_clock_us, t.closes_clock_us, t.opens_us, t.closes_us
FROM paired AS t
CROSS JOIN params AS p
WHERE t.opens_us < t.closes_us
    AND t.closes_us >= p.horizon_us - p.join_gap_us
    AND t.opens_us <= p.as_of_us + p.join_gap_us
