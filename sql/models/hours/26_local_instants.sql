-- grain:   one row per zone and local time at which a store opens or closes, for once or for good,
--          or a closure begins, ends or was announced
-- columns: zone; local_us BIGINT, wall clock time; instant_us BIGINT, UTC microseconds: the first
--          instant at which the wall clock of the zone reads local_us or later
-- sources: openings, store_closures, named_stores, store_zones, zone_periods
-- rule:    docs/definition.md "The store's clock"
-- tests:   analytics/testdata/models/local_instants
-- keep:    yes
-- Both ends of a shift use this one mapping, so a skipped or repeated hour cannot swap them.
CREATE OR REPLACE TEMP VIEW local_instants AS
WITH local_times AS (
    SELECT o.zone, o.opens_local_us AS local_us FROM openings AS o
    UNION
    SELECT o.zone, o.closes_local_us AS local_us FROM openings AS o
    UNION
    SELECT z.zone, n.opens_on_day * day_us() AS local_us
    FROM named_stores AS n
    JOIN store_zones AS z ON z.store_no = n.store_no
    WHERE n.opens_on_day IS NOT NULL
    UNION
    SELECT z.zone, (n.closes_on_day + 1) * day_us() AS local_us
    FROM named_stores AS n
    JOIN store_zones AS z ON z.store_no = n.store_no
    WHERE n.closes_on_day IS NOT NULL
    UNION
    SELECT
        z.zone,
        CASE side.no
            WHEN 0 THEN c.start_local_us
            WHEN 1 THEN c.end_local_us
            ELSE c.announced_local_us
        END AS local_us
    FROM store_closures AS c
    JOIN store_zones AS z ON z.store_no = c.store_no
    CROSS JOIN (VALUES (0), (1), (2)) AS side(no)
)
SELECT
    t.zone,
    t.local_us,
    min(greatest(z.starts_us, t.local_us - z.offset_us)) AS instant_us
FROM local_times AS t
JOIN zone_periods AS z ON z.zone = t.zone AND z.ends_us + z.offset_us > t.local_us
GROUP BY t.zone, t.local_us
