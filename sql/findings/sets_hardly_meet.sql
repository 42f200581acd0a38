-- title: sets that share few ids with status: the same stores may have different ids in each
-- level: doubtful
WITH kinds AS (
    SELECT
        in_status,
        in_hours,
        in_zones,
        in_stores,
        count(*) AS id_count,
        min(store_id) AS first_id,
        max(store_id) AS last_id
    FROM all_ids
    GROUP BY in_status, in_hours, in_zones, in_stores
),
pairs AS (
    SELECT 'hours' AS set_name, in_status, in_hours AS in_set, id_count, first_id, last_id
    FROM kinds
    UNION ALL
    SELECT 'zones' AS set_name, in_status, in_zones AS in_set, id_count, first_id, last_id
    FROM kinds
    UNION ALL
    SELECT 'stores' AS set_name, in_status, in_stores AS in_set, id_count, first_id, last_id
    FROM kinds
),
sizes AS (
    SELECT
        set_name,
        sum(CASE WHEN in_status THEN id_count ELSE 0 END) AS status_count,
        sum(CASE WHEN in_set THEN id_count ELSE 0 END) AS set_count,
        sum(CASE WHEN in_status AND in_set THEN id_count ELSE 0 END) AS common_count,
        min(CASE WHEN in_status AND NOT in_set THEN first_id END) AS first_in_status,
        max(CASE WHEN in_status AND NOT in_set THEN last_id END) AS last_in_status,
        min(CASE WHEN in_set AND NOT in_status THEN first_id END) AS first_in_set,
        max(CASE WHEN in_set AND NOT in_status THEN last_id END) AS last_in_set
    FROM pairs
    GROUP BY set_name
),
found AS (
    SELECT *
    FROM sizes
    WHERE set_count > 0 AND status_count > 0 AND 2 * common_count < least(status_count, set_count)
)
SELECT
    (SELECT count(*) FROM found) AS total,
    'ids in ' || set_name || ': ' || CAST(set_count AS STRING) || ', in status: '
        || CAST(status_count AS STRING) || ', in both: ' || CAST(common_count AS STRING)
        || '; only in ' || set_name || ': ' || first_in_set
        || CASE WHEN last_in_set > first_in_set THEN ', ' || last_in_set ELSE '' END
        || '; only in status: ' || first_in_status
        || CASE WHEN last_in_status > first_in_status THEN ', ' || last_in_status ELSE '' END
        AS example
FROM found
ORDER BY set_name
LIMIT 5
