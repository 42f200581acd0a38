-- grain:   one row per span of open time of a store with one status for one reason, inside the
--          span of its store, in order
-- columns: store_id VARCHAR, as in the input;
--          timezone VARCHAR, IANA name;
--          starts_at, ends_at TIMESTAMP WITH TIME ZONE, half-open;
--          starts_local, ends_local TIMESTAMP, the same by the store's own clock;
--          seconds DOUBLE, its length;
--          status VARCHAR, 'up', 'down' or 'unknown';
--          certain BOOLEAN, whether the observations alone allow no other status;
--          kind VARCHAR, as in stretches;
--          governed_at TIMESTAMP WITH TIME ZONE, the observation that gives the status, NULL if
--          unknown
-- sources: spans, stores, store_zones, zone_periods, store_spans
-- rule:    docs/definition.md "Filling"
CREATE OR REPLACE TEMP VIEW timeline AS
WITH clipped AS (
    SELECT s.* REPLACE (
        greatest(s.starts_us, ss.start_us) AS starts_us,
        least(s.ends_us, ss.end_us) AS ends_us)
    FROM spans AS s
    JOIN store_spans AS ss
        ON ss.store_no = s.store_no
        AND s.ends_us > ss.start_us
        AND s.starts_us < ss.end_us
)
SELECT
    s.store_id,
    z.zone AS timezone,
    make_timestamptz(c.starts_us) AS starts_at,
    make_timestamptz(c.ends_us) AS ends_at,
    make_timestamp(c.starts_us + zp1.offset_us) AS starts_local,
    make_timestamp(c.ends_us + zp2.offset_us) AS ends_local,
    seconds_of(c.ends_us - c.starts_us) AS seconds,
    c.status,
    c.certain = c.status AS certain,
    c.kind,
    make_timestamptz(c.governed_by_us) AS governed_at
FROM clipped AS c
JOIN stores AS s USING (store_no)
JOIN store_zones AS z USING (store_no)
JOIN zone_periods AS zp1
    ON zp1.zone = z.zone
    AND zp1.starts_us <= c.starts_us
    AND zp1.ends_us > c.starts_us
JOIN zone_periods AS zp2
    ON zp2.zone = z.zone
    AND zp2.starts_us <= c.ends_us
    AND zp2.ends_us > c.ends_us
ORDER BY c.store_no, c.starts_us;
