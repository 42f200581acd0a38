-- title: sessions in which the store was never observed
-- level: info
-- Sessions that opened before the horizon are not counted: earlier observations are not read.
WITH found AS (
    SELECT u.store_no, u.opens_us
    FROM unobserved_sessions AS u
    CROSS JOIN report_bounds AS rb
    WHERE u.opens_us >= rb.horizon_us AND u.opens_us < rb.as_of_us
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' opening ' || instant_text(f.opens_us) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.opens_us
LIMIT 5
