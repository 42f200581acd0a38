-- The input files of the data folder.
-- rule: docs/definition.md "Inputs"
CREATE OR REPLACE TEMP TABLE input_files AS
WITH found AS (
    SELECT file AS path, file[length(getvariable('data_folder')) + 2:] AS name
    FROM (
        FROM glob(getvariable('data_folder') || '/*')
        UNION ALL
        FROM glob(getvariable('data_folder') || '/*/*')
        UNION ALL
        FROM glob(getvariable('data_folder') || '/*/*=*/*')
    )
),
placed AS (
    -- the folder in place of a part file, as a folder named like a set stands for the files in it
    SELECT path, name, regexp_replace(name, '/[^/._][^/]*$', '') AS place
    FROM found
)
SELECT
    CASE
        -- generated: file names of the sets; `just docs` writes them
        WHEN regexp_full_match(place, '(?i)(store[ _-]status)[^/]*')
            THEN 'status'
        WHEN regexp_full_match(place, '(?i)(menu[ _-]hours|business[ _-]hours)[^/]*')
            THEN 'hours'
        WHEN regexp_full_match(place, '(?i)(timezones|bq[ _-]results)[^/]*')
            THEN 'zones'
        WHEN regexp_full_match(place, '(?i)(stores)([^a-z/][^/]*)?')
            THEN 'stores'
        WHEN regexp_full_match(place, '(?i)(special[ _-]hours|holiday[ _-]hours)[^/]*')
            THEN 'special_hours'
        WHEN regexp_full_match(place, '(?i)(closures|planned[ _-]closures)[^/]*')
            THEN 'closures'
        WHEN regexp_full_match(place, '(?i)(targets)[^/]*')
            THEN 'targets'
        -- end
        WHEN regexp_full_match(name, '(?i)status/day=[^/]*/[^./][^/]*\.parquet') THEN 'status'
    END AS set_name,
    name,
    path
FROM placed
WHERE set_name IS NOT NULL AND file_format(name) IS NOT NULL;

-- What is wrong with the folder itself, NULL if nothing is; a query of status rows raises it. Each
-- day that compact wrote must be as status/manifest.json lists it, or totals would be too low.
SET VARIABLE input_fault = (
    WITH compacted_days AS (
        SELECT
            day ->> '$.file' AS name,
            CAST(day ->> '$.bytes' AS BIGINT) AS bytes,
            day ->> '$.rows' AS row_count
        FROM (
            SELECT unnest(CAST(CAST(content AS JSON) -> '$.days' AS JSON[])) AS day
            FROM read_text(getvariable('data_folder') || '/status/manifest.jso[n]')
        )
    ),
    sizes AS (
        SELECT filename[length(getvariable('data_folder')) + 2:] AS name, size AS bytes
        FROM read_blob(getvariable('data_folder') || '/status/day=*/*.parque[t]')
    )
    SELECT coalesce(
        (
            SELECT CASE
                WHEN s.name IS NULL
                    THEN format(
                        '{} is missing: status/manifest.json says that its {} rows count; '
                        || 'put it back',
                        d.name, d.row_count)
                ELSE format(
                    '{} has {} bytes instead of the {} that compact wrote: it was changed; '
                    || 'put the right one back',
                    d.name, s.bytes, d.bytes)
            END
            FROM compacted_days AS d
            LEFT JOIN sizes AS s ON s.name = d.name
            WHERE s.bytes IS DISTINCT FROM d.bytes
            ORDER BY d.name
            LIMIT 1
        ),
        CASE
            WHEN NOT EXISTS (FROM input_files WHERE set_name = 'status')
                THEN format(
                    'data folder {} does not exist, may not be read, or holds no status file: '
                    || 'one named store_status*.csv (or .csv.gz, .csv.zst, .parquet) is needed; '
                    || 'OPENHOURS_DATA names the folder',
                    getvariable('data_folder'))
        END));
