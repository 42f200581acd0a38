-- grain:   one row per store and distinct hours row
-- columns: store_no; zone; weekday BIGINT, 0 = Monday; opens_clock_us, closes_clock_us BIGINT,
--          microseconds after the midnight that begins the row's local date, closing past
--          24 h where it falls on the next date; row_count BIGINT, how often the data says so
-- sources: hours_rows, stores, store_zones          rule: docs/definition.md "Sessions"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW store_hours AS
WITH numbered AS (
    SELECT
        s.store_no,
        h.weekday,
        h.opens_clock_us,
        CASE
            WHEN h.closes_clock_us > h.opens_clock_us THEN h.closes_clock_us
            ELSE h.closes_clock_us + 86400000000
        END AS closes_clock_us
    FROM hours_rows AS h
    JOIN stores AS s ON s.store_id = h.store_id
),
counted AS (
    SELECT n.store_no, n.weekday, n.opens_clock_us, n.closes_clock_us, COUNT(*) AS row_count
    FROM numbered AS n
    GROUP BY n.store_no, n.weekday, n.opens_clock_us, n.closes_clock_us
)
SELECT c.store_no, z.zone, c.weekday, c.opens_clock_us, c.closes_clock_us, c.row_count
FROM counted AS c
JOIN store_zones AS z ON z.store_no = c.store_no
