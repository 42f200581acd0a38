-- grain:   one row per store and window, in order: the rows of report.parquet
-- columns: store_id VARCHAR, as in the input;
--          timezone VARCHAR, IANA name of the zone whose clock the opening hours follow;
--          time_window VARCHAR, name of the window;
--          window_start TIMESTAMP WITH TIME ZONE, its first instant;
--          window_end TIMESTAMP WITH TIME ZONE, the instant at which it ends, not part of it;
--          open_seconds DOUBLE, time in which the store should have been open;
--          uptime_seconds DOUBLE, open time in which it was up;
--          downtime_seconds DOUBLE, open time in which it was down;
--          unknown_seconds DOUBLE, open time of which nothing is known;
--          planned_seconds DOUBLE, time that would be open but for planned closures;
--          uptime_min_seconds DOUBLE, the least uptime that the observations alone allow;
--          uptime_max_seconds DOUBLE, the most uptime that the observations alone allow;
--          covered_seconds DOUBLE, open time within fresh_within of an observation of the same
--          session;
--          uptime_ratio DOUBLE, uptime / (uptime + downtime), NULL where nothing is known;
--          observations BIGINT, distinct instants at which the store was observed while open;
--          outages BIGINT, maximal runs of downtime;
--          longest_outage_seconds DOUBLE, open time of the longest of them
-- sources: report_rows
-- rule:    docs/definition.md "Files of a report"
-- Seconds are doubles and instants carry their zone, which BI tools read without a cast.
CREATE OR REPLACE TEMP VIEW report AS
SELECT
    store_id,
    timezone,
    time_window,
    make_timestamptz(window_start_us) AS window_start,
    make_timestamptz(window_end_us) AS window_end,
    open_seconds,
    uptime_seconds,
    downtime_seconds,
    unknown_seconds,
    planned_seconds,
    uptime_min_seconds,
    uptime_max_seconds,
    covered_seconds,
    uptime_ratio,
    observations,
    outages,
    longest_outage_seconds
FROM report_rows
ORDER BY store_no, window_no;
