-- grain:   one row per weekday and hour by the stores' own clocks, 168 in all
-- columns: weekday BIGINT, 0 = Monday; hour BIGINT, 0 to 23; open_us, downtime_us, unknown_us
--          BIGINT, microseconds, sums over all stores for the last 7 days of the longest window
-- sources: calendar, numbers, sessions, spans, store_zones, zone_periods, report_bounds
-- rule:    docs/definition.md "Windows and measures"
-- tests:   TestModelsAgreeWithReference
-- keep:    yes
-- Equal intervals of several stores are merged first: a fleet has far fewer schedules than stores.
-- Local time is derived from UTC, one offset period at a time. An interval is never joined to each
-- hour it covers. Its two ends, weighted -1 and 1, are added up in the hours that contain them. The
-- hour from h on then covers the sum of weight * (x - h - 1 h) over the ends x in it, minus 1 h
-- times the sum of all earlier weights.
CREATE OR REPLACE TEMP VIEW week_hours AS
WITH week AS (
    SELECT greatest(rb.report_start_us, rb.as_of_us - 7 * day_us()) AS from_us, rb.as_of_us AS to_us
    FROM report_bounds AS rb
),
intervals AS (
    SELECT s.store_no, 'open' AS part, s.opens_us AS starts_us, s.closes_us AS ends_us
    FROM sessions AS s
    UNION ALL
    SELECT s.store_no, s.status AS part, s.starts_us, s.ends_us
    FROM spans AS s
    WHERE s.status <> 'up'
),
merged AS (
    SELECT
        z.zone,
        i.part,
        greatest(i.starts_us, w.from_us) AS starts_us,
        least(i.ends_us, w.to_us) AS ends_us,
        count(*) AS stores
    FROM intervals AS i
    JOIN week AS w ON i.ends_us > w.from_us AND i.starts_us < w.to_us
    JOIN store_zones AS z ON z.store_no = i.store_no
    GROUP BY z.zone, i.part, greatest(i.starts_us, w.from_us), least(i.ends_us, w.to_us)
),
ends AS (
    SELECT
        m.part,
        CASE sign.weight
            WHEN 1 THEN least(m.ends_us, z.ends_us)
            ELSE greatest(m.starts_us, z.starts_us)
        END + z.offset_us AS local_us,
        m.stores * sign.weight AS weight
    FROM merged AS m
    JOIN zone_periods AS z
        ON z.zone = m.zone
        AND z.ends_us > m.starts_us
        AND z.starts_us < m.ends_us
    CROSS JOIN (VALUES (-1), (1)) AS sign(weight)
),
split AS (
    SELECT
        e.part,
        e.local_us,
        -- adding two weeks keeps the remainder of early times positive
        (e.local_us + 14 * day_us()) % hour_us() AS into_us,
        e.weight
    FROM ends AS e
),
hour_ends AS (
    SELECT
        s.part,
        s.local_us - s.into_us AS starts_us,
        sum(s.weight) AS weight,
        sum(s.weight * (s.into_us - hour_us())) AS inside_us
    FROM split AS s
    GROUP BY s.part, s.local_us - s.into_us
),
hours AS (
    SELECT c.weekday, n.n AS hour, c.day_no * day_us() + n.n * hour_us() AS starts_us
    FROM calendar AS c
    JOIN numbers AS n ON n.n < 24
),
accumulated AS (
    SELECT
        h.weekday,
        h.hour,
        parts.part,
        coalesce(e.inside_us, 0) AS inside_us,
        coalesce(sum(e.weight) OVER (
            PARTITION BY parts.part ORDER BY h.starts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS earlier_weight
    FROM hours AS h
    CROSS JOIN (VALUES ('open'), ('down'), ('unknown')) AS parts(part)
    LEFT JOIN hour_ends AS e ON e.part = parts.part AND e.starts_us = h.starts_us
),
filled AS (
    SELECT a.weekday, a.hour, a.part, a.inside_us - hour_us() * a.earlier_weight AS part_us
    FROM accumulated AS a
)
SELECT
    f.weekday,
    f.hour,
    CAST(sum(CASE WHEN f.part = 'open' THEN f.part_us ELSE 0 END) AS BIGINT) AS open_us,
    CAST(sum(CASE WHEN f.part = 'down' THEN f.part_us ELSE 0 END) AS BIGINT) AS downtime_us,
    CAST(sum(CASE WHEN f.part = 'unknown' THEN f.part_us ELSE 0 END) AS BIGINT) AS unknown_us
FROM filled AS f
GROUP BY f.weekday, f.hour
