-- grain:   one row per attribute that makes groups, value and window, in order: the rows of
--          groups.parquet
-- columns: attribute VARCHAR, the header as written in the stores file;
--          value VARCHAR, the value that the stores have, empty for those without one;
--          time_window VARCHAR, name of the window;
--          stores BIGINT, number of the stores with the value;
--          stores_open BIGINT, those that should have been open in the window;
--          stores_unknown BIGINT, those of them of which nothing is known;
--          open_seconds DOUBLE, time in which the stores should have been open, the sum over them;
--          uptime_seconds DOUBLE, open time in which they were up;
--          downtime_seconds DOUBLE, open time in which they were down;
--          unknown_seconds DOUBLE, open time of which nothing is known;
--          planned_seconds DOUBLE, time that would be open but for planned closures;
--          uptime_min_seconds DOUBLE, the least uptime that the observations alone allow;
--          uptime_max_seconds DOUBLE, the most uptime that the observations alone allow;
--          covered_seconds DOUBLE, open time within fresh_within of an observation of the same
--          session;
--          uptime_ratio DOUBLE, uptime / (uptime + downtime) of the sums, NULL where nothing is
--          known;
--          observations BIGINT, distinct instants at which each store was observed while open;
--          outages BIGINT, maximal runs of downtime
-- sources: group_rows
-- rule:    docs/definition.md "Files of a report"
-- when:    groups
CREATE OR REPLACE TEMP VIEW groups AS
SELECT
    attribute,
    value,
    time_window,
    stores,
    stores_open,
    stores_unknown,
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
    outages
FROM group_rows
ORDER BY attribute, value, window_no;
