-- grain:   one row per weekday and hour of the stores' own clocks, 168 in all
-- columns: weekday BIGINT, 0 = Monday; hour BIGINT, 0 to 23; open_us, downtime_us, unknown_us BIGINT,
--          microseconds of all stores together, over the last 7 days of the longest window
-- sources: calendar, numbers, sessions, spans, store_zones, zone_periods, params
-- rule:    docs/definition.md "Windows and measures"
-- tests:   TestModelsAgreeWithReference
-- keep:    yes
-- Stores that open and close alike are brought together first: a fleet has far fewer ways to be open
-- than stores. Local time comes from UTC alone, period by period. No part is joined to all the hours
-- it covers. Instead it leaves its two ends, weighted -1 and 1, in the hours that hold them; an hour
-- from h on then holds the sum of weight * (x - h - 1 h) over the ends x inside it, less 1 h times the
-- sum of the weights before it.
CREATE OR REPLACE TEMP VIEW week_hours AS
WITH bounds AS (
    SELECT greatest(p.report_start_us, p.as_of_us - 604800000000) AS from_us, p.as_of_us AS to_us
    FROM params AS p
),
parts AS (
    SELECT s.store_no, 'open' AS part, s.opens_us AS starts_us, s.closes_us AS ends_us FROM sessions AS s
    UNION ALL
    SELECT s.store_no, s.status AS part, s.starts_us, s.ends_us FROM spans AS s WHERE s.status <> 'up'
),
alike AS (
    SELECT
        z.zone,
        p.part,
        greatest(p.starts_us, b.from_us) AS starts_us,
        least(p.ends_us, b.to_us) AS ends_us,
        count(*) AS stores
    FROM parts AS p
    JOIN bounds AS b ON p.ends_us > b.from_us AND p.starts_us < b.to_us
    JOIN store_zones AS z ON z.store_no = p.store_no
    GROUP BY z.zone, p.part, greatest(p.starts_us, b.from_us), least(p.ends_us, b.to_us)
),
ends AS (
    SELECT
        a.part,
        CASE k.weight WHEN 1 THEN least(a.ends_us, z.ends_us) ELSE greatest(a.starts_us, z.starts_us) END
            + z.offset_us AS local_us,
        a.stores * k.weight AS weight
    FROM alike AS a
    JOIN zone_periods AS z ON z.zone = a.zone AND z.ends_us > a.starts_us AND z.starts_us < a.ends_us
    CROSS JOIN (VALUES (-1), (1)) AS k(weight)
),
held AS (
    -- two weeks keep the remainder of early times from being negative
    SELECT e.part, e.local_us, (e.local_us + 1209600000000) % 3600000000 AS into_us, e.weight
    FROM ends AS e
),
hour_ends AS (
    SELECT
        h.part,
        h.local_us - h.into_us AS starts_us,
        sum(h.weight) AS weight,
        sum(h.weight * (h.into_us - 3600000000)) AS inside_us
    FROM held AS h
    GROUP BY h.part, h.local_us - h.into_us
),
hours AS (
    SELECT c.weekday, n.n AS hour, c.day_no * 86400000000 + n.n * 3600000000 AS starts_us
    FROM calendar AS c
    JOIN numbers AS n ON n.n < 24
),
filled AS (
    SELECT
        h.weekday,
        h.hour,
        k.part,
        coalesce(e.inside_us, 0) - 3600000000 * coalesce(sum(e.weight) OVER (
            PARTITION BY k.part ORDER BY h.starts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS part_us
    FROM hours AS h
    CROSS JOIN (VALUES ('open'), ('down'), ('unknown')) AS k(part)
    LEFT JOIN hour_ends AS e ON e.part = k.part AND e.starts_us = h.starts_us
)
SELECT
    f.weekday,
    f.hour,
    CAST(sum(CASE WHEN f.part = 'open' THEN f.part_us ELSE 0 END) AS BIGINT) AS open_us,
    CAST(sum(CASE WHEN f.part = 'down' THEN f.part_us ELSE 0 END) AS BIGINT) AS downtime_us,
    CAST(sum(CASE WHEN f.part = 'unknown' THEN f.part_us ELSE 0 END) AS BIGINT) AS unknown_us
FROM filled AS f
GROUP BY f.weekday, f.hour
