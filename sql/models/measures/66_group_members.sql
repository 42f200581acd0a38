-- grain:   one row per store and attribute that makes groups
-- columns: store_no; attribute, the header as written; value, empty if the store has none
-- sources: stores, group_attributes, attribute_values
-- rule:    docs/definition.md "Groups"
-- tests:   analytics/testdata/models/group_members
CREATE OR REPLACE TEMP VIEW group_members AS
SELECT s.store_no, g.attribute, coalesce(a.value, '') AS value
FROM stores AS s
CROSS JOIN group_attributes AS g
LEFT JOIN attribute_values AS a ON a.store_no = s.store_no AND a.attribute = g.attribute
WHERE g.makes_groups
