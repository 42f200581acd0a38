-- grain:   one row per store whose openings are not those of every week
-- columns: store_no; has_hours BOOLEAN, FALSE if it has no hours row; has_dates BOOLEAN, TRUE if
--          its hours have dates; has_special BOOLEAN, TRUE if it has special hours in the calendar
-- sources: stores, all_ids, store_hours, special_days
-- rule:    docs/definition.md "Sessions"
-- keep:    yes
-- They are few, so the openings of all other stores need no second look.
CREATE OR REPLACE TEMP VIEW stores_apart AS
WITH reasons AS (
    SELECT s.store_no, 1 AS reason
    FROM stores AS s
    JOIN all_ids AS i ON i.store_id = s.store_id
    WHERE NOT i.in_hours
    UNION ALL
    SELECT h.store_no, 2 AS reason
    FROM store_hours AS h
    WHERE h.valid_from_day IS NOT NULL OR h.valid_through_day IS NOT NULL
    UNION ALL
    SELECT d.store_no, 3 AS reason
    FROM special_days AS d
)
SELECT
    r.store_no,
    NOT bool_or(r.reason = 1) AS has_hours,
    bool_or(r.reason = 2) AS has_dates,
    bool_or(r.reason = 3) AS has_special
FROM reasons AS r
GROUP BY r.store_no
