-- grain:   one row per zone of the data and window
-- columns: zone; window_no; start_us, end_us BIGINT, UTC microseconds, half-open, equal if the
--          window lies after as_of
-- sources: id_zones, windows, window_days, zone_periods, params
-- rule:    docs/definition.md "Windows and measures"
-- tests:   analytics/testdata/models/zone_windows
-- keep:    yes
-- A calendar window runs from midnight to midnight by the clock of its zone. The dates of one that
-- is relative, as yesterday is, depend on the zone's local date of as_of: window_days has them for
-- each date that as_of can fall on.
CREATE OR REPLACE TEMP VIEW zone_windows AS
WITH zones AS (
    SELECT DISTINCT i.zone FROM id_zones AS i
),
local_dates AS (
    SELECT
        z.zone,
        whole_quotient(
            p.as_of_us + z.offset_us
                - ((p.as_of_us + z.offset_us) % day_us() + day_us()) % day_us(),
            day_us()
        ) AS day_no
    FROM zone_periods AS z
    JOIN params AS p ON z.starts_us <= p.as_of_us AND z.ends_us > p.as_of_us
),
midnights AS (
    SELECT
        l.zone,
        w.window_no,
        side.is_end,
        CASE side.is_end WHEN 0 THEN w.first_day ELSE w.end_day END * day_us() AS local_us
    FROM local_dates AS l
    JOIN window_days AS w ON coalesce(w.as_of_day, l.day_no) = l.day_no
    CROSS JOIN (VALUES (0), (1)) AS side(is_end)
),
instants AS (
    SELECT
        m.zone,
        m.window_no,
        m.is_end,
        min(greatest(z.starts_us, m.local_us - z.offset_us)) AS instant_us
    FROM midnights AS m
    JOIN zone_periods AS z ON z.zone = m.zone AND z.ends_us + z.offset_us > m.local_us
    GROUP BY m.zone, m.window_no, m.is_end
)
SELECT z.zone, w.window_no, w.end_us - w.length_us AS start_us, w.end_us
FROM zones AS z
CROSS JOIN windows AS w
WHERE w.length_us IS NOT NULL
UNION ALL
SELECT
    i.zone,
    i.window_no,
    min(least(i.instant_us, p.as_of_us)) AS start_us,
    max(least(i.instant_us, p.as_of_us)) AS end_us
FROM instants AS i
CROSS JOIN params AS p
GROUP BY i.zone, i.window_no
