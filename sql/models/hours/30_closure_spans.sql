-- grain:   one row per store and closure that lasts in UTC and overlaps the horizon
-- columns: store_no; starts_us, ends_us BIGINT, UTC microseconds, half-open; reason; announced_us
--          BIGINT, UTC microseconds, NULL if that is not known
-- sources: store_closures, store_zones, local_instants, report_bounds
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- unless:  closures
CREATE OR REPLACE TEMP VIEW closure_spans AS
WITH instants AS (
    SELECT
        c.store_no,
        coalesce(c.starts_us, li1.instant_us) AS starts_us,
        coalesce(c.ends_us, li2.instant_us, forever_us()) AS ends_us,
        c.reason,
        coalesce(c.announced_us, li3.instant_us) AS announced_us
    FROM store_closures AS c
    JOIN store_zones AS z ON z.store_no = c.store_no
    LEFT JOIN local_instants AS li1
        ON li1.zone = z.zone AND li1.local_us = c.start_local_us
    LEFT JOIN local_instants AS li2
        ON li2.zone = z.zone AND li2.local_us = c.end_local_us
    LEFT JOIN local_instants AS li3
        ON li3.zone = z.zone AND li3.local_us = c.announced_local_us
)
SELECT i.store_no, i.starts_us, i.ends_us, i.reason, i.announced_us
FROM instants AS i
CROSS JOIN report_bounds AS rb
WHERE i.starts_us < i.ends_us AND i.ends_us > rb.horizon_us AND i.starts_us <= rb.as_of_us
