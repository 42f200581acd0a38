-- grain:   one row per finished report, store and window
-- columns: report_id, created_at, as_of, interpolation, unobserved, max_gap, as in manifests;
--          store_id, timezone, time_window, window_start, window_end, open_seconds, uptime_seconds,
--          downtime_seconds, unknown_seconds, planned_seconds, uptime_min_seconds,
--          uptime_max_seconds, covered_seconds, uptime_ratio, observations, outages,
--          longest_outage_seconds, as in report
-- sources: manifests, report_files
-- rule:    docs/definition.md "Files of a report"
-- Folders without report.json are unfinished and left out.
CREATE OR REPLACE TEMP VIEW reports AS
SELECT
    m.report_id,
    m.created_at,
    m.as_of,
    m.interpolation,
    m.unobserved,
    m.max_gap,
    f.* EXCLUDE (filename)
FROM report_files AS f
JOIN manifests AS m ON m.report_id = parse_filename(parse_dirpath(f.filename));
