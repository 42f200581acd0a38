-- grain:   one row per store and closure that is for it and can matter to the report
-- columns: store_no; starts_us, ends_us BIGINT, UTC microseconds, NULL if the local time is given;
--          start_local_us, end_local_us BIGINT, the same of what the store's clock shows; reason;
--          announced_us, announced_local_us BIGINT, in either form
-- sources: closures_rows, stores, attribute_values, report_bounds
-- rule:    docs/definition.md "Addresses", "Sessions"
-- keep:    yes
-- Without either end it lasts until further notice. The closures of all addresses count, as cutting
-- twice changes nothing.
CREATE OR REPLACE TEMP VIEW store_closures AS
WITH near AS (
    SELECT
        c.store_id,
        c.attribute,
        c.value,
        c.starts_us,
        c.ends_us,
        c.start_local_us,
        c.end_local_us,
        c.reason,
        c.announced_us,
        c.announced_local_us
    FROM closures_rows AS c
    CROSS JOIN report_bounds AS rb
    WHERE coalesce(c.starts_us, c.start_local_us) <= rb.latest_us
        AND coalesce(c.ends_us, c.end_local_us, rb.latest_us) >= rb.earliest_us
)
SELECT
    s.store_no,
    n.starts_us,
    n.ends_us,
    n.start_local_us,
    n.end_local_us,
    n.reason,
    n.announced_us,
    n.announced_local_us
FROM near AS n
JOIN stores AS s ON s.store_id = n.store_id AND n.store_id <> '*'
UNION ALL
SELECT
    a.store_no,
    n.starts_us,
    n.ends_us,
    n.start_local_us,
    n.end_local_us,
    n.reason,
    n.announced_us,
    n.announced_local_us
FROM near AS n
JOIN attribute_values AS a ON a.attribute = n.attribute AND a.value = n.value
UNION ALL
SELECT
    s.store_no,
    n.starts_us,
    n.ends_us,
    n.start_local_us,
    n.end_local_us,
    n.reason,
    n.announced_us,
    n.announced_local_us
FROM near AS n
CROSS JOIN stores AS s
WHERE n.store_id = '*'
