-- grain:   one row per cell with a value of the accepted rows in staged_rows, as in stores_rows
-- columns: store_id, detail, attribute, value, day_no
-- sources: staged_rows, file_attributes
-- rule:    docs/definition.md "Inputs"
CREATE OR REPLACE TEMP VIEW staged_details AS
WITH accepted AS (
    FROM staged_rows WHERE fault_reason IS NULL
)
SELECT
    store_id,
    'id' AS detail,
    CAST(NULL AS VARCHAR) AS attribute,
    CAST(NULL AS VARCHAR) AS value,
    CAST(NULL AS BIGINT) AS day_no
FROM accepted
UNION ALL
SELECT store_id, 'name', NULL, name, NULL FROM accepted WHERE name <> ''
UNION ALL
SELECT store_id, 'opens_on', NULL, opens_on, opens_on_day FROM accepted WHERE opens_on <> ''
UNION ALL
SELECT store_id, 'closes_on', NULL, closes_on, closes_on_day FROM accepted WHERE closes_on <> ''
UNION ALL
SELECT a.store_id, 'attribute', f.attribute, trim_blanks(a.others[f.place]), NULL
FROM accepted AS a
CROSS JOIN file_attributes AS f
WHERE trim_blanks(a.others[f.place]) <> '';
