-- grain:   one row per outage: the rows of outages.parquet, unordered
-- columns: store_id; started_us, ended_us BIGINT, UTC microseconds; open_seconds DOUBLE;
--          ongoing BOOLEAN; store_no to order by
-- sources: outage_list, stores
-- rule:    docs/definition.md "Files of a report"
CREATE OR REPLACE TEMP VIEW outage_rows AS
SELECT
    s.store_id,
    o.starts_us AS started_us,
    o.ends_us AS ended_us,
    seconds_of(o.open_us) AS open_seconds,
    o.is_ongoing AS ongoing,
    o.store_no
FROM outage_list AS o
JOIN stores AS s ON s.store_no = o.store_no
