-- title: ids that stand for a missing value; each counts as one store
-- level: warning
WITH found AS (
    SELECT store_id, store_id < '!' OR store_id > '~' AS is_blank
    FROM all_ids
    WHERE (store_id < '0' OR store_id > ':') -- most ids begin with a digit and need no more tests
        AND (lower(store_id) IN (
                chr(92) || 'n', 'null', '(null)', '<null>', 'nil', 'none', 'nan', 'na', '<na>',
                'n/a', '#n/a', '#null!', '#ref!', '#value!', '#name?', 'undefined')
            OR (store_id < '!' OR store_id > '~') AND without_blanks(store_id) = '')
)
SELECT
    (SELECT count(*) FROM found) AS total,
    CASE
        WHEN is_blank THEN 'invisible characters (' || CAST(length(store_id) AS STRING) || ')'
        ELSE store_id
    END AS example
FROM found
ORDER BY store_id
LIMIT 5
