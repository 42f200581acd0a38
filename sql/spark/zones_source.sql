-- grain:   one row per row of a zones file read by the cluster
-- columns: file_no; is_torn; store_id; zone, an IANA name; fault_column, fault_reason, NULL for an
--          accepted row
-- sources: zones_cells, zone_names
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW zones_source AS
WITH parsed AS (
    SELECT
        c.file_no,
        c.is_torn,
        trim_blanks(c.store_id) AS store_id,
        trim_blanks(c.timezone_str) AS zone
    FROM zones_cells AS c
)
SELECT
    p.file_no,
    p.is_torn,
    p.store_id,
    p.zone,
    CASE
        WHEN p.store_id = '' THEN 'store_id'
        WHEN n.zone IS NULL THEN 'timezone_str'
    END AS fault_column,
    CASE
        WHEN p.store_id = '' THEN 'missing value'
        WHEN p.zone = '' THEN 'missing value'
        WHEN n.zone IS NULL THEN 'not an IANA zone name such as America/New_York'
    END AS fault_reason
FROM parsed AS p
LEFT JOIN zone_names AS n ON n.zone = p.zone;
