-- The rows of all finished reports. A pattern that matches no file is an error, so without reports
-- the view is an empty one.
SET VARIABLE report_files_query = (
    SELECT CASE
        WHEN EXISTS (FROM glob(getvariable('report_folder') || '/*/report.parquet'))
            THEN 'SELECT * FROM read_parquet(getvariable(''report_folder'')'
                || ' || ''/*/report.parquet'', filename = true, union_by_name = true)'
        ELSE 'SELECT *, CAST('''' AS VARCHAR) AS filename FROM query('
            || 'getvariable(''models'') || ''FROM report LIMIT 0'')'
    END);
CREATE OR REPLACE TEMP VIEW report_files AS FROM query(getvariable('report_files_query'));
