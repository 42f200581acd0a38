-- Parameters, models and reports as views, without input: sql/init.sql adds that of a data folder,
-- sql/audit.sql that of a report.
SET timezone = 'UTC';
SET VARIABLE data_folder = rtrim(coalesce(nullif(getenv('OPENHOURS_DATA'), ''), 'data'), '/');
SET VARIABLE report_folder =
    rtrim(coalesce(nullif(getenv('OPENHOURS_REPORTS'), ''), 'reports'), '/');
.read sql/duckdb/functions.sql
.read sql/cli/unofficial_zone_names.sql
.read sql/cli/zone_rules.sql
.read sql/cli/zone_names.sql
.read sql/cli/rows_stub.sql
.read sql/cli/file_format.sql
.read sql/cli/parameters.sql
.read sql/cli/model_texts.sql
.read sql/cli/report_files.sql
.read sql/cli/models.sql
