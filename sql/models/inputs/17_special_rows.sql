-- grain:   one row per store, local date of the calendar and special hours row that is for both
-- columns: store_no; day_no BIGINT, days since 1970-01-01; level, of the row's address: it sorts
--          before that of a less specific one; is_closed; opens_clock_us, closes_clock_us BIGINT,
--          microseconds after the midnight that starts the date, closing past 24 h if it falls on
--          the next date, NULL if closed; name
-- sources: special_hours_rows, calendar, addressed_stores
-- rule:    docs/definition.md "Addresses", "Sessions"
-- keep:    yes
-- unless:  special_hours
CREATE OR REPLACE TEMP VIEW special_rows AS
SELECT
    a.store_no,
    c.day_no,
    a.level,
    r.is_closed,
    r.opens_clock_us,
    CASE
        WHEN r.closes_clock_us > r.opens_clock_us THEN r.closes_clock_us
        ELSE r.closes_clock_us + day_us()
    END AS closes_clock_us,
    r.name
FROM special_hours_rows AS r
JOIN calendar AS c ON c.day_no >= r.first_day AND c.day_no <= r.last_day
JOIN addressed_stores AS a
    ON a.store_id IS NOT DISTINCT FROM r.store_id
    AND a.attribute IS NOT DISTINCT FROM r.attribute
    AND a.value IS NOT DISTINCT FROM r.value
