-- Recomputes a finished report from its raw inputs, by the DuckDB CLI alone, with the parameters
-- and windows of its report.json, and compares every value with its files. OPENHOURS_REPORT is its
-- id. Ends with an error and exit code 1 if a value or an input differs.
.bail on
.mode box
.read sql/cli/setup.sql
SET VARIABLE skip_bad_rows = TRUE;

SET VARIABLE report_id = getenv('OPENHOURS_REPORT');
SET VARIABLE audited = (
    SELECT coalesce(
        (SELECT manifest FROM manifests WHERE report_id = getvariable('report_id')),
        error(format(
            'no finished report "{}" in {}',
            getvariable('report_id'), getvariable('report_folder')))));
SET VARIABLE audited_folder = getvariable('report_folder') || '/' || getvariable('report_id');

-- The inputs that the report read, and their paths now: a file that has been compacted since is in
-- the archive, under the name in status/manifest.json.
CREATE OR REPLACE TEMP TABLE report_inputs AS
WITH inputs AS (
    SELECT
        input ->> '$.set' AS set_name,
        input ->> '$.file' AS name,
        CAST(input ->> '$.bytes' AS BIGINT) AS bytes,
        input ->> '$.sha256' AS sha256
    FROM (SELECT unnest(CAST(getvariable('audited') -> '$.inputs' AS JSON[])) AS input)
),
places AS (
    SELECT file AS path, file[length(getvariable('data_folder')) + 2:] AS name
    FROM (
        FROM glob(getvariable('data_folder') || '/*')
        UNION ALL FROM glob(getvariable('data_folder') || '/*/*')
        UNION ALL FROM glob(getvariable('data_folder') || '/archive/**')
        UNION ALL FROM glob(getvariable('data_folder') || '/*/*=*/*')
    )
),
originals AS (
    SELECT unnest(CAST(CAST(content AS JSON) -> '$.originals' AS JSON[])) AS original
    FROM read_text(getvariable('data_folder') || '/status/manifest.json*')
    WHERE filename LIKE '%/manifest.json'
),
archived AS (
    SELECT original ->> '$.sha256' AS sha256, original ->> '$.archive' AS name FROM originals
)
SELECT
    i.*,
    coalesce(
        (
            SELECT min(p.path)
            FROM places AS p
            JOIN archived AS a ON a.name = p.name
            WHERE a.sha256 = i.sha256
        ),
        (SELECT min(p.path) FROM places AS p WHERE p.name = i.name),
        (SELECT min(p.path) FROM places AS p WHERE p.name = 'archive/' || i.name)) AS path
FROM inputs AS i;

SET VARIABLE audited_paths = (SELECT list(path) FROM report_inputs WHERE path IS NOT NULL);
CREATE OR REPLACE TEMP TABLE input_changes AS
WITH sizes AS (
    SELECT filename, size FROM read_blob(getvariable('audited_paths'))
),
hashes AS (
    SELECT filename, sha256(content) AS sha256
    FROM read_blob(getvariable('audited_paths'))
    WHERE size < 2000000000
)
SELECT
    i.name AS input,
    CASE
        WHEN i.path IS NULL THEN 'missing'
        WHEN s.size <> i.bytes OR h.sha256 <> i.sha256 THEN 'changed since the report'
    END AS state
FROM report_inputs AS i
LEFT JOIN sizes AS s ON s.filename = i.path
LEFT JOIN hashes AS h ON h.filename = i.path
WHERE state IS NOT NULL;

CREATE OR REPLACE TEMP TABLE input_files AS
    SELECT set_name, name, path FROM report_inputs WHERE path IS NOT NULL;
.read sql/cli/rows.sql

SET VARIABLE audited_windows = (
    WITH listed AS (
        SELECT unnest(CAST(getvariable('audited') -> '$.parameters.windows' AS JSON[])) AS entry
    )
    SELECT MAP(
        list(entry ->> '$.name'),
        list(coalesce(entry ->> '$.dates', entry ->> '$.length')))
    FROM listed);
CREATE OR REPLACE TEMP VIEW wanted_stores AS
    SELECT unnest(CAST(getvariable('audited') -> '$.parameters.stores' AS VARCHAR[])) AS store_id;
CREATE OR REPLACE TEMP VIEW windows AS
    FROM windows_until(
        as_of := getvariable('audited') ->> '$.parameters.as_of',
        lengths := getvariable('audited_windows'));
