-- grain:   one row per store and instant at which it was observed inside a session
-- columns: store_no; opens_us, closes_us of the session; observed_us BIGINT, UTC microseconds;
--          is_up BOOLEAN; row_count INTEGER
-- sources: observations, session_buckets          rule: docs/definition.md "Evidence"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW evidence AS
SELECT o.store_no, s.opens_us, s.closes_us, o.observed_us, o.is_up, o.row_count
FROM observations AS o
JOIN session_buckets AS s
    ON s.store_no = o.store_no
    AND s.bucket_no = o.observed_us >> 36
    AND o.observed_us >= s.opens_us
    AND o.observed_us < s.closes_us
