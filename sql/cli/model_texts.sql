-- The text of all models as one list of common table expressions; a view appends the one it selects
-- from. DuckDB expands nested views at each use, and the models use one another so often that it
-- would run out of memory while planning. As a materialized CTE each model is planned once.
-- rule: docs/decisions/0008-models-in-the-cli.md
SET VARIABLE models = (
    WITH files AS (
        SELECT parse_filename(filename) AS file, content
        FROM read_text(['sql/models/*/*.sql', 'sql/duckdb/[0-9]*.sql', 'sql/cli/[0-9]*.sql'])
    ),
    texts AS (
        SELECT
            file,
            regexp_extract(content, '\nCREATE OR REPLACE TEMP VIEW (\w+) AS\n', 1) AS name,
            regexp_extract(content, '(?s)\nCREATE OR REPLACE TEMP VIEW \w+ AS\n(.*?);?\s*$', 1)
            AS body
        FROM files
    )
    SELECT
        'WITH params AS MATERIALIZED (FROM current_params), '
        || 'windows AS MATERIALIZED (FROM current_windows), '
        || 'window_days AS MATERIALIZED (FROM current_window_days), '
        || 'wanted_stores AS MATERIALIZED (FROM current_wanted_stores), '
        || 'status_rows AS MATERIALIZED (FROM temp.status_rows), '
        || 'hours_rows AS MATERIALIZED (FROM temp.hours_rows), '
        || 'zones_rows AS MATERIALIZED (FROM temp.zones_rows), '
        || 'stores_rows AS MATERIALIZED (FROM temp.stores_rows), '
        || 'special_hours_rows AS MATERIALIZED (FROM temp.special_hours_rows), '
        || 'closures_rows AS MATERIALIZED (FROM temp.closures_rows), '
        || 'targets_rows AS MATERIALIZED (FROM temp.targets_rows), '
        || string_agg(name || E' AS MATERIALIZED (\n' || body || E'\n)', E',\n' ORDER BY file)
        || E'\n'
    FROM texts);
