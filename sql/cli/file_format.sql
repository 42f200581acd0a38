-- What tells the format of a file is the end of its name, and for a part of a folder that has
-- none, or .gz and .zst alone, the end of the folder's. Parts without either are Parquet, as
-- Athena writes them.
CREATE OR REPLACE TEMP MACRO file_format(path) AS
    CASE
        WHEN path ILIKE '%.parquet' THEN 'parquet'
        WHEN path ILIKE '%.csv' THEN 'csv'
        WHEN regexp_matches(path, '(?i)\.csv\.gz$|/[^/]*\.gz$') THEN 'gzip'
        WHEN regexp_matches(path, '(?i)\.csv\.zst$|/[^/]*\.zst$') THEN 'zstd'
        WHEN regexp_matches(path, '(?i)\.csv/[^/.]*$') THEN 'csv'
        WHEN regexp_matches(path, '/[^/.]*$') THEN 'parquet'
    END;
