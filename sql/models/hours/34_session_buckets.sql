-- grain:   one row per session and bucket (bucket_of, 38 hours) that it overlaps
-- columns: store_no; bucket_no BIGINT; opens_us, closes_us of the session
-- sources: sessions, numbers, report_bounds
-- rule:    docs/definition.md "Evidence"
-- keep:    spark
-- Lets observations find their session by an equality join with a short range check. Times before
-- 1970 count as 1970, which no observation precedes.
CREATE OR REPLACE TEMP VIEW session_buckets AS
WITH horizon AS (
    SELECT
        bucket_of(greatest(rb.horizon_us, 0)) AS first_no,
        bucket_of(greatest(rb.as_of_us, 0)) AS last_no
    FROM report_bounds AS rb
),
buckets AS (
    SELECT h.first_no + n.n AS bucket_no
    FROM horizon AS h
    JOIN numbers AS n ON n.n <= h.last_no - h.first_no
),
bounded AS (
    SELECT
        s.store_no,
        s.opens_us,
        s.closes_us,
        bucket_of(greatest(s.opens_us, 0)) AS first_no,
        bucket_of(greatest(s.closes_us - 1, 0)) AS last_no
    FROM sessions AS s
)
SELECT bound.store_no, b.bucket_no, bound.opens_us, bound.closes_us
FROM bounded AS bound
JOIN buckets AS b ON b.bucket_no >= bound.first_no AND b.bucket_no <= bound.last_no
