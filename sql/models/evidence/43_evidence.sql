-- grain:   one row per store and instant at which it was observed inside a session
-- columns: store_no; opens_us of the session; observed_us BIGINT, UTC microseconds; is_up BOOLEAN,
--          FALSE if rows of the instant disagree
-- sources: observations
-- rule:    docs/definition.md "Evidence"
-- Not kept, because only queries about a few stores need every single observation.
CREATE OR REPLACE TEMP VIEW evidence AS
SELECT o.store_no, o.opens_us, o.observed_us, bool_and(o.is_up) AS is_up
FROM observations AS o
WHERE o.opens_us IS NOT NULL
GROUP BY o.store_no, o.opens_us, o.observed_us
