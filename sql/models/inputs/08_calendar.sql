-- grain:   one row per local date on which an opening can matter to the report
-- columns: day_no BIGINT, days since 1970-01-01; weekday BIGINT, 0 = Monday
-- sources: report_bounds, numbers
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- The dates extend past both ends of the horizon, as far as report_bounds says: an overnight shift
-- west of UTC starts two dates earlier, and a chain of joined shifts can start earlier still.
CREATE OR REPLACE TEMP VIEW calendar AS
SELECT
    rb.first_day_no + n.n AS day_no,
    -- 1970-01-01 was a Thursday; adding 7000 keeps the remainder of early dates positive
    (rb.first_day_no + n.n + 3 + 7000) % 7 AS weekday
FROM report_bounds AS rb
JOIN numbers AS n ON n.n < rb.day_count