CREATE OR REPLACE TEMP VIEW params AS
    FROM parameters(
        interpolation := getvariable('audited') ->> '$.parameters.interpolation',
        unobserved := getvariable('audited') ->> '$.parameters.unobserved',
        max_gap := getvariable('audited') ->> '$.parameters.max_gap',
        fresh_within := getvariable('audited') ->> '$.parameters.fresh_within',
        join_gap := getvariable('audited') ->> '$.parameters.join_gap',
        collector_gap := getvariable('audited') ->> '$.parameters.collector_gap',
        target := getvariable('audited') ->> '$.parameters.target');
.read sql/keep.sql

-- Rows that differ, reduced to the columns that differ.
CREATE OR REPLACE TEMP MACRO fields_that_differ(a, b) AS
    to_json(map_from_entries(list_filter(
        list_transform(
            CAST(json_keys(a) AS VARCHAR[]),
            LAMBDA k: {'key': k, 'value': json_extract_string(a, '$.' || k)}),
        LAMBDA e: e.value IS DISTINCT FROM json_extract_string(b, '$.' || e.key))));
-- without an attribute that makes groups there is no such file
SET VARIABLE groups_query = (
    SELECT CASE
        WHEN EXISTS (FROM glob(getvariable('audited_folder') || '/groups.parquet'))
            THEN 'FROM read_parquet(getvariable(''audited_folder'') || ''/groups.parquet'')'
        ELSE 'FROM groups LIMIT 0'
    END);
CREATE OR REPLACE TEMP TABLE groups_in_file AS FROM query(getvariable('groups_query'));
-- nor is there one without a target for any store
SET VARIABLE targets_query = (
    SELECT CASE
        WHEN EXISTS (FROM glob(getvariable('audited_folder') || '/targets.parquet'))
            THEN 'FROM read_parquet(getvariable(''audited_folder'') || ''/targets.parquet'')'
        ELSE 'FROM targets LIMIT 0'
    END);
CREATE OR REPLACE TEMP TABLE targets_in_file AS FROM query(getvariable('targets_query'));
-- a breakdown is compared if the report has its file
CREATE OR REPLACE TEMP MACRO has_file(file_name) AS
    EXISTS (FROM glob(getvariable('audited_folder') || '/' || file_name));
CREATE OR REPLACE TEMP MACRO file_query(view_name) AS
    CASE
        WHEN has_file(view_name || '.parquet')
            THEN format(
                'FROM read_parquet(getvariable(''audited_folder'') || ''/{}.parquet'')', view_name)
        ELSE format('FROM {} LIMIT 0', view_name)
    END;
CREATE OR REPLACE TEMP MACRO view_query(view_name) AS
    format(
        CASE WHEN has_file(view_name || '.parquet') THEN 'FROM {}' ELSE 'FROM {} LIMIT 0' END,
        view_name);
SET VARIABLE days_file_query = file_query('days');
SET VARIABLE days_view_query = view_query('days');
SET VARIABLE hours_file_query = file_query('hours');
SET VARIABLE hours_view_query = view_query('hours');
SET VARIABLE group_days_file_query = file_query('group_days');
SET VARIABLE group_days_view_query = view_query('group_days');
CREATE OR REPLACE TEMP TABLE days_in_file AS FROM query(getvariable('days_file_query'));
CREATE OR REPLACE TEMP TABLE hours_in_file AS FROM query(getvariable('hours_file_query'));
CREATE OR REPLACE TEMP TABLE group_days_in_file AS
    FROM query(getvariable('group_days_file_query'));
CREATE OR REPLACE TEMP TABLE recomputed_days AS FROM query(getvariable('days_view_query'));
CREATE OR REPLACE TEMP TABLE recomputed_hours AS FROM query(getvariable('hours_view_query'));
CREATE OR REPLACE TEMP TABLE recomputed_group_days AS
    FROM query(getvariable('group_days_view_query'));
