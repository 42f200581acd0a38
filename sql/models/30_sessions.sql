-- grain:   one row per store and session that reaches into the horizon
-- columns: store_no; opens_us, closes_us BIGINT, UTC microseconds, half-open
-- sources: shifts, params          rule: docs/definition.md "Sessions"
-- tests:   analytics/testdata/models
-- keep:    yes
CREATE OR REPLACE TEMP VIEW sessions AS
WITH reached AS (
    SELECT
        s.store_no,
        s.opens_us,
        s.closes_us,
        MAX(s.closes_us) OVER (
            PARTITION BY s.store_no ORDER BY s.opens_us, s.closes_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_us
    FROM shifts AS s
),
numbered AS (
    SELECT
        r.store_no,
        r.opens_us,
        r.closes_us,
        SUM(
            CASE
                WHEN r.reached_us IS NULL OR r.opens_us > r.reached_us + p.join_gap_us THEN 1
                ELSE 0
            END
        ) OVER (
            PARTITION BY r.store_no ORDER BY r.opens_us, r.closes_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS session_no
    FROM reached AS r
    CROSS JOIN params AS p
),
joined AS (
    SELECT n.store_no, MIN(n.opens_us) AS opens_us, MAX(n.closes_us) AS closes_us
    FROM numbered AS n
    GROUP BY n.store_no, n.session_no
)
SELECT j.store_no, j.opens_us, j.closes_us
FROM joined AS j
CROSS JOIN params AS p
WHERE j.closes_us > p.horizon_us AND j.opens_us <= p.as_of_us
