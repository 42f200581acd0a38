-- title: stretches in which no store at all was observed: the collector was down, not the stores
-- level: warning
SELECT
    (SELECT count(*) FROM collector_gaps) AS total,
    instant_text(starts_us) || ' to ' || instant_text(ends_us)
        || ' (' || span_text(ends_us - starts_us) || ')' AS example
FROM collector_gaps
ORDER BY ends_us - starts_us DESC, starts_us
LIMIT 5
