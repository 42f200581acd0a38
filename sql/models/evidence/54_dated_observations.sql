-- grain:   one row per row of counted_observations and window of the calendar that contains it
-- columns: store_no; window_no; instants as in counted_observations
-- sources: counted_observations, dated_windows
-- rule:    docs/definition.md "Windows and measures"
-- tests:   analytics/testdata/models/dated_observations
-- unless:  dated
CREATE OR REPLACE TEMP VIEW dated_observations AS
SELECT c.store_no, d.window_no, c.instants
FROM counted_observations AS c
JOIN dated_windows AS d
    ON d.store_no = c.store_no
    AND c.observed_us >= d.start_us
    AND c.observed_us < d.end_us
