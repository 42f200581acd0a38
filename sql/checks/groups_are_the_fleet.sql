-- fail: the groups of every attribute must add up to the fleet
-- when: groups
SELECT
    a.attribute,
    m.window_no,
    count(*) AS stores,
    sum(CASE WHEN m.open_us > 0 THEN 1 ELSE 0 END) AS stores_open,
    sum(CASE WHEN m.open_us > 0 AND m.unknown_us = m.open_us THEN 1 ELSE 0 END) AS stores_unknown,
    sum(CAST(m.open_us AS DECIMAL(18, 0))) AS open_us,
    sum(CAST(m.uptime_us AS DECIMAL(18, 0))) AS uptime_us,
    sum(CAST(m.downtime_us AS DECIMAL(18, 0))) AS downtime_us,
    sum(CAST(m.unknown_us AS DECIMAL(18, 0))) AS unknown_us,
    sum(CAST(m.uptime_min_us AS DECIMAL(18, 0))) AS uptime_min_us,
    sum(CAST(m.uptime_max_us AS DECIMAL(18, 0))) AS uptime_max_us,
    sum(CAST(m.covered_us AS DECIMAL(18, 0))) AS covered_us,
    sum(CAST(m.planned_us AS DECIMAL(18, 0))) AS planned_us,
    sum(m.observations) AS observations,
    sum(m.outages) AS outages
FROM measures AS m
CROSS JOIN group_attributes AS a
WHERE a.makes_groups
GROUP BY a.attribute, m.window_no
EXCEPT
SELECT
    g.attribute,
    g.window_no,
    sum(g.stores),
    sum(g.stores_open),
    sum(g.stores_unknown),
    sum(g.open_us),
    sum(g.uptime_us),
    sum(g.downtime_us),
    sum(g.unknown_us),
    sum(g.uptime_min_us),
    sum(g.uptime_max_us),
    sum(g.covered_us),
    sum(g.planned_us),
    sum(g.observations),
    sum(g.outages)
FROM group_measures AS g
GROUP BY g.attribute, g.window_no
