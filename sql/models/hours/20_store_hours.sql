-- grain:   one row per store and distinct hours row
-- columns: store_no; weekday BIGINT, 0 = Monday; opens_clock_us, closes_clock_us BIGINT,
--          microseconds after the midnight that starts the row's local date, closing past 24 h if
--          it falls on the next date; valid_from_day, valid_through_day BIGINT, the local dates
--          between which it counts, days since 1970-01-01, NULL without bound; row_count BIGINT,
--          number of equal rows in the data
-- sources: hours_rows, stores
-- rule:    docs/definition.md "Sessions"
-- tests:   analytics/testdata/models/store_hours
-- keep:    yes
CREATE OR REPLACE TEMP VIEW store_hours AS
WITH numbered AS (
    SELECT
        s.store_no,
        h.weekday,
        h.opens_clock_us,
        CASE
            WHEN h.closes_clock_us > h.opens_clock_us THEN h.closes_clock_us
            ELSE h.closes_clock_us + day_us()
        END AS closes_clock_us,
        h.valid_from_day,
        h.valid_through_day
    FROM hours_rows AS h
    JOIN stores AS s ON s.store_id = h.store_id
)
SELECT
    n.store_no,
    n.weekday,
    n.opens_clock_us,
    n.closes_clock_us,
    n.valid_from_day,
    n.valid_through_day,
    count(*) AS row_count
FROM numbered AS n
GROUP BY
    n.store_no,
    n.weekday,
    n.opens_clock_us,
    n.closes_clock_us,
    n.valid_from_day,
    n.valid_through_day
