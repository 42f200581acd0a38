-- grain:   one row per store and window of the calendar
-- columns: store_no; window_no; start_us, end_us BIGINT, UTC microseconds, half-open, by the
--          store's own clock
-- sources: store_zones, zone_windows, windows
-- rule:    docs/definition.md "Windows and measures"
-- keep:    yes
-- unless:  dated
-- Apart from store_windows, so that models of many rows join the windows of a length as they are,
-- and nothing at all where there are no others.
CREATE OR REPLACE TEMP VIEW dated_windows AS
SELECT z.store_no, zw.window_no, zw.start_us, zw.end_us
FROM store_zones AS z
JOIN zone_windows AS zw ON zw.zone = z.zone
JOIN windows AS w ON w.window_no = zw.window_no
WHERE w.length_us IS NULL
