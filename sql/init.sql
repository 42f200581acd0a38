-- Every model as a view over a data folder, for the DuckDB CLI: `duckdb -init sql/init.sql` from the
-- root of the repository, or `just sql`. It reads files and writes none, so it meets no server.
-- OPENHOURS_DATA names the data folder (data), OPENHOURS_REPORTS that of the reports (reports).
-- docs/sql.md shows what to ask. Read this file again to see files that have come since.
.read sql/cli/setup.sql
.read sql/cli/input_files.sql
.read sql/cli/rows.sql
