-- grain:   one row per part of a stretch that is farther than fresh_within from every
--          observation of its own session
-- columns: store_no; starts_us, ends_us BIGINT, UTC microseconds, half-open, never empty
-- sources: stretches, params          rule: docs/definition.md "Windows and measures"
-- keep:    yes
CREATE OR REPLACE TEMP VIEW stale_spans AS
WITH unseen AS (
    SELECT
        s.store_no,
        CASE
            WHEN s.kind IN ('pair', 'tail') THEN GREATEST(s.starts_us, s.left_us + p.fresh_within_us)
            ELSE s.starts_us
        END AS starts_us,
        CASE
            WHEN s.kind IN ('pair', 'head') THEN LEAST(s.ends_us, s.right_us - p.fresh_within_us)
            ELSE s.ends_us
        END AS ends_us
    FROM stretches AS s
    CROSS JOIN params AS p
    WHERE s.kind <> 'run'
)
SELECT u.store_no, u.starts_us, u.ends_us
FROM unseen AS u
WHERE u.starts_us < u.ends_us
