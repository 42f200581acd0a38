-- grain:   one row per session without evidence
-- columns: store_no; opens_us, closes_us; left_us, left_is_up, right_us, right_is_up: the store's
--          last evidence before the session and first after it, NULL if none
-- sources: sessions, runs
-- rule:    docs/definition.md "Filling"
-- tests:   analytics/testdata/models/unobserved_sessions
-- keep:    yes
-- Few stores have such sessions, so only the runs of those stores are searched. Evidence is ordered
-- in time, so the nearest on each side is a running maximum or minimum of the instants, with the
-- status in the lowest bit.
CREATE OR REPLACE TEMP VIEW unobserved_sessions AS
WITH unobserved AS (
    SELECT s.store_no, s.opens_us, s.closes_us
    FROM sessions AS s
    LEFT JOIN runs AS r ON r.store_no = s.store_no AND r.opens_us = s.opens_us AND r.is_first
    WHERE r.store_no IS NULL
),
points AS (
    SELECT
        u.store_no,
        u.opens_us AS at_us,
        u.closes_us,
        CAST(NULL AS BIGINT) AS first_code,
        CAST(NULL AS BIGINT) AS last_code
    FROM unobserved AS u
    UNION ALL
    SELECT
        r.store_no,
        r.first_us AS at_us,
        CAST(NULL AS BIGINT) AS closes_us,
        r.first_us * 2 + CASE WHEN r.is_up THEN 1 ELSE 0 END AS first_code,
        r.last_us * 2 + CASE WHEN r.is_up THEN 1 ELSE 0 END AS last_code
    FROM runs AS r
    WHERE r.store_no IN (SELECT u.store_no FROM unobserved AS u)
),
surrounded AS (
    SELECT
        p.store_no,
        p.at_us,
        p.closes_us,
        max(p.last_code) OVER (
            PARTITION BY p.store_no ORDER BY p.at_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS left_code,
        min(p.first_code) OVER (
            PARTITION BY p.store_no ORDER BY p.at_us
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS right_code
    FROM points AS p
)
SELECT
    s.store_no,
    s.at_us AS opens_us,
    s.closes_us,
    s.left_code >> 1 AS left_us,
    s.left_code % 2 = 1 AS left_is_up,
    s.right_code >> 1 AS right_us,
    s.right_code % 2 = 1 AS right_is_up
FROM surrounded AS s
WHERE s.closes_us IS NOT NULL
