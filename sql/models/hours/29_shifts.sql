-- grain:   one row per store and opening on one local date
-- columns: store_no; opens_us, closes_us BIGINT, UTC microseconds, half-open, never empty
-- sources: shift_reasons
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW shifts AS
SELECT r.store_no, r.opens_us, r.closes_us
FROM shift_reasons AS r
