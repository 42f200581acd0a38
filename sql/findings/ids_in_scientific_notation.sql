-- title: ids in scientific notation, which several stores may share: export ids as text
-- level: doubtful
WITH found AS (
    SELECT store_id
    FROM all_ids
    WHERE store_id LIKE '%+%'
        AND without_digits(upper(store_id)) IN ('E+', '.E+', ',E+')
        AND upper(store_id) LIKE '_%E+__%'
)
SELECT (SELECT count(*) FROM found) AS total, store_id AS example
FROM found
ORDER BY store_id
LIMIT 5
