-- grain:   one row per attribute that makes groups, value and local date with an instant of the
--          span of a store of the group: the rows of group_days.parquet, unordered
-- columns: attribute; value, empty for the stores without one; day_no BIGINT, days since
--          1970-01-01; open_seconds, uptime_seconds, downtime_seconds, unknown_seconds,
--          planned_seconds, uptime_min_seconds, uptime_max_seconds, covered_seconds DOUBLE;
--          observations BIGINT
-- sources: group_members, group_values, day_measures
-- rule:    docs/definition.md "Breakdowns", "Groups"
-- keep:    yes
-- when:    groups
CREATE OR REPLACE TEMP VIEW group_day_rows AS
WITH sums AS (
    SELECT
        g.group_no,
        m.day_no,
        sum(m.open_us) AS open_us,
        sum(m.downtime_us) AS downtime_us,
        sum(m.unknown_us) AS unknown_us,
        sum(m.planned_us) AS planned_us,
        sum(m.uptime_min_us) AS uptime_min_us,
        sum(m.uptime_max_us) AS uptime_max_us,
        sum(m.covered_us) AS covered_us,
        sum(m.observations) AS observations
    FROM group_members AS g
    JOIN day_measures AS m ON m.store_no = g.store_no
    GROUP BY g.group_no, m.day_no
)
SELECT
    v.attribute,
    v.value,
    s.day_no,
    seconds_of(s.open_us) AS open_seconds,
    seconds_of(s.open_us - s.downtime_us - s.unknown_us) AS uptime_seconds,
    seconds_of(s.downtime_us) AS downtime_seconds,
    seconds_of(s.unknown_us) AS unknown_seconds,
    seconds_of(s.planned_us) AS planned_seconds,
    seconds_of(s.uptime_min_us) AS uptime_min_seconds,
    seconds_of(s.uptime_max_us) AS uptime_max_seconds,
    seconds_of(s.covered_us) AS covered_seconds,
    CAST(s.observations AS BIGINT) AS observations
FROM sums AS s
JOIN group_values AS v ON v.group_no = s.group_no
