-- grain:   one row per integer from 0 to 9999
-- columns: n BIGINT
-- sources: none
-- rule:    docs/definition.md "Conventions"
CREATE OR REPLACE TEMP VIEW numbers AS
WITH digits AS (
    SELECT k FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS digit(k)
)
SELECT CAST(d1.k + 10 * d10.k + 100 * d100.k + 1000 * d1000.k AS BIGINT) AS n
FROM digits AS d1 CROSS JOIN digits AS d10 CROSS JOIN digits AS d100 CROSS JOIN digits AS d1000
