-- grain:   one row per span and window of the calendar that overlap
-- columns: store_no; window_no; status, certain as in spans; span_us BIGINT, microseconds of the
--          span inside the window
-- sources: spans, dated_windows
-- rule:    docs/definition.md "Windows and measures"
-- tests:   analytics/testdata/models/dated_spans
-- unless:  dated
CREATE OR REPLACE TEMP VIEW dated_spans AS
SELECT
    s.store_no,
    d.window_no,
    s.status,
    s.certain,
    least(s.ends_us, d.end_us) - greatest(s.starts_us, d.start_us) AS span_us
FROM spans AS s
JOIN dated_windows AS d
    ON d.store_no = s.store_no
    AND s.ends_us > d.start_us
    AND s.starts_us < d.end_us
