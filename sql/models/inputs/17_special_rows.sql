-- grain:   one row per store, local date of the calendar and special hours row that is for both
-- columns: store_no; day_no BIGINT, days since 1970-01-01; level, of the row's address: it sorts
--          before that of a less specific one; is_closed; opens_clock_us, closes_clock_us BIGINT,
--          microseconds after the midnight that starts the date, closing past 24 h if it falls on
--          the next date, NULL if closed; name
-- sources: special_hours_rows, calendar, stores, attribute_values
-- rule:    docs/definition.md "Addresses", "Sessions"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW special_rows AS
WITH dated AS (
    SELECT
        r.store_id,
        r.attribute,
        r.value,
        c.day_no,
        r.is_closed,
        r.opens_clock_us,
        CASE
            WHEN r.closes_clock_us > r.opens_clock_us THEN r.closes_clock_us
            ELSE r.closes_clock_us + day_us()
        END AS closes_clock_us,
        r.name
    FROM special_hours_rows AS r
    JOIN calendar AS c ON c.day_no >= r.first_day AND c.day_no <= r.last_day
)
SELECT
    s.store_no,
    d.day_no,
    '1' AS level,
    d.is_closed,
    d.opens_clock_us,
    d.closes_clock_us,
    d.name
FROM dated AS d
JOIN stores AS s ON s.store_id = d.store_id AND d.store_id <> '*'
UNION ALL
SELECT
    a.store_no,
    d.day_no,
    concat('2', d.attribute) AS level,
    d.is_closed,
    d.opens_clock_us,
    d.closes_clock_us,
    d.name
FROM dated AS d
JOIN attribute_values AS a ON a.attribute = d.attribute AND a.value = d.value
UNION ALL
SELECT
    s.store_no,
    d.day_no,
    '3' AS level,
    d.is_closed,
    d.opens_clock_us,
    d.closes_clock_us,
    d.name
FROM dated AS d
CROSS JOIN stores AS s
WHERE d.store_id = '*'
