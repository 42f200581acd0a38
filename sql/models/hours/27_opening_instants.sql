-- grain:   one row per opening in `openings`, if it has a length in UTC and can matter to the
--          horizon
-- columns: zone; is_special; day_no; weekday; opens_clock_us, closes_clock_us as in store_hours;
--          opens_us, closes_us BIGINT, UTC microseconds, half-open
-- sources: openings, local_instants, params, report_bounds
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- The two ends of an opening are looked up in long form, one row per end, and then paired: with two
-- joins to local_instants DuckDB once planned a product of millions of rows. The range filter comes
-- here because there are few openings before they are multiplied by the stores.
CREATE OR REPLACE TEMP VIEW opening_instants AS
WITH ends AS (
    SELECT
        o.zone,
        o.is_special,
        o.day_no,
        o.weekday,
        o.opens_clock_us,
        o.closes_clock_us,
        side.is_closing,
        CASE side.is_closing WHEN 0 THEN o.opens_local_us ELSE o.closes_local_us END AS local_us
    FROM openings AS o
    CROSS JOIN (VALUES (0), (1)) AS side(is_closing)
),
paired AS (
    SELECT
        e.zone,
        e.is_special,
        e.day_no,
        e.weekday,
        e.opens_clock_us,
        e.closes_clock_us,
        min(CASE WHEN e.is_closing = 0 THEN i.instant_us END) AS opens_us,
        min(CASE WHEN e.is_closing = 1 THEN i.instant_us END) AS closes_us
    FROM ends AS e
    JOIN local_instants AS i ON i.zone = e.zone AND i.local_us = e.local_us
    GROUP BY e.zone, e.is_special, e.day_no, e.weekday, e.opens_clock_us, e.closes_clock_us
)
SELECT
    pair.zone,
    pair.is_special,
    pair.day_no,
    pair.weekday,
    pair.opens_clock_us,
    pair.closes_clock_us,
    pair.opens_us,
    pair.closes_us
FROM paired AS pair
CROSS JOIN params AS p
CROSS JOIN report_bounds AS rb
WHERE pair.opens_us < pair.closes_us
    AND pair.closes_us >= rb.horizon_us - p.join_gap_us
    AND pair.opens_us <= p.as_of_us + p.join_gap_us
