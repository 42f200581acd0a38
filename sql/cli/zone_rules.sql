-- The rules of the time zones: the file that `openhours zones --write` writes, named by
-- OPENHOURS_ZONE_PERIODS (default: .tools/zone_periods.csv). Without it the rules are those of the
-- ICU of DuckDB, which may be behind the law; then a line says so.
SET VARIABLE zone_file =
    coalesce(nullif(getenv('OPENHOURS_ZONE_PERIODS'), ''), '.tools/zone_periods.csv');
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
SET VARIABLE zone_data = (
    SELECT coalesce(any_value(release), 'ICU of DuckDB ' || version()) FROM zone_rules
);

-- The local time of an instant by these rules.
CREATE OR REPLACE TEMP MACRO local_time(instant, zone_name) AS
    coalesce(
        (
            SELECT make_timestamp(epoch_us(instant) + any_value(r.offset_us))
            FROM zone_rules AS r
            WHERE r.zone = zone_name
                AND r.starts_us <= epoch_us(instant)
                AND r.ends_us > epoch_us(instant)
                AND epoch_us(instant) <= (SELECT max(starts_us) FROM zone_rules)
        ),
        instant AT TIME ZONE zone_name);
.shell sh sql/cli/zone_notice.sh
