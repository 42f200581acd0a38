-- grain:   one row per attribute, value and local date, in order: the rows of group_days.parquet
-- columns: attribute VARCHAR, as in the header of the stores file;
--          value VARCHAR, empty for the stores without one;
--          date DATE, local date by the stores' own clocks;
--          open_seconds DOUBLE, time in which the stores should have been open;
--          uptime_seconds DOUBLE, open time in which they were up;
--          downtime_seconds DOUBLE, open time in which they were down;
--          unknown_seconds DOUBLE, open time of which nothing is known;
--          planned_seconds DOUBLE, time that would be open but for planned closures;
--          uptime_min_seconds DOUBLE, the least uptime that the observations alone allow;
--          uptime_max_seconds DOUBLE, the most uptime that the observations alone allow;
--          covered_seconds DOUBLE, open time within fresh_within of an observation of the same
--          session;
--          observations BIGINT, distinct instants at which a store was observed while open
-- sources: group_day_rows
-- rule:    docs/definition.md "Breakdowns", "Groups"
-- when:    groups
CREATE OR REPLACE TEMP VIEW group_days AS
SELECT
    attribute,
    value,
    DATE '1970-01-01' + CAST(day_no AS INTEGER) AS date,
    open_seconds,
    uptime_seconds,
    downtime_seconds,
    unknown_seconds,
    planned_seconds,
    uptime_min_seconds,
    uptime_max_seconds,
    covered_seconds,
    observations
FROM group_day_rows
ORDER BY attribute, value, day_no;
