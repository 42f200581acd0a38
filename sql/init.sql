-- Every model as a view over a data folder, for the DuckDB CLI: `duckdb -init sql/init.sql` from
-- the root of the repository, or `just sql`. It only reads files, so it can run next to a server.
-- OPENHOURS_DATA names the data folder (default: data), OPENHOURS_REPORTS the folder of the reports
-- (default: reports). docs/sql.md has example queries. Run this file again to pick up new files.
.read sql/cli/setup.sql
.read sql/cli/input_files.sql
.read sql/cli/rows.sql
