-- grain:   one row per store and part of its span in which its clock runs, or stands, with one
--          offset from UTC; the span is the time from its earliest window start to as_of
-- columns: store_no; zone; starts_us, ends_us BIGINT, UTC microseconds, half-open, never empty;
--          offset_us BIGINT, local clock minus UTC; stands_at_us BIGINT, the local time whose date
--          and hour the whole part belongs to, microseconds since 1970-01-01, NULL if it runs;
--          first_day_no, last_day_no BIGINT, the local dates at its ends, days since 1970-01-01;
--          in_last_week BOOLEAN: the part lies in the last 7 days before as_of
-- sources: store_zones, store_spans, zone_periods, params
-- rule:    docs/definition.md "Breakdowns"
-- tests:   analytics/testdata/models/store_clocks
-- keep:    yes
-- An hour runs to the first instant at which the clock reads the next one. When the clock is put
-- back, all that repeats what it has already shown belongs to the hour that was shown last: in the
-- breakdowns the clock stands there until it goes on. All stores of a zone have the same clock.
CREATE OR REPLACE TEMP VIEW store_clocks AS
WITH zone_spans AS (
    SELECT DISTINCT z.zone, ss.start_us, ss.end_us
    FROM store_zones AS z
    JOIN store_spans AS ss ON ss.store_no = z.store_no AND ss.start_us < ss.end_us
),
preceded AS (
    SELECT
        z.zone,
        z.starts_us,
        z.ends_us,
        z.offset_us,
        max(z.ends_us + z.offset_us) OVER (
            PARTITION BY z.zone ORDER BY z.starts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS shown_us
    FROM zone_periods AS z
),
resumed AS (
    SELECT
        pre.zone,
        pre.starts_us,
        pre.ends_us,
        pre.offset_us,
        pre.shown_us,
        least(
            greatest(pre.starts_us, coalesce(pre.shown_us - pre.offset_us, pre.starts_us)),
            pre.ends_us
        ) AS runs_from_us
    FROM preceded AS pre
),
pieces AS (
    SELECT
        r.zone,
        greatest(
            CASE part.stands WHEN 1 THEN r.starts_us ELSE r.runs_from_us END,
            CASE part.in_week WHEN 1 THEN p.as_of_us - 7 * day_us() ELSE r.starts_us END
        ) AS starts_us,
        least(
            CASE part.stands WHEN 1 THEN r.runs_from_us ELSE r.ends_us END,
            CASE part.in_week WHEN 1 THEN r.ends_us ELSE p.as_of_us - 7 * day_us() END
        ) AS ends_us,
        r.offset_us,
        CASE part.stands WHEN 1 THEN r.shown_us - 1 END AS stands_at_us,
        part.in_week = 1 AS in_last_week
    FROM resumed AS r
    CROSS JOIN (VALUES (0, 0), (0, 1), (1, 0), (1, 1)) AS part(stands, in_week)
    CROSS JOIN params AS p
),
clipped AS (
    SELECT
        s.zone,
        greatest(piece.starts_us, s.start_us) AS starts_us,
        least(piece.ends_us, s.end_us) AS ends_us,
        piece.offset_us,
        piece.stands_at_us,
        piece.in_last_week
    FROM zone_spans AS s
    JOIN pieces AS piece
        ON piece.zone = s.zone
        AND piece.starts_us < piece.ends_us
        AND piece.ends_us > s.start_us
        AND piece.starts_us < s.end_us
),
dated AS (
    SELECT
        c.*,
        -- adding 7000 days keeps the quotients of early times positive
        whole_quotient(
            coalesce(c.stands_at_us, c.starts_us + c.offset_us) + 7000 * day_us(), day_us()
        ) - 7000 AS first_day_no,
        whole_quotient(
            coalesce(c.stands_at_us, c.ends_us - 1 + c.offset_us) + 7000 * day_us(), day_us()
        ) - 7000 AS last_day_no
    FROM clipped AS c
)
SELECT
    z.store_no,
    d.zone,
    d.starts_us,
    d.ends_us,
    d.offset_us,
    d.stands_at_us,
    d.first_day_no,
    d.last_day_no,
    d.in_last_week
FROM dated AS d
JOIN store_zones AS z ON z.zone = d.zone
