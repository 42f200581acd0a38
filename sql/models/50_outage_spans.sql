-- grain:   one row per span of downtime inside the longest window
-- columns: store_no; outage_no BIGINT, equal for the spans of one outage of the store;
--          starts_us, ends_us BIGINT, UTC microseconds, half-open
-- sources: spans, params          rule: docs/definition.md "Windows and measures"
-- keep:    yes
-- Only uptime and unknown end an outage; time in which the store is closed has no span at all and
-- so does neither.
CREATE OR REPLACE TEMP VIEW outage_spans AS
WITH clipped AS (
    SELECT
        s.store_no,
        s.status,
        GREATEST(s.starts_us, p.report_start_us) AS starts_us,
        LEAST(s.ends_us, p.as_of_us) AS ends_us
    FROM spans AS s
    CROSS JOIN params AS p
    WHERE s.ends_us > p.report_start_us AND s.starts_us < p.as_of_us
),
numbered AS (
    SELECT
        c.store_no,
        c.status,
        c.starts_us,
        c.ends_us,
        SUM(CASE WHEN c.status = 'down' THEN 0 ELSE 1 END) OVER (
            PARTITION BY c.store_no ORDER BY c.starts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS outage_no
    FROM clipped AS c
)
SELECT n.store_no, CAST(n.outage_no AS BIGINT) AS outage_no, n.starts_us, n.ends_us
FROM numbered AS n
WHERE n.status = 'down'
