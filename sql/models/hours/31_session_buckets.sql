-- grain:   one row per session and bucket of 2^37 microseconds (38 hours) that it touches
-- columns: store_no; bucket_no BIGINT; opens_us, closes_us of the session
-- sources: sessions, numbers, params
-- rule:    docs/definition.md "Evidence"
-- keep:    spark
-- Turns the question which session holds an observation into an equality join with a short range check.
-- Observations are never before 1970, which keeps the shifted numbers from being negative.
CREATE OR REPLACE TEMP VIEW session_buckets AS
WITH buckets AS (
    SELECT (greatest(p.horizon_us, 0) >> 37) + n.n AS bucket_no
    FROM params AS p
    JOIN numbers AS n
        ON n.n <= (greatest(p.as_of_us, 0) >> 37) - (greatest(p.horizon_us, 0) >> 37)
)
SELECT s.store_no, b.bucket_no, s.opens_us, s.closes_us
FROM sessions AS s
JOIN buckets AS b
    ON b.bucket_no >= greatest(s.opens_us, 0) >> 37
    AND b.bucket_no <= greatest(s.closes_us - 1, 0) >> 37
