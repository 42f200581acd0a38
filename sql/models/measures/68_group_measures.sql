-- grain:   one row per attribute that makes groups, value and window
-- columns: attribute; value, empty for the stores without one; window_no; stores, stores_open,
--          stores_unknown BIGINT, counts; open_us, uptime_us, downtime_us, unknown_us,
--          uptime_min_us, uptime_max_us, covered_us, planned_us DECIMAL(28,0), microseconds, sums
--          over the stores; observations, outages BIGINT, counts
-- sources: group_members, group_values, measures
-- rule:    docs/definition.md "Groups"
-- tests:   analytics/testdata/models/group_measures
-- keep:    yes
-- when:    groups, targets
-- A year of 300,000 stores has more microseconds than a BIGINT holds.
CREATE OR REPLACE TEMP VIEW group_measures AS
WITH member_measures AS (
    SELECT
        g.group_no,
        m.window_no,
        m.open_us > 0 AS is_open,
        m.open_us > 0 AND m.unknown_us = m.open_us AS is_unknown,
        CAST(m.open_us AS DECIMAL(18, 0)) AS open_us,
        CAST(m.uptime_us AS DECIMAL(18, 0)) AS uptime_us,
        CAST(m.downtime_us AS DECIMAL(18, 0)) AS downtime_us,
        CAST(m.unknown_us AS DECIMAL(18, 0)) AS unknown_us,
        CAST(m.uptime_min_us AS DECIMAL(18, 0)) AS uptime_min_us,
        CAST(m.uptime_max_us AS DECIMAL(18, 0)) AS uptime_max_us,
        CAST(m.covered_us AS DECIMAL(18, 0)) AS covered_us,
        CAST(m.planned_us AS DECIMAL(18, 0)) AS planned_us,
        m.observations,
        m.outages
    FROM group_members AS g
    JOIN measures AS m ON m.store_no = g.store_no
),
sums AS (
    SELECT
        m.group_no,
        m.window_no,
        count(*) AS stores,
        CAST(sum(CASE WHEN m.is_open THEN 1 ELSE 0 END) AS BIGINT) AS stores_open,
        CAST(sum(CASE WHEN m.is_unknown THEN 1 ELSE 0 END) AS BIGINT) AS stores_unknown,
        CAST(sum(m.open_us) AS DECIMAL(28, 0)) AS open_us,
        CAST(sum(m.uptime_us) AS DECIMAL(28, 0)) AS uptime_us,
        CAST(sum(m.downtime_us) AS DECIMAL(28, 0)) AS downtime_us,
        CAST(sum(m.unknown_us) AS DECIMAL(28, 0)) AS unknown_us,
        CAST(sum(m.uptime_min_us) AS DECIMAL(28, 0)) AS uptime_min_us,
        CAST(sum(m.uptime_max_us) AS DECIMAL(28, 0)) AS uptime_max_us,
        CAST(sum(m.covered_us) AS DECIMAL(28, 0)) AS covered_us,
        CAST(sum(m.planned_us) AS DECIMAL(28, 0)) AS planned_us,
        CAST(sum(m.observations) AS BIGINT) AS observations,
        CAST(sum(m.outages) AS BIGINT) AS outages
    FROM member_measures AS m
    GROUP BY m.group_no, m.window_no
)
SELECT
    v.attribute,
    v.value,
    s.window_no,
    s.stores,
    s.stores_open,
    s.stores_unknown,
    s.open_us,
    s.uptime_us,
    s.downtime_us,
    s.unknown_us,
    s.uptime_min_us,
    s.uptime_max_us,
    s.covered_us,
    s.planned_us,
    s.observations,
    s.outages
FROM sums AS s
JOIN group_values AS v ON v.group_no = s.group_no
