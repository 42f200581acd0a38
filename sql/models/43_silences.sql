-- grain:   one row per session without evidence
-- columns: store_no; opens_us, closes_us; left_us, left_is_up, right_us, right_is_up: the store's
--          last evidence before the session and first after it, NULL where there is none
-- sources: sessions, runs          rule: docs/definition.md "Filling"
-- keep:    yes
-- Evidence grows with time, so the nearest on a side is a running maximum or minimum of the
-- instants, with the status carried in the lowest bit.
CREATE OR REPLACE TEMP VIEW silences AS
WITH observed AS (
    SELECT
        r.store_no,
        r.opens_us,
        MIN(r.first_us * 2 + CASE WHEN r.is_up THEN 1 ELSE 0 END) AS first_code,
        MAX(r.last_us * 2 + CASE WHEN r.is_up THEN 1 ELSE 0 END) AS last_code
    FROM runs AS r
    GROUP BY r.store_no, r.opens_us
),
around AS (
    SELECT
        s.store_no,
        s.opens_us,
        s.closes_us,
        o.first_code,
        MAX(o.last_code) OVER (
            PARTITION BY s.store_no ORDER BY s.opens_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS left_code,
        MIN(o.first_code) OVER (
            PARTITION BY s.store_no ORDER BY s.opens_us
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS right_code
    FROM sessions AS s
    LEFT JOIN observed AS o ON o.store_no = s.store_no AND o.opens_us = s.opens_us
)
SELECT
    a.store_no,
    a.opens_us,
    a.closes_us,
    a.left_code >> 1 AS left_us,
    a.left_code % 2 = 1 AS left_is_up,
    a.right_code >> 1 AS right_us,
    a.right_code % 2 = 1 AS right_is_up
FROM around AS a
WHERE a.first_code IS NULL
