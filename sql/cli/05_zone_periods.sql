-- grain:   one row per zone in use and period with one offset from UTC
-- columns: zone; starts_us, ends_us BIGINT, UTC microseconds, half-open, unbounded for the first
--          and last period; offset_us BIGINT, local clock minus UTC
-- sources: id_zones, windows, window_days, params, numbers, zone_rules
-- rule:    docs/definition.md "The store's clock"
-- tests:   TestCLIZonePeriods
-- keep:    yes
-- A report has this relation from the tz database of the program. Here it comes from the file that
-- `openhours zones --write` writes, which zone_rules.sql reads. Zones that are not in it, and times
-- after its last change, have the rules of DuckDB's ICU, of whatever release that is. For these
-- each zone is probed once a day, then every minute of a day whose offset changes, then every
-- second of that minute: some zones have changed off the quarter hour, Monrovia off the minute.
CREATE OR REPLACE TEMP VIEW zone_periods AS
WITH probed AS (
    SELECT
        least(
            coalesce(min(d.first_day), max(p.as_of_us) // day_us()),
            (max(p.as_of_us) - greatest(coalesce(max(w.length_us), 0), 7 * day_us())) // day_us()
        ) - 7 - max(p.join_gap_us) // day_us() AS first_day_no,
        max(p.as_of_us) // day_us() + 7 + max(p.join_gap_us) // day_us() AS last_day_no
    FROM params AS p
    LEFT JOIN windows AS w ON TRUE
    LEFT JOIN window_days AS d ON d.window_no = w.window_no
),
zones AS (
    SELECT DISTINCT i.zone
    FROM id_zones AS i
    CROSS JOIN probed AS pro
    WHERE i.zone NOT IN (SELECT r.zone FROM zone_rules AS r)
        OR (pro.last_day_no + 1) * day_us() > (SELECT max(r.starts_us) FROM zone_rules AS r)
),
probed_days AS (
    SELECT z.zone, (pro.first_day_no + n.n) * day_us() AS from_us
    FROM zones AS z
    CROSS JOIN probed AS pro
    JOIN numbers AS n ON n.n <= pro.last_day_no - pro.first_day_no
),
day_offsets AS (
    SELECT
        zone,
        from_us,
        epoch_us(make_timestamptz(from_us) AT TIME ZONE zone) - from_us
            AS offset_us
    FROM probed_days
),
changed_days AS (
    SELECT zone, from_us, offset_us
    FROM (
        SELECT *, lead(offset_us) OVER (PARTITION BY zone ORDER BY from_us) AS next_offset_us
        FROM day_offsets
    )
    WHERE next_offset_us <> offset_us
),
minute_offsets AS (
    SELECT
        zone,
        from_us + n * minute_us() AS from_us,
        epoch_us(make_timestamptz(from_us + n * minute_us()) AT TIME ZONE zone)
            - (from_us + n * minute_us()) AS offset_us
    FROM changed_days CROSS JOIN numbers
    WHERE n <= 24 * 60
),
changed_minutes AS (
    SELECT zone, from_us
    FROM (
        SELECT *, lead(offset_us) OVER (PARTITION BY zone ORDER BY from_us) AS next_offset_us
        FROM minute_offsets
    )
    WHERE next_offset_us <> offset_us
),
second_offsets AS (
    SELECT
        zone,
        from_us + n * second_us() AS from_us,
        epoch_us(make_timestamptz(from_us + n * second_us()) AT TIME ZONE zone)
            - (from_us + n * second_us()) AS offset_us
    FROM changed_minutes CROSS JOIN numbers
    WHERE n <= 60
),
changes AS (
    SELECT zone, from_us, offset_us
    FROM (
        SELECT *, lag(offset_us) OVER (PARTITION BY zone ORDER BY from_us) AS prev_offset_us
        FROM second_offsets
    )
    WHERE prev_offset_us <> offset_us
    UNION ALL
    SELECT zone, -forever_us(), arg_min(offset_us, from_us) FROM day_offsets GROUP BY zone
)
SELECT
    zone,
    from_us AS starts_us,
    lead(from_us, 1, forever_us()) OVER (PARTITION BY zone ORDER BY from_us) AS ends_us,
    offset_us
FROM changes
UNION ALL
SELECT r.zone, r.starts_us, r.ends_us, r.offset_us
FROM zone_rules AS r
WHERE r.zone IN (SELECT i.zone FROM id_zones AS i)
    AND r.zone NOT IN (SELECT z.zone FROM zones AS z);
