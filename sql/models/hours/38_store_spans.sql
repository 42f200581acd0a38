-- grain:   one row per store
-- columns: store_no; start_us, end_us BIGINT, UTC microseconds: from the earliest start of its
--          windows to as_of
-- sources: store_windows, params
-- rule:    docs/definition.md "Windows and measures"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW store_spans AS
SELECT w.store_no, min(w.start_us) AS start_us, max(p.as_of_us) AS end_us
FROM store_windows AS w
CROSS JOIN params AS p
GROUP BY w.store_no
