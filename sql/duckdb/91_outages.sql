-- grain:   one row per outage in the longest window, in order: the rows of outages.parquet
-- columns: store_id VARCHAR, as in the input;
--          started_at TIMESTAMP WITH TIME ZONE, the first instant of the outage or of the window;
--          ended_at TIMESTAMP WITH TIME ZONE, the instant at which it or the window ended, not part
--          of it;
--          open_seconds DOUBLE, open time in it: closed time does not lengthen an outage;
--          ongoing BOOLEAN, TRUE if only closed time lies between its end and as_of, unless the
--          store has closed for good or is in a planned closure at as_of
-- sources: outage_rows
-- rule:    docs/definition.md "Files of a report"
CREATE OR REPLACE TEMP VIEW outages AS
SELECT
    store_id,
    make_timestamptz(started_us) AS started_at,
    make_timestamptz(ended_us) AS ended_at,
    open_seconds,
    ongoing
FROM outage_rows
ORDER BY store_no, started_us;
