-- title: sessions in which the store was never observed
-- level: info
-- What a session that began before the horizon was told then is not known, so it is not counted.
WITH found AS (
    SELECT v.store_no, v.opens_us
    FROM unobserved_sessions AS v
    CROSS JOIN params AS p
    WHERE v.opens_us >= p.horizon_us AND v.opens_us < p.as_of_us
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' opening ' || instant_text(f.opens_us) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.opens_us
LIMIT 5
