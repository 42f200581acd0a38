-- grain:   one row per store and attribute that makes groups
-- columns: store_no; group_no, of the store's value in group_values
-- sources: stores, group_attributes, attribute_values, group_values
-- rule:    docs/definition.md "Groups"
-- tests:   analytics/testdata/models/group_members
-- keep:    yes
-- when:    groups, targets
CREATE OR REPLACE TEMP VIEW group_members AS
SELECT s.store_no, v.group_no
FROM stores AS s
CROSS JOIN group_attributes AS g
LEFT JOIN attribute_values AS a ON a.store_no = s.store_no AND a.attribute = g.attribute
JOIN group_values AS v ON v.attribute = g.attribute AND v.value = coalesce(a.value, '')
