-- title: dates that no version of a store's hours covers; treated as closed
-- level: warning
WITH found AS (
    SELECT v.store_no, v.day_no
    FROM hours_versions AS v
    CROSS JOIN params AS p
    WHERE v.version_day IS NULL
        AND v.day_no * day_us() < p.as_of_us
        AND (v.day_no + 1) * day_us() > p.horizon_us
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' on ' || day_text(f.day_no) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.day_no
LIMIT 5
