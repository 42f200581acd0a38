-- fail: two sessions of a store must lie farther apart than join_gap
SELECT s.store_no, s.opens_us, s.prev_closes_us
FROM (
    SELECT
        store_no,
        opens_us,
        lag(closes_us) OVER (PARTITION BY store_no ORDER BY opens_us) AS prev_closes_us
    FROM sessions
) AS s
CROSS JOIN params AS p
WHERE s.opens_us <= s.prev_closes_us + p.join_gap_us
