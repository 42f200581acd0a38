-- The rules of the time zones: the file that `openhours zones --write` writes, named by
-- OPENHOURS_ZONE_PERIODS (default: sql/zone_periods.csv). Without it the rules are those of the ICU
-- of DuckDB, which may be behind the law; then a line says so.
SET VARIABLE zone_file =
    coalesce(nullif(getenv('OPENHOURS_ZONE_PERIODS'), ''), 'sql/zone_periods.csv');
SET VARIABLE zone_rules_query = (
    SELECT CASE
        WHEN count(*) > 0
            THEN format(
                'SELECT * FROM read_csv(''{}'', header = true, auto_detect = false, columns = {})',
                replace(any_value(file), '''', ''''''),
                '{zone: ''VARCHAR'', starts_us: ''BIGINT'', ends_us: ''BIGINT'','
                || ' offset_us: ''BIGINT'', release: ''VARCHAR''}')
        ELSE 'SELECT '''' AS zone, 0 AS starts_us, 0 AS ends_us, 0 AS offset_us,'
            || ' '''' AS release LIMIT 0'
    END
    FROM glob(getvariable('zone_file')));
CREATE OR REPLACE TEMP TABLE zone_rules AS
    FROM query(getvariable('zone_rules_query'));
SET VARIABLE zone_data = (SELECT coalesce(any_value(release), 'of ICU') FROM zone_rules);
.shell sh sql/cli/zone_notice.sh
