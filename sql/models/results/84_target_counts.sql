-- grain:   one row per window in which a store has a target
-- columns: window_no; time_window; stores_met, stores_likely_met, stores_likely_missed,
--          stores_missed, stores_verdict_unknown BIGINT, stores by their verdict; stores BIGINT,
--          those with a target; least_target, greatest_target DOUBLE, percent
-- sources: verdicts, windows
-- rule:    docs/definition.md "Targets"
-- when:    targets
CREATE OR REPLACE TEMP VIEW target_counts AS
WITH counts AS (
    SELECT
        w.window_no,
        w.name AS time_window,
        sum(CASE WHEN v.verdict = 'met' THEN 1 ELSE 0 END) AS stores_met,
        sum(CASE WHEN v.verdict = 'likely_met' THEN 1 ELSE 0 END) AS stores_likely_met,
        sum(CASE WHEN v.verdict = 'likely_missed' THEN 1 ELSE 0 END) AS stores_likely_missed,
        sum(CASE WHEN v.verdict = 'missed' THEN 1 ELSE 0 END) AS stores_missed,
        sum(CASE WHEN v.verdict = 'unknown' THEN 1 ELSE 0 END) AS stores_verdict_unknown,
        count(*) AS stores,
        min(v.target_ppm) AS least_ppm,
        max(v.target_ppm) AS greatest_ppm
    FROM verdicts AS v
    JOIN windows AS w ON w.window_no = v.window_no
    WHERE v.store_no IS NOT NULL
    GROUP BY w.window_no, w.name
)
SELECT
    window_no,
    time_window,
    CAST(stores_met AS BIGINT) AS stores_met,
    CAST(stores_likely_met AS BIGINT) AS stores_likely_met,
    CAST(stores_likely_missed AS BIGINT) AS stores_likely_missed,
    CAST(stores_missed AS BIGINT) AS stores_missed,
    CAST(stores_verdict_unknown AS BIGINT) AS stores_verdict_unknown,
    stores,
    percent_of(least_ppm) AS least_target,
    percent_of(greatest_ppm) AS greatest_target
FROM counts
