-- grain:   one row per store, or group, and window with a target, stores first, in order: the rows
--          of targets.parquet
-- columns: store_id VARCHAR, as in the input, NULL for a group;
--          attribute VARCHAR, the header as written in the stores file, NULL for a store;
--          value VARCHAR, the value that the stores of the group have, empty for those without one,
--          NULL for a store;
--          time_window VARCHAR, name of the window;
--          target DOUBLE, percentage of the open time that it should be up;
--          verdict VARCHAR, `met` or `missed` whatever happened between observations, `likely_met`
--          or `likely_missed`, `unknown`, NULL without open time;
--          budget_seconds DOUBLE, downtime that the target allows;
--          budget_left_seconds DOUBLE, the same less the downtime, may be negative;
--          budget_left_min_seconds DOUBLE, what is left in the worst case that the observations
--          allow;
--          budget_left_max_seconds DOUBLE, what is left in the best case;
--          burn_rate DOUBLE, downtime / budget, NULL without open time;
--          stores_met BIGINT, stores of the group with that verdict by their own target, NULL for a
--          store;
--          stores_likely_met BIGINT, the same;
--          stores_likely_missed BIGINT, the same;
--          stores_missed BIGINT, the same;
--          stores_verdict_unknown BIGINT, those of which nothing is known
-- sources: target_rows
-- rule:    docs/definition.md "Files of a report"
-- when:    targets
CREATE OR REPLACE TEMP VIEW targets AS
SELECT
    store_id,
    attribute,
    value,
    time_window,
    target,
    verdict,
    budget_seconds,
    budget_left_seconds,
    budget_left_min_seconds,
    budget_left_max_seconds,
    burn_rate,
    stores_met,
    stores_likely_met,
    stores_likely_missed,
    stores_missed,
    stores_verdict_unknown
FROM target_rows
ORDER BY store_no IS NULL, store_no, attribute, value, window_no;
