-- title: closures without an end; they last until further notice
-- level: info
-- when:  closures
WITH found AS (
    SELECT DISTINCT
        coalesce(c.store_id, c.attribute || ' = ' || c.value) AS address,
        coalesce(c.starts_us, c.start_local_us) AS starts_us
    FROM closures_rows AS c
    WHERE c.ends_us IS NULL AND c.end_local_us IS NULL
)
SELECT
    (SELECT count(*) FROM found) AS total,
    f.address || ' from ' || day_text(whole_quotient(f.starts_us, day_us())) AS example
FROM found AS f
ORDER BY f.address, f.starts_us
LIMIT 5
