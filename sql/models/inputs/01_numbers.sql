-- grain:   one row per whole number from 0 to 9999
-- columns: n BIGINT
-- sources: none
-- rule:    docs/definition.md "Conventions"
CREATE OR REPLACE TEMP VIEW numbers AS
WITH digits AS (
    SELECT k FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS digit(k)
)
SELECT CAST(a.k + 10 * b.k + 100 * c.k + 1000 * d.k AS BIGINT) AS n
FROM digits AS a CROSS JOIN digits AS b CROSS JOIN digits AS c CROSS JOIN digits AS d
