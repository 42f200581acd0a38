-- title: dates that no version of a store's hours covers; treated as closed
-- level: warning
-- when: versions
-- Only dates that have begun by the store's clock, on which nothing else says whether it is open.
WITH found AS (
    SELECT v.store_no, v.day_no
    FROM hours_versions AS v
    CROSS JOIN report_bounds AS rb
    JOIN store_zones AS z ON z.store_no = v.store_no
    JOIN zone_periods AS period
        ON period.zone = z.zone
        AND period.starts_us < rb.as_of_us
        AND period.ends_us >= rb.as_of_us
    LEFT JOIN special_days AS d ON d.store_no = v.store_no AND d.day_no = v.day_no
    LEFT JOIN named_stores AS n ON n.store_no = v.store_no
    WHERE v.version_day IS NULL
        AND v.day_no * day_us() - period.offset_us < rb.as_of_us
        AND (v.day_no + 1) * day_us() - period.offset_us > rb.horizon_us
        AND d.store_no IS NULL
        AND v.day_no >= coalesce(n.opens_on_day, v.day_no)
        AND v.day_no <= coalesce(n.closes_on_day, v.day_no)
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' on ' || day_text(f.day_no) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.day_no
LIMIT 5
