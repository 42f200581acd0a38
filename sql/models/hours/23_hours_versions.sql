-- grain:   one row per store whose hours have dates, and local date of the calendar
-- columns: store_no; day_no BIGINT, days since 1970-01-01; version_day BIGINT, valid_from_day of
--          the rows that count on the date, far in the past for rows without one, NULL if no row
--          covers the date
-- sources: stores_apart, store_hours, calendar
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- unless:  versions
CREATE OR REPLACE TEMP VIEW hours_versions AS
SELECT
    a.store_no,
    c.day_no,
    max(CASE
        WHEN coalesce(h.valid_from_day <= c.day_no, TRUE)
            AND coalesce(h.valid_through_day >= c.day_no, TRUE)
            THEN coalesce(h.valid_from_day, 0 - forever_us())
    END) AS version_day
FROM stores_apart AS a
CROSS JOIN calendar AS c
JOIN store_hours AS h ON h.store_no = a.store_no
WHERE a.has_dates
GROUP BY a.store_no, c.day_no
