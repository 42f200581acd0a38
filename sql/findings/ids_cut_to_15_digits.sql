-- title: ids cut to 15 digits, which several stores may share: export ids as text
-- level: doubtful
-- Spreadsheets keep 15 digits of a number and write zeros for the rest. It takes at least three
-- such ids, and more than four times as many as by chance: one number of 16 digits in ten ends so.
WITH long_ids AS (
    SELECT
        store_id,
        -- only the few that end in a zero need the slower tests
        CASE
            WHEN store_id LIKE '%0' AND replace(substr(store_id, 16), '0', '') = ''
                THEN without_digits(store_id) = ''
            ELSE FALSE
        END AS is_cut,
        -- by chance, in 100,000ths
        CASE length(store_id)
            WHEN 16 THEN 10000 WHEN 17 THEN 1000 WHEN 18 THEN 100 WHEN 19 THEN 10 ELSE 1
        END AS expected
    FROM all_ids
    WHERE length(store_id) BETWEEN 16 AND 20
),
sums AS (
    SELECT sum(CASE WHEN is_cut THEN 1 ELSE 0 END) AS cut_count, sum(expected) AS expected
    FROM long_ids
),
found AS (
    SELECT i.store_id
    FROM long_ids AS i
    CROSS JOIN sums AS s
    WHERE i.is_cut AND s.cut_count >= 3 AND s.cut_count * 100000 > 4 * s.expected
)
SELECT (SELECT count(*) FROM found) AS total, store_id AS example
FROM found
ORDER BY store_id
LIMIT 5
