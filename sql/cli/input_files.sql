-- The input files of the data folder, by the rules of docs/definition.md "Inputs".
CREATE OR REPLACE TEMP TABLE input_files AS
WITH found AS (
    SELECT file AS path, file[length(getvariable('data_folder')) + 2:] AS name
    FROM (
        FROM glob(getvariable('data_folder') || '/*')
        UNION ALL
        FROM glob(getvariable('data_folder') || '/*/*=*/*')
    )
)
SELECT
    CASE
        WHEN regexp_full_match(name, '(?i)store[ _-]status[^/]*') THEN 'status'
        WHEN regexp_full_match(name, '(?i)(menu[ _-]hours|business[ _-]hours)[^/]*') THEN 'hours'
        WHEN regexp_full_match(name, '(?i)(timezones|bq[ _-]results)[^/]*') THEN 'zones'
        WHEN regexp_full_match(name, '(?i)status/day=[^/]*/[^./][^/]*\.parquet') THEN 'status'
    END AS set_name,
    name,
    path,
FROM found
WHERE set_name IS NOT NULL AND regexp_matches(name, '(?i)\.(csv|csv\.gz|csv\.zst|parquet)$');
