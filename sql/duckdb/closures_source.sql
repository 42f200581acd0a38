-- grain:   one row per row of one closures file
-- columns: line; store_id, attribute, value, whom it is for, NULL where that is said otherwise;
--          starts_us, ends_us BIGINT, UTC microseconds, or start_local_us, end_local_us BIGINT, the
--          same of what the store's clock shows; an end NULL: until further notice; reason;
--          announced_us or announced_local_us in either form; fault_column, fault_reason, NULL for
--          an accepted row; raw
-- input:   store_id a store, or `*` for all, empty if an attribute is given;
--          attribute name of a column of the stores file, may be empty;
--          value its value in the stores that the row is for, may be empty;
--          starts_at timestamp, as in status, empty if the local time is given;
--          ends_at the same, empty: until further notice;
--          start_local `YYYY-MM-DD`, alone or with `HH:MM[:SS]`, by the store's clock;
--          end_local the same, a date alone ends with the date, empty: until further notice;
--          reason why it is closed, may be empty;
--          announced_at when it was announced, in either form, may be empty
-- sources: source_file
-- rule:    docs/definition.md "Values", "Rejected rows"
CREATE OR REPLACE TEMP VIEW closures_source AS
WITH cells AS (
    SELECT
        line,
        utf8_fault,
        raw,
        trim_blanks(store_id) AS store_id,
        trim_blanks(attribute) AS attribute,
        trim_blanks("value") AS address_value,
        trim_blanks(starts_at) AS starts_at,
        trim_blanks(ends_at) AS ends_at,
        trim_blanks(start_local) AS start_local,
        trim_blanks(end_local) AS end_local,
        trim_blanks(reason) AS reason,
        trim_blanks(announced_at) AS announced_at
    FROM source_file
),
-- list_transform binds each parser once; binding one takes as long as parsing some thousand rows.
parsed AS (
    SELECT
        *,
        list_transform(
            [starts_at, ends_at, announced_at], LAMBDA cell: parse_rare_timestamp(cell)
        ) AS stamps_us,
        list_transform(
            [start_local, end_local, announced_at], LAMBDA cell: parse_wall_time(cell)
        ) AS walls_us
    FROM cells
),
timed AS (
    SELECT
        *,
        address_fault(store_id, attribute, address_value, utf8_fault) AS address_fault,
        starts_at <> '' OR ends_at <> '' AS has_utc,
        start_local <> '' OR end_local <> '' AS has_local,
        stamps_us[1] AS starts_us,
        stamps_us[2] AS ends_us,
        walls_us[1] AS start_local_us,
        -- a date alone ends with the date
        walls_us[2] + CASE WHEN strlen(end_local) = 10 THEN day_us() ELSE 0 END AS end_local_us,
        stamps_us[3] AS announced_stamp_us,
        walls_us[3] AS announced_wall_us
    FROM parsed
),
faults AS (
    SELECT
        *,
        CASE
            WHEN address_fault IS NOT NULL THEN address_fault
            WHEN utf8_fault = 'starts_at' THEN ['starts_at', 'not UTF-8']
            WHEN has_utc AND has_local THEN ['starts_at', 'times in UTC as well as local ones']
            WHEN NOT has_utc AND NOT has_local THEN ['starts_at', 'no start']
            WHEN has_utc AND starts_at = '' THEN ['starts_at', 'missing value']
            WHEN has_utc AND starts_us IS NULL
                THEN ['starts_at', 'not a timestamp such as 2024-10-07 21:30:00 UTC']
            WHEN ends_us <= starts_us THEN ['starts_at', 'not before ends_at']
            WHEN utf8_fault = 'ends_at' THEN ['ends_at', 'not UTF-8']
            WHEN ends_at <> '' AND ends_us IS NULL
                THEN ['ends_at', 'not a timestamp such as 2024-10-07 21:30:00 UTC']
            WHEN utf8_fault = 'start_local' THEN ['start_local', 'not UTF-8']
            WHEN has_local AND start_local = '' THEN ['start_local', 'missing value']
            WHEN has_local AND start_local_us IS NULL
                THEN [
                    'start_local', 'not a local time such as 2024-12-25 or 2024-12-25 09:00']
            WHEN end_local_us <= start_local_us THEN ['start_local', 'not before end_local']
            WHEN utf8_fault = 'end_local' THEN ['end_local', 'not UTF-8']
            WHEN end_local <> '' AND end_local_us IS NULL
                THEN ['end_local', 'not a local time such as 2024-12-25 or 2024-12-25 09:00']
            WHEN utf8_fault = 'reason' THEN ['reason', 'not UTF-8']
            WHEN utf8_fault = 'announced_at' THEN ['announced_at', 'not UTF-8']
            WHEN announced_at <> '' AND announced_stamp_us IS NULL AND announced_wall_us IS NULL
                THEN ['announced_at', 'not a time such as 2024-12-25 09:00 or one with a zone']
            WHEN utf8_fault IS NOT NULL THEN [utf8_fault, 'not UTF-8']
        END AS fault
    FROM timed
)
SELECT
    line,
    nullif(store_id, '') AS store_id,
    nullif(attribute, '') AS attribute,
    nullif(address_value, '') AS "value",
    starts_us,
    ends_us,
    start_local_us,
    end_local_us,
    nullif(reason, '') AS reason,
    -- without a zone it is of the form of its row
    CASE WHEN has_utc OR announced_wall_us IS NULL THEN announced_stamp_us END AS announced_us,
    CASE
        WHEN has_local OR announced_stamp_us IS NULL THEN announced_wall_us
    END AS announced_local_us,
    fault[1] AS fault_column,
    fault[2] AS fault_reason,
    raw
FROM faults;
