-- grain:   one row per zone name that a time library knows but the IANA database does not
-- columns: zone
-- sources: none
-- rule:    docs/definition.md "Values"
-- tests:   TestZoneNamesAreIANA
-- Libraries disagree about some of these names (`IST` is India to one and Israel to another), so
-- every engine rejects them all.
CREATE OR REPLACE TEMP VIEW unofficial_zone_names AS
SELECT zone
FROM (VALUES
    ('ACT'), ('AET'), ('AGT'), ('ART'), ('AST'), ('BET'), ('BST'), ('CAT'), ('CNT'), ('CST'),
    ('CTT'), ('Canada/East-Saskatchewan'), ('EAT'), ('ECT'), ('IET'), ('IST'), ('JST'), ('MIT'),
    ('NET'), ('NST'), ('PLT'), ('PNT'), ('PRT'), ('PST'), ('SST'), ('SystemV/AST4'),
    ('SystemV/AST4ADT'), ('SystemV/CST6'), ('SystemV/CST6CDT'), ('SystemV/EST5'),
    ('SystemV/EST5EDT'), ('SystemV/HST10'), ('SystemV/MST7'), ('SystemV/MST7MDT'),
    ('SystemV/PST8'), ('SystemV/PST8PDT'), ('SystemV/YST9'), ('SystemV/YST9YDT'),
    ('US/Pacific-New'), ('VST')
) AS names(zone)
