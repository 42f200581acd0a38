-- The zones that are accepted: what the time library knows but for the names that the IANA database
-- does not (models/inputs/00_unofficial_zone_names.sql, for every engine the same).
CREATE OR REPLACE TEMP TABLE zone_names AS
    SELECT name AS zone
    FROM pg_timezone_names()
    WHERE name NOT IN (SELECT zone FROM unofficial_zone_names);
