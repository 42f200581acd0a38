-- grain:   one row per store and local date with an instant of its span, in order: the rows of
--          days.parquet
-- columns: store_id VARCHAR, as in the input;
--          date DATE, local date by the store's own clock;
--          open_seconds DOUBLE, time in which the store should have been open;
--          uptime_seconds DOUBLE, open time in which it was up;
--          downtime_seconds DOUBLE, open time in which it was down;
--          unknown_seconds DOUBLE, open time of which nothing is known;
--          planned_seconds DOUBLE, time that would be open but for planned closures;
--          uptime_min_seconds DOUBLE, the least uptime that the observations alone allow;
--          uptime_max_seconds DOUBLE, the most uptime that the observations alone allow;
--          covered_seconds DOUBLE, open time within fresh_within of an observation of the same
--          session;
--          observations BIGINT, distinct instants at which the store was observed while open
-- sources: day_rows
-- rule:    docs/definition.md "Breakdowns"
-- when:    date
CREATE OR REPLACE TEMP VIEW days AS
SELECT
    store_id,
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
FROM day_rows
ORDER BY store_no, day_no;
