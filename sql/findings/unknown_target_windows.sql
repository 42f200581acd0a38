-- title: windows with targets that the report does not have; these targets were not used
-- level: warning
-- when:  targets
WITH found AS (
    SELECT DISTINCT t.window_name
    FROM targets_rows AS t
    LEFT JOIN windows AS w ON w.name = t.window_name
    WHERE t.window_name IS NOT NULL AND w.name IS NULL
)
SELECT
    (SELECT count(*) FROM found) AS total,
    f.window_name AS example
FROM found AS f
ORDER BY f.window_name
LIMIT 5
