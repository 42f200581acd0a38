-- title: repeated status rows; counted once
-- level: info
WITH found AS (
    SELECT store_no, observed_us, row_count - 1 - CASE WHEN is_conflict THEN 1 ELSE 0 END AS n
    FROM repeats
    WHERE row_count - 1 - CASE WHEN is_conflict THEN 1 ELSE 0 END > 0
)
SELECT
    (SELECT sum(n) FROM found) AS total,
    s.store_id || ' at ' || instant_text(f.observed_us) AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.store_no, f.observed_us
LIMIT 5
