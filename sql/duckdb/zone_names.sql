-- Accepted zones: all that the time library knows, except the names missing from the IANA database
-- (models/inputs/00_unofficial_zone_names.sql, the same list for every engine).
CREATE OR REPLACE TEMP TABLE zone_names AS
    SELECT name AS zone
    FROM pg_timezone_names()
    WHERE name NOT IN (SELECT zone FROM unofficial_zone_names);
