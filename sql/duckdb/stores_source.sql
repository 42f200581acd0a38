-- grain:   one row per row of one stores file
-- columns: line; store_id; name, opens_on, closes_on, empty if there is none; opens_on_day,
--          closes_on_day BIGINT, days since 1970-01-01; others, the cells of the attributes, in the
--          order of file_attributes; fault_column, fault_reason, NULL for an accepted row; raw
-- input:   store_id text, not empty;
--          name what people call the store, may be empty;
--          opens_on the first local date on which the store is open, `YYYY-MM-DD`, may be empty;
--          closes_on the last one, itself included, may be empty
-- sources: source_file
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW stores_source AS
WITH cells AS (
    SELECT
        line,
        utf8_fault,
        raw,
        parse_id(store_id) AS store_id,
        trim_blanks(name) AS name,
        trim_blanks(opens_on) AS opens_on,
        trim_blanks(closes_on) AS closes_on,
        others
    FROM source_file
),
parsed AS (
    SELECT *, parse_date(opens_on) AS opens_on_day, parse_date(closes_on) AS closes_on_day
    FROM cells
),
faults AS (
    SELECT
        *,
        CASE
            WHEN utf8_fault = 'store_id' THEN ['store_id', 'not UTF-8']
            WHEN store_id IS NULL THEN ['store_id', 'missing value']
            WHEN utf8_fault = 'name' THEN ['name', 'not UTF-8']
            WHEN utf8_fault = 'opens_on' THEN ['opens_on', 'not UTF-8']
            WHEN opens_on <> '' AND opens_on_day IS NULL
                THEN ['opens_on', 'not a date such as 2024-12-25']
            WHEN utf8_fault = 'closes_on' THEN ['closes_on', 'not UTF-8']
            WHEN closes_on <> '' AND closes_on_day IS NULL
                THEN ['closes_on', 'not a date such as 2024-12-25']
            WHEN utf8_fault IS NOT NULL THEN [utf8_fault, 'not UTF-8']
        END AS fault
    FROM parsed
)
SELECT
    line,
    store_id,
    name,
    opens_on,
    closes_on,
    opens_on_day,
    closes_on_day,
    others,
    fault[1] AS fault_column,
    fault[2] AS fault_reason,
    raw
FROM faults;
