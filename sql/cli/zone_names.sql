-- Accepted zones: those of zone_rules, or if there are none all that the time library knows, except
-- the names missing from the IANA database.
CREATE OR REPLACE TEMP TABLE zone_names AS
    SELECT DISTINCT zone FROM zone_rules
    UNION ALL
    SELECT name AS zone
    FROM pg_timezone_names()
    WHERE NOT EXISTS (FROM zone_rules)
        AND name NOT IN (SELECT zone FROM unofficial_zone_names);
