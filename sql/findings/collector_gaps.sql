-- title: stretches in which no store at all was observed: the collector was down, not the stores
-- level: warning
WITH lengths AS (
    SELECT
        starts_us,
        ends_us,
        -- tenths of an hour, rounded half up
        whole_quotient(20 * (ends_us - starts_us) + hour_us(), 2 * hour_us()) AS tenths
    FROM collector_gaps
)
SELECT
    (SELECT count(*) FROM collector_gaps) AS total,
    instant_text(starts_us) || ' to ' || instant_text(ends_us) || ' ('
        || CAST(whole_quotient(tenths, 10) AS STRING) || '.' || CAST(tenths % 10 AS STRING)
        || ' h)' AS example
FROM lengths
ORDER BY ends_us - starts_us DESC, starts_us
LIMIT 5
