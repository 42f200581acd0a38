-- grain:   one row per store and window
-- columns: store_no; window_no; start_us, end_us BIGINT, UTC microseconds, half-open, by the
--          store's own clock
-- sources: store_zones, zone_windows
-- rule:    docs/definition.md "Windows and measures"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW store_windows AS
SELECT z.store_no, w.window_no, w.start_us, w.end_us
FROM store_zones AS z
JOIN zone_windows AS w ON w.zone = z.zone
