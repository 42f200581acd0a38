-- grain:   one row per store of the report with a row in the stores set
-- columns: store_no; name, NULL if there is none; opens_on_day, closes_on_day BIGINT, days since
--          1970-01-01, NULL if there is none
-- sources: stores_rows, stores
-- rule:    docs/definition.md "Inputs", "Sessions"
-- keep:    yes
-- unless:  stores
-- Of several values the first in byte order counts.
CREATE OR REPLACE TEMP VIEW named_stores AS
SELECT
    s.store_no,
    min(CASE WHEN r.detail = 'name' THEN r.value END) AS name,
    min(CASE WHEN r.detail = 'opens_on' THEN r.day_no END) AS opens_on_day,
    min(CASE WHEN r.detail = 'closes_on' THEN r.day_no END) AS closes_on_day
FROM stores_rows AS r
JOIN stores AS s ON s.store_id = r.store_id
WHERE r.detail <> 'attribute'
GROUP BY s.store_no
