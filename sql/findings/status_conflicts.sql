-- title: a store both active and inactive at one instant; inactive was used
-- level: warning
WITH found AS (
    SELECT store_no, observed_us FROM repeats WHERE is_conflict
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' at ' || instant_text(f.observed_us) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.observed_us
LIMIT 5
