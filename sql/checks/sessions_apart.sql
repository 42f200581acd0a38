-- fail: two sessions of a store must be more than join_gap apart, unless a closure lies between
WITH pairs AS (
    SELECT
        store_no,
        opens_us,
        lag(closes_us) OVER (PARTITION BY store_no ORDER BY opens_us) AS prev_closes_us
    FROM joined_sessions
)
SELECT pair.store_no, pair.opens_us, pair.prev_closes_us
FROM pairs AS pair
CROSS JOIN params AS p
WHERE pair.opens_us <= pair.prev_closes_us + p.join_gap_us
