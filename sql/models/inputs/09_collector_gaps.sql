-- grain:   one row per gap of more than collector_gap between two observations of any store that
--          overlaps the horizon
-- columns: starts_us, ends_us BIGINT, UTC microseconds: the observations before and after the gap,
--          or as_of
-- sources: status_rows, params, report_bounds
-- rule:    docs/definition.md "Quality findings"
-- keep:    yes
-- Rows are first reduced to the ends of 18-minute buckets (2^30 microseconds), so that nothing
-- sorts every row. A gap longer than a bucket cannot lie within one.
CREATE OR REPLACE TEMP VIEW collector_gaps AS
WITH buckets AS (
    SELECT min(r.observed_us) AS first_us, max(r.observed_us) AS last_us
    FROM status_rows AS r
    WHERE r.observed_us >= (SELECT rb.horizon_us FROM report_bounds AS rb)
        AND r.observed_us <= (SELECT p.as_of_us FROM params AS p)
    GROUP BY r.observed_us >> 30
    UNION ALL
    -- the last observation before the horizon starts the gap that extends into it
    SELECT max(r.observed_us) AS first_us, max(r.observed_us) AS last_us
    FROM status_rows AS r
    WHERE r.observed_us < (SELECT rb.horizon_us FROM report_bounds AS rb)
    HAVING count(*) > 0
),
gaps AS (
    SELECT b.last_us AS starts_us, lead(b.first_us) OVER (ORDER BY b.first_us) AS ends_us
    FROM buckets AS b
)
SELECT g.starts_us, coalesce(g.ends_us, p.as_of_us) AS ends_us
FROM gaps AS g
CROSS JOIN params AS p
CROSS JOIN report_bounds AS rb
WHERE coalesce(g.ends_us, p.as_of_us) - g.starts_us > p.collector_gap_us
    AND coalesce(g.ends_us, p.as_of_us) > rb.horizon_us
