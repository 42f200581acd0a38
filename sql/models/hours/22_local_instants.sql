-- grain:   one row per zone and local time at which a store opens or closes
-- columns: zone; local_us BIGINT, wall clock time; instant_us BIGINT, UTC microseconds: the first
--          instant at which the wall clock of the zone reads local_us or later
-- sources: openings, zone_periods
-- rule:    docs/definition.md "The store's clock"
-- tests:   analytics/testdata/models/local_instants
-- keep:    yes
-- Both ends of a shift use this one mapping, so a skipped or repeated hour cannot swap them.
CREATE OR REPLACE TEMP VIEW local_instants AS
WITH local_times AS (
    SELECT o.zone, o.opens_local_us AS local_us FROM openings AS o
    UNION
    SELECT o.zone, o.closes_local_us AS local_us FROM openings AS o
)
SELECT
    t.zone,
    t.local_us,
    min(greatest(z.starts_us, t.local_us - z.offset_us)) AS instant_us
FROM local_times AS t
JOIN zone_periods AS z ON z.zone = t.zone AND z.ends_us + z.offset_us > t.local_us
GROUP BY t.zone, t.local_us
