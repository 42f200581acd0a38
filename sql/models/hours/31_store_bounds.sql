-- grain:   one row per store with an opening or closing date
-- columns: store_no; opens_us, closes_us BIGINT, UTC microseconds: before the one and from the
--          other on the store is closed, which is far away without such a date
-- sources: named_stores, store_zones, local_instants
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- unless:  stores
CREATE OR REPLACE TEMP VIEW store_bounds AS
SELECT
    n.store_no,
    coalesce(li1.instant_us, 0 - forever_us()) AS opens_us,
    coalesce(li2.instant_us, forever_us()) AS closes_us
FROM named_stores AS n
JOIN store_zones AS z ON z.store_no = n.store_no
LEFT JOIN local_instants AS li1
    ON li1.zone = z.zone AND li1.local_us = n.opens_on_day * day_us()
LEFT JOIN local_instants AS li2
    ON li2.zone = z.zone AND li2.local_us = (n.closes_on_day + 1) * day_us()
WHERE n.opens_on_day IS NOT NULL OR n.closes_on_day IS NOT NULL
