-- title: targets of windows by several attributes of a store; the first of them was used
-- level: warning
-- when:  targets
WITH of_attributes AS (
    SELECT
        a.store_no,
        t.window_no,
        min(a.attribute) AS attribute,
        count(DISTINCT a.attribute) AS attribute_count
    FROM window_targets AS t
    JOIN attribute_values AS a ON a.attribute = t.attribute AND a.value = t.value
    GROUP BY a.store_no, t.window_no
),
of_stores AS (
    SELECT s.store_no, t.window_no
    FROM window_targets AS t
    JOIN stores AS s ON s.store_id = t.store_id
),
found AS (
    SELECT a.store_no, a.window_no, a.attribute
    FROM of_attributes AS a
    LEFT JOIN of_stores AS s ON s.store_no = a.store_no AND s.window_no = a.window_no
    WHERE a.attribute_count > 1 AND s.store_no IS NULL
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' in ' || w.name || ' by ' || f.attribute AS example
FROM found AS f
JOIN stores AS s USING (store_no)
JOIN windows AS w ON w.window_no = f.window_no
ORDER BY f.store_no, f.window_no
LIMIT 5
