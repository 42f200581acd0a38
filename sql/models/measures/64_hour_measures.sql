-- grain:   one row per store, local date and hour with open or planned time in its span
-- columns: store_no; day_no BIGINT, days since 1970-01-01; hour BIGINT, 0 to 23; open_us,
--          downtime_us, unknown_us, planned_us, uptime_min_us, uptime_max_us, covered_us BIGINT,
--          microseconds; observations BIGINT, a count
-- sources: day_parts, counted_observations, store_clocks, numbers
-- rule:    docs/definition.md "Breakdowns"
-- tests:   TestModelsAgreeWithReference
-- keep:    yes
-- when:    hour
-- Most hours lie inside a session and nothing else happens in them. They are not summed: an hour
-- between the first and the last of a session has no other open time, and the sums of the other
-- parts are joined to it (measured: a third less than one sum of all).
CREATE OR REPLACE TEMP VIEW hour_measures AS
WITH steps AS (
    SELECT n.n AS more_hours, n2.n AS step
    FROM numbers AS n
    JOIN numbers AS n2 ON n2.n <= n.n
    WHERE n.n < 24 AND n2.n < 24
),
hourly AS (
    SELECT
        p.store_no,
        p.day_no * 24 + p.first_hour + s.step AS hour_no,
        p.part,
        p.certain,
        p.sign * CASE s.more_hours
            WHEN 0 THEN p.ends_us - p.starts_us
            ELSE least(p.ends_us, (p.first_hour + s.step + 1) * hour_us())
                - greatest(p.starts_us, (p.first_hour + s.step) * hour_us())
        END AS part_us
    FROM day_parts AS p
    JOIN steps AS s ON s.more_hours = p.last_hour - p.first_hour
    WHERE p.part <> 'open' OR s.step = 0 OR s.step = s.more_hours
),
summed AS (
    SELECT
        h.store_no,
        h.hour_no,
        CAST(sum(h.part_us) FILTER (WHERE h.part = 'open') AS BIGINT) AS open_us,
        CAST(sum(h.part_us) FILTER (WHERE h.part = 'down') AS BIGINT) AS downtime_us,
        CAST(sum(h.part_us) FILTER (WHERE h.part = 'unknown') AS BIGINT) AS unknown_us,
        CAST(sum(h.part_us) FILTER (WHERE h.part = 'planned') AS BIGINT) AS planned_us,
        CAST(sum(h.part_us) FILTER (WHERE h.certain IN ('no', 'down')) AS BIGINT) AS unsure_us,
        CAST(sum(h.part_us) FILTER (WHERE h.certain = 'down') AS BIGINT) AS surely_down_us,
        CAST(sum(h.part_us) FILTER (WHERE h.part = 'uncovered') AS BIGINT) AS uncovered_us
    FROM hourly AS h
    GROUP BY h.store_no, h.hour_no
),
inside AS (
    SELECT p.store_no, p.day_no * 24 + p.first_hour + s.step AS hour_no
    FROM day_parts AS p
    JOIN steps AS s ON s.more_hours = p.last_hour - p.first_hour
    WHERE p.part = 'open' AND s.step > 0 AND s.step < s.more_hours
),
joined AS (
    SELECT
        coalesce(i.store_no, s.store_no) AS store_no,
        coalesce(i.hour_no, s.hour_no) AS hour_no,
        CASE WHEN i.store_no IS NULL THEN 0 ELSE hour_us() END + coalesce(s.open_us, 0) AS open_us,
        coalesce(s.downtime_us, 0) AS downtime_us,
        coalesce(s.unknown_us, 0) AS unknown_us,
        coalesce(s.planned_us, 0) AS planned_us,
        coalesce(s.unsure_us, 0) AS unsure_us,
        coalesce(s.surely_down_us, 0) AS surely_down_us,
        coalesce(s.uncovered_us, 0) AS uncovered_us
    FROM inside AS i
    FULL JOIN summed AS s ON s.store_no = i.store_no AND s.hour_no = i.hour_no
),
observed_hours AS (
    SELECT
        o.store_no,
        -- adding 7000 days keeps the quotients of early times positive
        whole_quotient(
            coalesce(c.stands_at_us, o.observed_us + c.offset_us) + 7000 * day_us(), hour_us()
        ) - 7000 * 24 AS hour_no,
        o.instants
    FROM counted_observations AS o
    JOIN store_clocks AS c
        ON c.store_no = o.store_no
        AND o.observed_us >= c.starts_us
        AND o.observed_us < c.ends_us
),
counts AS (
    SELECT o.store_no, o.hour_no, CAST(sum(o.instants) AS BIGINT) AS observations
    FROM observed_hours AS o
    GROUP BY o.store_no, o.hour_no
)
SELECT
    j.store_no,
    whole_quotient(j.hour_no + 7000 * 24, 24) - 7000 AS day_no,
    (j.hour_no + 7000 * 24) % 24 AS hour,
    j.open_us,
    j.downtime_us,
    j.unknown_us,
    j.planned_us,
    j.open_us - j.unsure_us AS uptime_min_us,
    j.open_us - j.surely_down_us AS uptime_max_us,
    j.open_us - j.uncovered_us AS covered_us,
    coalesce(c.observations, 0) AS observations
FROM joined AS j
LEFT JOIN counts AS c ON c.store_no = j.store_no AND c.hour_no = j.hour_no
WHERE j.open_us > 0 OR j.planned_us > 0
