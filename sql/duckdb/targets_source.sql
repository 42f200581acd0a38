-- grain:   one row per row of one targets file
-- columns: line; store_id, attribute, value, whom it is for, NULL where that is said otherwise;
--          target_ppm BIGINT, millionths; window_name, NULL for all windows; fault_column,
--          fault_reason, NULL for an accepted row; raw
-- input:   store_id a store, or `*` for all, empty if an attribute is given;
--          attribute name of a column of the stores file, may be empty;
--          value its value in the stores that the row is for, may be empty;
--          target percentage of the open time above 0 and below 100, with at most four decimals and
--          perhaps `%`;
--          window name of the window that it is for, empty for all
-- sources: source_file
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW targets_source AS
WITH cells AS (
    SELECT
        line,
        utf8_fault,
        raw,
        trim_blanks(store_id) AS store_id,
        trim_blanks(attribute) AS attribute,
        trim_blanks("value") AS address_value,
        trim_blanks(target) AS target,
        trim_blanks(window_name) AS window_name
    FROM source_file
),
parsed AS (
    SELECT *, parse_percentage(target) AS target_ppm FROM cells
),
faults AS (
    SELECT
        *,
        CASE
            WHEN utf8_fault = 'store_id' THEN ['store_id', 'not UTF-8']
            WHEN store_id <> '' AND (attribute <> '' OR address_value <> '')
                THEN ['store_id', 'a store as well as an attribute']
            WHEN store_id = '' AND attribute = '' AND address_value = ''
                THEN ['store_id', 'no store, no attribute and no *']
            WHEN utf8_fault = 'attribute' THEN ['attribute', 'not UTF-8']
            WHEN store_id = '' AND attribute = ''
                THEN ['attribute', 'a value without its attribute']
            WHEN store_id = '' AND address_value = ''
                THEN ['attribute', 'an attribute without a value']
            WHEN utf8_fault = 'value' THEN ['value', 'not UTF-8']
            WHEN utf8_fault = 'target' THEN ['target', 'not UTF-8']
            WHEN target = '' THEN ['target', 'missing value']
            WHEN target_ppm IS NULL
                THEN ['target', 'not a percentage above 0 and below 100, such as 98 or 99.95%']
            WHEN utf8_fault IS NOT NULL THEN [utf8_fault, 'not UTF-8']
        END AS fault
    FROM parsed
)
SELECT
    line,
    nullif(store_id, '') AS store_id,
    nullif(attribute, '') AS attribute,
    nullif(address_value, '') AS "value",
    target_ppm,
    nullif(window_name, '') AS window_name,
    fault[1] AS fault_column,
    fault[2] AS fault_reason,
    raw
FROM faults;
