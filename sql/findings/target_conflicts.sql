-- title: stores, or values of attributes, with several targets for a window; the highest was used
-- level: warning
-- when:  targets
WITH found AS (
    SELECT
        coalesce(t.store_id, t.attribute || ' = ' || t.value) AS address,
        t.window_no,
        w.name
    FROM window_targets AS t
    JOIN windows AS w ON w.window_no = t.window_no
    WHERE t.target_count > 1
)
SELECT
    (SELECT count(*) FROM found) AS total,
    f.address || ' in ' || f.name AS example
FROM found AS f
ORDER BY f.address, f.window_no
LIMIT 5
