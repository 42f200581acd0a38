-- grain:   one row per finished report, newest first
-- columns: report_id VARCHAR, name of its folder;
--          created_at TIMESTAMP WITH TIME ZONE, when it was requested;
--          as_of TIMESTAMP WITH TIME ZONE, its now;
--          as_of_given BOOLEAN, FALSE if as_of is the latest observation;
--          interpolation, unobserved, max_gap, fresh_within, join_gap, target VARCHAR, its
--          parameters, max_gap and target NULL if not set;
--          windows VARCHAR, names and lengths of its windows, JSON;
--          wanted_stores VARCHAR, the stores it is restricted to, JSON, NULL for all;
--          stores BIGINT, number of its stores;
--          rows_read, rows_rejected BIGINT, of its input files;
--          findings VARCHAR, what it noticed in the data, JSON;
--          inputs VARCHAR, files with their hashes and rows, JSON;
--          openhours_version, duckdb_version, zone_data VARCHAR, versions that made it;
--          manifest JSON, all of report.json
-- sources: none
-- rule:    docs/definition.md "Files of a report"
CREATE OR REPLACE TEMP VIEW manifests AS
WITH files AS (
    SELECT CAST(content AS JSON) AS manifest
    FROM read_text(getvariable('report_folder') || '/*/report.json')
)
SELECT
    manifest ->> '$.report_id' AS report_id,
    CAST(manifest ->> '$.created_at' AS TIMESTAMPTZ) AS created_at,
    CAST(manifest ->> '$.as_of' AS TIMESTAMPTZ) AS as_of,
    CAST(manifest ->> '$.as_of_given' AS BOOLEAN) AS as_of_given,
    manifest ->> '$.parameters.interpolation' AS interpolation,
    manifest ->> '$.parameters.unobserved' AS unobserved,
    manifest ->> '$.parameters.max_gap' AS max_gap,
    manifest ->> '$.parameters.fresh_within' AS fresh_within,
    manifest ->> '$.parameters.join_gap' AS join_gap,
    manifest ->> '$.parameters.target' AS target,
    manifest ->> '$.parameters.windows' AS windows,
    manifest ->> '$.parameters.stores' AS wanted_stores,
    CAST(manifest ->> '$.stores' AS BIGINT) AS stores,
    CAST(manifest ->> '$.quality.rows_read' AS BIGINT) AS rows_read,
    CAST(manifest ->> '$.quality.rows_rejected' AS BIGINT) AS rows_rejected,
    manifest ->> '$.quality.findings' AS findings,
    manifest ->> '$.inputs' AS inputs,
    manifest ->> '$.versions.openhours' AS openhours_version,
    manifest ->> '$.versions.duckdb' AS duckdb_version,
    manifest ->> '$.versions.zone_data' AS zone_data,
    manifest
FROM files
ORDER BY report_id DESC;
