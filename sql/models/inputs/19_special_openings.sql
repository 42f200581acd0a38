-- grain:   one row per store, local date and distinct opening of its special hours
-- columns: store_no; day_no; opens_clock_us, closes_clock_us as in special_rows
-- sources: special_days, special_rows
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- unless:  special_hours
CREATE OR REPLACE TEMP VIEW special_openings AS
SELECT DISTINCT d.store_no, d.day_no, r.opens_clock_us, r.closes_clock_us
FROM special_days AS d
JOIN special_rows AS r ON r.store_no = d.store_no AND r.day_no = d.day_no AND r.level = d.level
WHERE NOT d.is_closed