CREATE OR REPLACE TEMP TABLE differences AS
WITH report_in_file AS (
    FROM read_parquet(getvariable('audited_folder') || '/report.parquet')
),
outages_in_file AS (
    FROM read_parquet(getvariable('audited_folder') || '/outages.parquet')
),
measures_compared AS (
    SELECT
        'report.parquet' AS file,
        coalesce(f.store_id, r.store_id) AS store_id,
        coalesce(f.time_window, r.time_window) AS place,
        CASE WHEN f.store_id IS NOT NULL THEN to_json(f) END AS in_file,
        CASE WHEN r.store_id IS NOT NULL THEN to_json(r) END AS recomputed
    FROM report_in_file AS f
    FULL JOIN report AS r ON r.store_id = f.store_id AND r.time_window = f.time_window
    WHERE f IS DISTINCT FROM r
),
outages_compared AS (
    SELECT
        'outages.parquet' AS file,
        coalesce(f.store_id, o.store_id) AS store_id,
        CAST(coalesce(f.started_at, o.started_at) AS VARCHAR) AS place,
        CASE WHEN f.store_id IS NOT NULL THEN to_json(f) END AS in_file,
        CASE WHEN o.store_id IS NOT NULL THEN to_json(o) END AS recomputed
    FROM outages_in_file AS f
    FULL JOIN outages AS o ON o.store_id = f.store_id AND o.started_at = f.started_at
    WHERE f IS DISTINCT FROM o
),
groups_compared AS (
    SELECT
        'groups.parquet' AS file,
        CAST(NULL AS VARCHAR) AS store_id,
        format(
            '{} = {}, {}',
            coalesce(f.attribute, g.attribute),
            coalesce(f.value, g.value),
            coalesce(f.time_window, g.time_window)) AS place,
        CASE WHEN f.attribute IS NOT NULL THEN to_json(f) END AS in_file,
        CASE WHEN g.attribute IS NOT NULL THEN to_json(g) END AS recomputed
    FROM groups_in_file AS f
    FULL JOIN groups AS g
        ON g.attribute = f.attribute
        AND g.value = f.value
        AND g.time_window = f.time_window
    WHERE f IS DISTINCT FROM g
),
targets_compared AS (
    SELECT
        'targets.parquet' AS file,
        coalesce(f.store_id, t.store_id) AS store_id,
        concat_ws(
            ', ',
            coalesce(f.attribute, t.attribute) || ' = ' || coalesce(f.value, t.value),
            coalesce(f.time_window, t.time_window)) AS place,
        CASE WHEN f.time_window IS NOT NULL THEN to_json(f) END AS in_file,
        CASE WHEN t.time_window IS NOT NULL THEN to_json(t) END AS recomputed
    FROM targets_in_file AS f
    FULL JOIN targets AS t
        ON t.store_id IS NOT DISTINCT FROM f.store_id
        AND t.attribute IS NOT DISTINCT FROM f.attribute
        AND t.value IS NOT DISTINCT FROM f.value
        AND t.time_window = f.time_window
    WHERE f IS DISTINCT FROM t
),
days_compared AS (
    SELECT
        'days.parquet' AS file,
        coalesce(f.store_id, rd.store_id) AS store_id,
        CAST(coalesce(f.date, rd.date) AS VARCHAR) AS place,
        CASE WHEN f.store_id IS NOT NULL THEN to_json(f) END AS in_file,
        CASE WHEN rd.store_id IS NOT NULL THEN to_json(rd) END AS recomputed
    FROM days_in_file AS f
    FULL JOIN recomputed_days AS rd
        ON rd.store_id = f.store_id
        AND rd.date = f.date
    WHERE f IS DISTINCT FROM rd
),
hours_compared AS (
    SELECT
        'hours.parquet' AS file,
        coalesce(f.store_id, rh.store_id) AS store_id,
        format('{} {}:00', coalesce(f.date, rh.date), coalesce(f.hour, rh.hour)) AS place,
        CASE WHEN f.store_id IS NOT NULL THEN to_json(f) END AS in_file,
        CASE WHEN rh.store_id IS NOT NULL THEN to_json(rh) END AS recomputed
    FROM hours_in_file AS f
    FULL JOIN recomputed_hours AS rh
        ON rh.store_id = f.store_id
        AND rh.date = f.date
        AND rh.hour = f.hour
    WHERE f IS DISTINCT FROM rh
),
group_days_compared AS (
    SELECT
        'group_days.parquet' AS file,
        CAST(NULL AS VARCHAR) AS store_id,
        format(
            '{} = {}, {}',
            coalesce(f.attribute, rgd.attribute),
            coalesce(f.value, rgd.value),
            coalesce(f.date, rgd.date)) AS place,
        CASE WHEN f.attribute IS NOT NULL THEN to_json(f) END AS in_file,
        CASE WHEN rgd.attribute IS NOT NULL THEN to_json(rgd) END AS recomputed
    FROM group_days_in_file AS f
    FULL JOIN recomputed_group_days AS rgd
        ON rgd.attribute = f.attribute
        AND rgd.value = f.value
        AND rgd.date = f.date
    WHERE f IS DISTINCT FROM rgd
)
SELECT
    file,
    store_id,
    place,
    fields_that_differ(in_file, recomputed) AS in_file,
    fields_that_differ(recomputed, in_file) AS recomputed
