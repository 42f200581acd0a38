-- grain:   one row per store and local date: the rows of days.parquet, unordered
-- columns: store_id; day_no BIGINT, days since 1970-01-01; open_seconds, uptime_seconds,
--          downtime_seconds, unknown_seconds, planned_seconds, uptime_min_seconds,
--          uptime_max_seconds, covered_seconds DOUBLE; observations BIGINT; store_no to order by
-- sources: day_measures, stores
-- rule:    docs/definition.md "Files of a report"
-- when:    date
CREATE OR REPLACE TEMP VIEW day_rows AS
SELECT
    s.store_id,
    m.day_no,
    seconds_of(m.open_us) AS open_seconds,
    seconds_of(m.open_us - m.downtime_us - m.unknown_us) AS uptime_seconds,
    seconds_of(m.downtime_us) AS downtime_seconds,
    seconds_of(m.unknown_us) AS unknown_seconds,
    seconds_of(m.planned_us) AS planned_seconds,
    seconds_of(m.uptime_min_us) AS uptime_min_seconds,
    seconds_of(m.uptime_max_us) AS uptime_max_seconds,
    seconds_of(m.covered_us) AS covered_seconds,
    m.observations,
    m.store_no
FROM day_measures AS m
JOIN stores AS s ON s.store_no = m.store_no
