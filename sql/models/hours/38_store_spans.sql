-- grain:   one row per store
-- columns: store_no; start_us, end_us BIGINT, UTC microseconds: from the earliest start of its
--          windows to as_of; window_no, the first of its windows that is just as long, NULL if no
--          window is
-- sources: store_zones, zone_windows, params
-- rule:    docs/definition.md "Windows and measures"
-- keep:    yes
-- All stores of a zone have the same.
CREATE OR REPLACE TEMP VIEW store_spans AS
WITH zone_spans AS (
    SELECT w.zone, min(w.start_us) AS start_us, max(p.as_of_us) AS end_us
    FROM zone_windows AS w
    CROSS JOIN params AS p
    GROUP BY w.zone
),
matched AS (
    SELECT s.zone, s.start_us, s.end_us, min(w.window_no) AS window_no
    FROM zone_spans AS s
    LEFT JOIN zone_windows AS w
        ON w.zone = s.zone
        AND w.start_us = s.start_us
        AND w.end_us = s.end_us
    GROUP BY s.zone, s.start_us, s.end_us
)
SELECT z.store_no, m.start_us, m.end_us, m.window_no
FROM matched AS m
JOIN store_zones AS z ON z.zone = m.zone