FROM (
    FROM measures_compared
    UNION ALL FROM outages_compared
    UNION ALL FROM groups_compared
    UNION ALL FROM targets_compared
    UNION ALL FROM days_compared
    UNION ALL FROM hours_compared
    UNION ALL FROM group_days_compared
);

CREATE OR REPLACE TEMP TABLE cell_differences AS
WITH csv_rows AS (
    SELECT *
    FROM read_csv(
        getvariable('audited_folder') || '/report.csv',
        all_varchar = TRUE, header = TRUE, delim = ',', quote = '"', escape = '"', comment = '')
),
in_file AS (
    SELECT store_id, place, cell
    FROM csv_rows
    UNPIVOT INCLUDE NULLS (cell FOR place IN (COLUMNS(* EXCLUDE (store_id))))
),
recomputed AS (
    SELECT
        c.store_id,
        measure.prefix || w.name AS place,
        nullif(CASE measure.prefix WHEN 'uptime_' THEN c.uptime ELSE c.downtime END, '') AS cell
    FROM report_cells AS c
    JOIN windows AS w USING (window_no)
    CROSS JOIN (VALUES ('uptime_'), ('downtime_')) AS measure(prefix)
)
SELECT
    'report.csv' AS file,
    coalesce(f.store_id, r.store_id) AS store_id,
    coalesce(f.place, r.place) AS place,
    f.cell AS in_file,
    r.cell AS recomputed
FROM in_file AS f
FULL JOIN recomputed AS r ON r.store_id = f.store_id AND r.place = f.place
WHERE f.cell IS DISTINCT FROM r.cell OR f.store_id IS NULL OR r.store_id IS NULL;

SELECT * FROM (
    SELECT
        input AS file,
        NULL AS store_id,
        state AS place,
        NULL AS in_file,
        NULL AS recomputed
    FROM input_changes
    UNION ALL FROM differences
    UNION ALL FROM cell_differences
)
ORDER BY store_id NULLS FIRST, file, place;
.mode list
.headers off
SELECT format(
    'This is DuckDB {} with zone rules {}; the report was made with {} and {}.',
    version(),
    getvariable('zone_data'),
    getvariable('audited') ->> '$.versions.duckdb',
    getvariable('audited') ->> '$.versions.zone_data')
WHERE version() <> (getvariable('audited') ->> '$.versions.duckdb')
    OR getvariable('zone_data') <> (getvariable('audited') ->> '$.versions.zone_data');
SELECT CASE
    WHEN EXISTS (FROM input_changes)
        OR EXISTS (FROM differences)
        OR EXISTS (FROM cell_differences)
        THEN error(format(
            'report {}: {} rows and {} cells of report.csv differ, {} inputs are not as they were',
            getvariable('report_id'),
            (SELECT count(*) FROM differences),
            (SELECT count(*) FROM cell_differences),
            (SELECT count(*) FROM input_changes)))
    ELSE format(
        'report {}: {} rows of report.parquet, {} of outages.parquet, {} of groups.parquet, {} of '
        || 'days.parquet, {} of hours.parquet, {} of group_days.parquet and the cells of '
        || 'report.csv, recomputed: none differs',
        getvariable('report_id'),
        (SELECT count(*) FROM read_parquet(getvariable('audited_folder') || '/report.parquet')),
        (SELECT count(*) FROM read_parquet(getvariable('audited_folder') || '/outages.parquet')),
        (SELECT count(*) FROM groups_in_file),
        (SELECT count(*) FROM targets_in_file),
        (SELECT count(*) FROM days_in_file),
        (SELECT count(*) FROM hours_in_file),
        (SELECT count(*) FROM group_days_in_file))
END;
