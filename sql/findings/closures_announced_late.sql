-- title: closures announced after they began: what they take away would have counted until then
-- level: warning
-- when:  closures
WITH late AS (
    SELECT DISTINCT c.store_no, c.starts_us, c.ends_us
    FROM closure_spans AS c
    WHERE c.announced_us > c.starts_us
),
open_time AS (
    SELECT
        j.store_no,
        greatest(j.opens_us, coalesce(b.opens_us, j.opens_us)) AS opens_us,
        least(j.closes_us, coalesce(b.closes_us, j.closes_us), p.as_of_us) AS closes_us
    FROM joined_sessions AS j
    CROSS JOIN params AS p
    LEFT JOIN store_bounds AS b ON b.store_no = j.store_no
    WHERE j.store_no IN (SELECT l.store_no FROM late AS l)
),
lost AS (
    SELECT
        l.store_no,
        l.starts_us,
        l.ends_us,
        sum(least(o.closes_us, l.ends_us) - greatest(o.opens_us, l.starts_us)) AS lost_us
    FROM late AS l
    JOIN open_time AS o
        ON o.store_no = l.store_no
        AND o.closes_us > l.starts_us
        AND o.opens_us < l.ends_us
    WHERE o.opens_us < o.closes_us
    GROUP BY l.store_no, l.starts_us, l.ends_us
),
inactive AS (
    SELECT l.store_no, l.starts_us, l.ends_us, count(DISTINCT o.observed_us) AS instant_count
    FROM late AS l
    JOIN observations AS o
        ON o.store_no = l.store_no
        AND o.observed_us >= l.starts_us
        AND o.observed_us < l.ends_us
    WHERE NOT o.is_up
    GROUP BY l.store_no, l.starts_us, l.ends_us
),
found AS (
    SELECT
        l.store_no,
        l.starts_us,
        l.ends_us,
        coalesce(lost.lost_us, 0) AS lost_us,
        coalesce(i.instant_count, 0) AS instant_count
    FROM late AS l
    LEFT JOIN lost
        ON lost.store_no = l.store_no
        AND lost.starts_us = l.starts_us
        AND lost.ends_us = l.ends_us
    LEFT JOIN inactive AS i
        ON i.store_no = l.store_no
        AND i.starts_us = l.starts_us
        AND i.ends_us = l.ends_us
)
SELECT
    (SELECT count(*) FROM found) AS total,
    s.store_id || ' from ' || instant_text(f.starts_us) || ': '
        || CAST(whole_quotient(f.lost_us, second_us()) AS STRING) || ' s ('
        || span_text(f.lost_us) || ') of open time, '
        || CAST(f.instant_count AS STRING) || ' inactive observations' AS example
FROM found AS f
JOIN stores AS s USING (store_no)
ORDER BY f.lost_us DESC, f.store_no, f.starts_us, f.ends_us
LIMIT 5
