-- title: closures announced after they began: what they take away would have counted until then
-- level: warning
WITH late AS (
    SELECT DISTINCT c.store_no, c.starts_us, c.ends_us
    FROM closure_spans AS c
    WHERE c.announced_us > c.starts_us
),
lost AS (
    SELECT
        l.store_no,
        l.starts_us,
        sum(
            least(j.closes_us, l.ends_us, p.as_of_us) - greatest(j.opens_us, l.starts_us)
        ) AS lost_us
    FROM late AS l
    CROSS JOIN params AS p
    JOIN joined_sessions AS j
        ON j.store_no = l.store_no
        AND j.closes_us > l.starts_us
        AND j.opens_us < least(l.ends_us, p.as_of_us)
    WHERE l.starts_us < p.as_of_us
    GROUP BY l.store_no, l.starts_us
),
inactive AS (
    SELECT l.store_no, l.starts_us, count(*) AS row_count
    FROM late AS l
    JOIN observations AS o
        ON o.store_no = l.store_no
        AND o.observed_us >= l.starts_us
        AND o.observed_us < l.ends_us
    WHERE NOT o.is_up
    GROUP BY l.store_no, l.starts_us
),
found AS (
    SELECT
        l.store_no,
        l.starts_us,
        coalesce(lost.lost_us, 0) AS lost_us,
        coalesce(i.row_count, 0) AS row_count
    FROM late AS l
    LEFT JOIN lost ON lost.store_no = l.store_no AND lost.starts_us = l.starts_us
    LEFT JOIN inactive AS i ON i.store_no = l.store_no AND i.starts_us = l.starts_us
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' from ' || instant_text(f.starts_us) || ': '
        || CAST(whole_quotient(f.lost_us, second_us()) AS STRING) || ' s of open time, '
        || CAST(f.row_count AS STRING) || ' inactive observations' AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.lost_us DESC, f.store_no, f.starts_us
LIMIT 5
