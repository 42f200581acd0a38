-- grain:   one row per zone and local time at which some store opens or closes
-- columns: zone; local_us BIGINT, what the wall clock reads; instant_us BIGINT, UTC microseconds:
--          the first instant at which that zone's wall clock reads this time or later
-- sources: openings, zone_periods
-- rule:    docs/definition.md "The store's clock"
-- keep:    yes
-- Both ends of a shift pass through here, so a skipped or repeated hour cannot turn one around.
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
