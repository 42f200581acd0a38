-- grain:   one row per store and closure that is for it and can matter to the report
-- columns: store_no; starts_us, ends_us BIGINT, UTC microseconds, NULL if the local time is given;
--          start_local_us, end_local_us BIGINT, the same of what the store's clock shows; reason;
--          announced_us, announced_local_us BIGINT, in either form
-- sources: closures_rows, addressed_stores, report_bounds
-- rule:    docs/definition.md "Addresses", "Sessions"
-- keep:    yes
-- unless:  closures
-- Without either end it lasts until further notice. The closures of all addresses count, as cutting
-- twice changes nothing.
CREATE OR REPLACE TEMP VIEW store_closures AS
SELECT
    a.store_no,
    c.starts_us,
    c.ends_us,
    c.start_local_us,
    c.end_local_us,
    c.reason,
    c.announced_us,
    c.announced_local_us
FROM closures_rows AS c
JOIN report_bounds AS rb
    ON coalesce(c.starts_us, c.start_local_us) <= rb.latest_us
    AND coalesce(c.ends_us, c.end_local_us, rb.latest_us) >= rb.earliest_us
JOIN addressed_stores AS a
    ON a.store_id IS NOT DISTINCT FROM c.store_id
    AND a.attribute IS NOT DISTINCT FROM c.attribute
    AND a.value IS NOT DISTINCT FROM c.value
