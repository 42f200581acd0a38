-- The ending of a file's name decides its format. For a part of a folder that has none, or only .gz
-- or .zst, the ending of the folder's name counts. Parts without either are Parquet, as Athena
-- writes them.
CREATE OR REPLACE TEMP MACRO file_format(path) AS
    CASE
        WHEN path ILIKE '%.parquet' THEN 'parquet'
        WHEN path ILIKE '%.csv' THEN 'csv'
        WHEN regexp_matches(path, '(?i)\.csv\.gz$|/[^/]*\.gz$') THEN 'gzip'
        WHEN regexp_matches(path, '(?i)\.csv\.zst$|/[^/]*\.zst$') THEN 'zstd'
        WHEN regexp_matches(path, '(?i)\.csv/[^/.]*$') THEN 'csv'
        WHEN regexp_matches(path, '/[^/.]*$') THEN 'parquet'
    END;
