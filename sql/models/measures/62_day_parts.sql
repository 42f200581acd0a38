-- grain:   one row per time part, part of the store's clock and local date that overlap
-- columns: store_no; day_no BIGINT, days since 1970-01-01; part, certain as in time_parts;
--          first_hour, last_hour BIGINT, the hours of the clock that it overlaps; starts_us,
--          ends_us BIGINT, microseconds after the midnight that starts the date, as the clock runs;
--          sign
-- sources: time_parts, store_clocks, calendar, report_bounds
-- rule:    docs/definition.md "Breakdowns"
-- keep:    hour
-- when:    days
-- `steps` gives each part its dates by an equality join: for a range join DuckDB sorts all parts.
CREATE OR REPLACE TEMP VIEW day_parts AS
WITH local_parts AS (
    SELECT
        p.store_no,
        p.part,
        p.certain,
        greatest(p.starts_us, c.starts_us) + c.offset_us AS starts_us,
        least(p.ends_us, c.ends_us) + c.offset_us AS ends_us,
        c.stands_at_us,
        p.sign
    FROM time_parts AS p
    JOIN store_clocks AS c
        ON c.store_no = p.store_no
        AND c.ends_us > p.starts_us
        AND c.starts_us < p.ends_us
),
dated AS (
    SELECT
        l.store_no,
        l.part,
        l.certain,
        l.starts_us,
        l.ends_us,
        l.stands_at_us,
        l.sign,
        -- adding 7000 days keeps the quotients of early times positive
        whole_quotient(coalesce(l.stands_at_us, l.starts_us) + 7000 * day_us(), day_us()) - 7000
            AS first_day_no,
        whole_quotient(coalesce(l.stands_at_us, l.ends_us - 1) + 7000 * day_us(), day_us()) - 7000
            AS last_day_no
    FROM local_parts AS l
),
steps AS (
    SELECT c.day_no - rb.first_day_no AS more_days, c2.day_no - rb.first_day_no AS step
    FROM calendar AS c
    JOIN calendar AS c2 ON c2.day_no <= c.day_no
    CROSS JOIN report_bounds AS rb
),
stepped AS (
    SELECT
        d.store_no,
        d.first_day_no + s.step AS day_no,
        d.part,
        d.certain,
        d.starts_us,
        d.ends_us,
        d.stands_at_us,
        d.sign
    FROM dated AS d
    JOIN steps AS s ON s.more_days = d.last_day_no - d.first_day_no
),
cut AS (
    SELECT
        s.store_no,
        s.day_no,
        s.part,
        s.certain,
        s.stands_at_us - s.day_no * day_us() AS stands_at_us,
        CASE
            WHEN s.stands_at_us IS NULL THEN greatest(s.starts_us - s.day_no * day_us(), 0)
            ELSE s.starts_us - s.day_no * day_us()
        END AS starts_us,
        CASE
            WHEN s.stands_at_us IS NULL THEN least(s.ends_us - s.day_no * day_us(), day_us())
            ELSE s.ends_us - s.day_no * day_us()
        END AS ends_us,
        s.sign
    FROM stepped AS s
)
SELECT
    c.store_no,
    c.day_no,
    c.part,
    c.certain,
    whole_quotient(coalesce(c.stands_at_us, c.starts_us), hour_us()) AS first_hour,
    whole_quotient(coalesce(c.stands_at_us, c.ends_us - 1), hour_us()) AS last_hour,
    c.starts_us,
    c.ends_us,
    c.sign
FROM cut AS c
