-- grain:   one row per store and opening on one local date
-- columns: store_no; opens_us, closes_us BIGINT, UTC microseconds, half-open, never empty; source,
--          what opens the store: `weekly` or `special` hours, or `always` for want of any; day_no,
--          the local date on which it opens, days since 1970-01-01, NULL for `always`;
--          valid_from_day of the weekly hours
-- sources: weekly_hours, hours_versions, special_days, special_openings, store_zones,
--          opening_instants, stores_apart, report_bounds
-- rule:    docs/definition.md "Sessions"
-- Not kept: `shifts` has what the models need of it.
-- A store without hours rows or special hours is open for the whole of the calendar.
CREATE OR REPLACE TEMP VIEW shift_reasons AS
WITH weekly AS (
    SELECT
        h.store_no,
        h.valid_from_day,
        h.valid_through_day,
        i.opens_us,
        i.closes_us,
        i.day_no
    FROM weekly_hours AS h
    JOIN store_zones AS z ON z.store_no = h.store_no
    JOIN opening_instants AS i
        ON i.zone = z.zone
        AND i.weekday = h.weekday
        AND i.opens_clock_us = h.opens_clock_us
        AND i.closes_clock_us = h.closes_clock_us
)
SELECT
    w.store_no,
    w.opens_us,
    w.closes_us,
    'weekly' AS source,
    w.day_no,
    w.valid_from_day
FROM weekly AS w
WHERE w.store_no NOT IN (SELECT a.store_no FROM stores_apart AS a)
UNION ALL
SELECT
    w.store_no,
    w.opens_us,
    w.closes_us,
    'weekly' AS source,
    w.day_no,
    w.valid_from_day
FROM weekly AS w
JOIN stores_apart AS a ON a.store_no = w.store_no
LEFT JOIN special_days AS d ON d.store_no = w.store_no AND d.day_no = w.day_no
LEFT JOIN hours_versions AS v ON v.store_no = w.store_no AND v.day_no = w.day_no
WHERE d.store_no IS NULL
    AND (
        NOT a.has_dates
        OR (
            v.version_day = coalesce(w.valid_from_day, 0 - forever_us())
            AND coalesce(w.valid_through_day >= w.day_no, TRUE)
        )
    )
UNION ALL
SELECT
    o.store_no,
    i.opens_us,
    i.closes_us,
    'special' AS source,
    i.day_no,
    CAST(NULL AS BIGINT) AS valid_from_day
FROM special_openings AS o
JOIN store_zones AS z ON z.store_no = o.store_no
JOIN opening_instants AS i
    ON i.zone = z.zone
    AND i.is_special
    AND i.day_no = o.day_no
    AND i.opens_clock_us = o.opens_clock_us
    AND i.closes_clock_us = o.closes_clock_us
UNION ALL
SELECT
    a.store_no,
    rb.earliest_us AS opens_us,
    rb.latest_us AS closes_us,
    'always' AS source,
    CAST(NULL AS BIGINT) AS day_no,
    CAST(NULL AS BIGINT) AS valid_from_day
FROM stores_apart AS a
CROSS JOIN report_bounds AS rb
WHERE NOT a.has_hours AND NOT a.has_special
