-- The accepted rows of the files in input_files, by the source model of each set. The text of the
-- scans is composed of column positions and quoted paths; no header and no value enters it. DuckDB
-- alone parses the structure of CSV, so a malformed line is an error; SET VARIABLE skip_bad_rows =
-- TRUE skips such lines.
-- rule: docs/definition.md "Inputs", "Values"
SET VARIABLE skip_bad_rows = coalesce(TRY_CAST(getvariable('skip_bad_rows') AS BOOLEAN), FALSE);

CREATE OR REPLACE TEMP MACRO literal(plain_text) AS
    '''' || replace(plain_text, '''', '''''') || '''';
CREATE OR REPLACE TEMP MACRO identifier(plain_text) AS
    '"' || replace(plain_text, '"', '""') || '"';
-- The text of a Parquet value. A TIME or TIMESTAMP out of range is not cast to text: that would
-- crash DuckDB or fail.
CREATE OR REPLACE TEMP MACRO value_text(type, column_name) AS
    format(CASE
        WHEN type = 'TIME'
            THEN 'CASE WHEN epoch_us({0}) BETWEEN 0 AND day_us()'
                || ' THEN CAST({0} AS VARCHAR) ELSE epoch_us({0}) || '' us'' END'
        WHEN type = 'TIME_NS'
            THEN 'CASE WHEN epoch_ns({0}) BETWEEN 0 AND 1000 * day_us()'
                || ' THEN CAST({0} AS VARCHAR) ELSE epoch_ns({0}) || '' ns'' END'
        WHEN type = 'TIME WITH TIME ZONE'
            THEN 'CASE WHEN epoch_us({0}) BETWEEN 0 AND day_us()'
                || ' THEN CAST(CAST({0} AS TIME) AS VARCHAR) ELSE epoch_us({0}) || '' us'' END'
        WHEN type = 'TIMESTAMP_NS'
            THEN 'CASE WHEN isfinite({0}) IS FALSE OR epoch_ns({0}) > -9223372036000000000'
                || ' THEN CAST({0} AS VARCHAR) ELSE epoch_ns({0}) || '' ns'' END'
        WHEN type LIKE 'TIMESTAMP%'
            THEN 'CASE WHEN isfinite({0}) IS FALSE'
                || ' OR {0} BETWEEN ''0001-01-01'' AND ''9999-12-31 23:59:59.999999'''
                || ' THEN CAST({0} AS VARCHAR) ELSE epoch_us({0}) || '' us'' END'
        ELSE 'CAST({0} AS VARCHAR)'
    END, identifier(column_name));
-- The instant of a timestamp column. Its text is then only NULL or not.
CREATE OR REPLACE TEMP MACRO value_instant(type, column_name) AS
    format(CASE
        WHEN type = 'TIMESTAMP_NS'
            THEN 'CASE WHEN isfinite({0}) AND epoch_ns({0}) >= 0'
                || ' THEN make_timestamp(epoch_ns({0}) // 1000) END'
        WHEN type LIKE 'TIMESTAMP%' THEN 'CAST({0} AS TIMESTAMP)'
    END, identifier(column_name));
CREATE OR REPLACE TEMP MACRO value_is_present(column_name) AS
    format('CASE WHEN {0} IS NOT NULL THEN ''?'' END', identifier(column_name));

-- The first non-blank line of each CSV file.
SET VARIABLE headers_query = (
    SELECT coalesce(string_agg(format(
        'SELECT {0} AS path, (SELECT line FROM read_csv({0}, columns = {{''line'': ''VARCHAR''}},'
        || ' auto_detect = false, header = false, delim = chr(1), quote = '''', escape = '''','
        || ' compression = ''{1}'')'
        || ' WHERE trim(line, E'' \t\r\n'') <> '''' LIMIT 1) AS line',
        literal(path), if(file_format(path) = 'csv', 'none', file_format(path))), ' UNION ALL '),
        'SELECT '''' AS path, '''' AS line LIMIT 0')
    FROM input_files
    WHERE file_format(path) <> 'parquet');
SET VARIABLE schemas_query = (
    SELECT coalesce('SELECT file_name AS path, name, duckdb_type AS type FROM parquet_schema(['
        || string_agg(literal(path), ', ') || ']) WHERE duckdb_type IS NOT NULL',
        'SELECT '''' AS path, '''' AS name, '''' AS type LIMIT 0')
    FROM input_files
    WHERE file_format(path) = 'parquet');

-- One row per file and column; place counts from 0.
CREATE OR REPLACE TEMP TABLE input_columns AS
WITH lines AS (
    SELECT
        path,
        regexp_extract_all(
            replace(line, chr(65279), '') || ',', -- without the byte order mark
            '("(?:[^"]|"")*"|[^,]*)[ \t\r]*,', 1) AS cells
    FROM query(getvariable('headers_query'))
)
SELECT path, trim(trim(cells[n + 1], E' \t\r\n'), '" ') AS name, n AS place, 'VARCHAR' AS type
FROM lines CROSS JOIN unnest(range(len(cells))) AS place(n)
UNION ALL
SELECT path, name, 0 AS place, type FROM query(getvariable('schemas_query'));

-- A header without what may differ: storeId, store_id and Store ID are the same name.
CREATE OR REPLACE TEMP MACRO plain_name(header) AS
    regexp_replace(lower(header), '[ _-]', '', 'g');

-- The columns of each set, as named in data/README.md and in its source model.
CREATE OR REPLACE TEMP TABLE needed_columns AS
FROM (VALUES
    ('status', 0, 'store_id', 'store_id', FALSE, ['store_id']),
    ('status', 1, 'status', 'status', FALSE, ['status']),
    ('status', 2, 'timestamp_utc', 'timestamp_utc', FALSE, ['timestamp_utc', 'timestamp']),
    ('hours', 0, 'store_id', 'store_id', FALSE, ['store_id']),
    ('hours', 1, 'dayOfWeek', 'day_of_week', FALSE, ['dayofweek', 'day', 'day_of_week']),
    ('hours', 2, 'start_time_local', 'start_time_local', FALSE, ['start_time_local']),
    ('hours', 3, 'end_time_local', 'end_time_local', FALSE, ['end_time_local']),
    ('hours', 4, 'valid_from', 'valid_from', TRUE, ['valid_from']),
    ('hours', 5, 'valid_through', 'valid_through', TRUE, ['valid_through']),
    ('zones', 0, 'store_id', 'store_id', FALSE, ['store_id']),
    ('zones', 1, 'timezone_str', 'timezone_str', FALSE, ['timezone_str', 'timezone']),
    ('stores', 0, 'store_id', 'store_id', FALSE, ['store_id']),
    ('stores', 1, 'name', 'name', TRUE, ['name', 'store_name']),
    ('stores', 2, 'opens_on', 'opens_on', TRUE, ['opens_on']),
    ('stores', 3, 'closes_on', 'closes_on', TRUE, ['closes_on']),
    ('special_hours', 0, 'store_id', 'store_id', TRUE, ['store_id']),
    ('special_hours', 1, 'attribute', 'attribute', TRUE, ['attribute']),
    ('special_hours', 2, 'value', 'value', TRUE, ['value']),
    ('special_hours', 3, 'date', 'date', FALSE, ['date', 'start_date']),
    ('special_hours', 4, 'date_through', 'date_through', TRUE, ['date_through', 'end_date']),
    ('special_hours', 5, 'closed', 'closed', TRUE, ['closed', 'is_closed']),
    ('special_hours', 6, 'start_time_local', 'start_time_local', TRUE,
        ['start_time_local', 'start_time', 'open_time', 'opens']),
    ('special_hours', 7, 'end_time_local', 'end_time_local', TRUE,
        ['end_time_local', 'end_time', 'close_time', 'closes']),
    ('special_hours', 8, 'name', 'name', TRUE, ['name']),
    ('closures', 0, 'store_id', 'store_id', TRUE, ['store_id']),
    ('closures', 1, 'attribute', 'attribute', TRUE, ['attribute']),
    ('closures', 2, 'value', 'value', TRUE, ['value']),
    ('closures', 3, 'starts_at', 'starts_at', TRUE, ['starts_at']),
    ('closures', 4, 'ends_at', 'ends_at', TRUE, ['ends_at']),
    ('closures', 5, 'start_local', 'start_local', TRUE, ['start_local']),
    ('closures', 6, 'end_local', 'end_local', TRUE, ['end_local']),
    ('closures', 7, 'reason', 'reason', TRUE, ['reason']),
    ('closures', 8, 'announced_at', 'announced_at', TRUE, ['announced_at']),
    ('targets', 0, 'store_id', 'store_id', TRUE, ['store_id']),
    ('targets', 1, 'attribute', 'attribute', TRUE, ['attribute']),
    ('targets', 2, 'value', 'value', TRUE, ['value']),
    ('targets', 3, 'target', 'target', FALSE, ['target']),
    ('targets', 4, 'window', 'window_name', TRUE, ['window'])
) AS needed(set_name, position, name, source_name, is_optional, aliases);

-- One row per file and needed column.
CREATE OR REPLACE TEMP TABLE input_places AS
WITH matched AS (
    SELECT
        f.set_name,
        f.path,
        n.position,
        n.source_name,
        n.name,
        n.is_optional,
        count(c.path) AS column_count,
        any_value(c.place) AS place,
        any_value(c.name) AS column_name,
        any_value(c.type) AS type
    FROM input_files AS f
    JOIN needed_columns AS n ON n.set_name = f.set_name
    LEFT JOIN input_columns AS c
        ON c.path = f.path
        AND list_contains(
            list_transform(n.aliases, LAMBDA alias: plain_name(alias)),
            plain_name(c.name))
    GROUP BY ALL
)
SELECT
    *,
    CASE
        WHEN column_count = 0 AND is_optional THEN TRUE
        WHEN column_count = 0 THEN error(format('{}: no column {}', path, name))
        WHEN column_count > 1 THEN error(format('{}: several columns mean {}', path, name))
        WHEN type IN ('VARCHAR', 'BLOB', 'JSON', 'UUID', 'BOOLEAN', 'DATE', '"NULL"')
            OR type SIMILAR TO 'U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)'
            OR type SIMILAR TO 'DECIMAL\(\d+,0\)'
            OR type SIMILAR TO 'TIME(_NS| WITH TIME ZONE)?'
            OR type LIKE 'TIMESTAMP%'
            THEN TRUE
        ELSE error(format(
            '{}: column {} has the type {}: text is needed, or a type whose values are read as '
            || 'their text: whole numbers, DECIMAL of scale 0 and at most 38 digits, BOOLEAN, '
            || 'DATE, TIME, TIMESTAMP, UUID',
            path, name, type))
    END AS is_usable
FROM (FROM matched ORDER BY path, position); -- so that the first fault is reported

-- The attributes of stores files: all other columns, numbered over all files.
CREATE OR REPLACE TEMP TABLE file_attributes AS
SELECT
    row_number() OVER (ORDER BY f.path, c.place, c.name) AS place,
    c.name AS attribute,
    f.path,
    CASE
        WHEN file_format(f.path) = 'parquet' THEN value_text(c.type, c.name)
        ELSE 'c' || c.place
    END AS cell
FROM input_files AS f
JOIN input_columns AS c ON c.path = f.path
WHERE f.set_name = 'stores'
    AND c.name <> ''
    AND c.name NOT IN (
        SELECT p.column_name FROM input_places AS p
        WHERE p.path = f.path AND p.column_name IS NOT NULL);
-- The list of them in one file, with empty cells for those of others.
CREATE OR REPLACE TEMP MACRO attribute_cells(asked_path) AS (
    SELECT
        '[' || coalesce(
            string_agg(
                CASE WHEN path = asked_path THEN 'coalesce(' || cell || ', '''')' ELSE '''''' END,
                ', ' ORDER BY place),
            'CAST(NULL AS VARCHAR)') || ']'
    FROM file_attributes);

-- The scans of each set as text, one per layout of columns.
CREATE OR REPLACE TEMP TABLE input_scans AS
WITH layouts AS (
    SELECT
        p.set_name,
        p.path,
        file_format(p.path) AS format,
        (SELECT count(*) FROM input_columns AS c WHERE c.path = p.path) AS width,
        -- One scan of files with several types would cast all values to those of the first file.
        string_agg(p.type, ',' ORDER BY p.position) AS types,
        -- Unneeded columns are read too: otherwise invalid UTF-8 behind an unread column makes
        -- DuckDB fail with an internal error instead of an error that names the line.
        (
            SELECT coalesce(
                ' WHERE hash(' || string_agg('c' || c.place, ', ' ORDER BY c.place)
                || ') IS NOT NULL', '')
            FROM input_columns AS c
            WHERE c.path = p.path AND c.name NOT IN (
                SELECT p2.column_name FROM input_places AS p2
                WHERE p2.path = p.path AND p2.column_name IS NOT NULL)
        ) AS others_read,
        string_agg(
            format('coalesce({}, '''') AS {}',
                CASE
                    WHEN p.place IS NULL THEN ''''''
                    WHEN file_format(p.path) <> 'parquet' THEN 'c' || p.place
                    WHEN p.name = 'timestamp_utc' AND p.type LIKE 'TIMESTAMP%'
                        THEN value_is_present(p.column_name)
                    ELSE value_text(p.type, p.column_name)
                END,
                p.source_name),
            ', ' ORDER BY p.position) AS cells,
        CASE p.set_name
            WHEN 'stores' THEN ', ' || attribute_cells(p.path) || ' AS others' ELSE ''
        END AS others,
        coalesce(
            max(value_instant(p.type, p.column_name)) FILTER (p.name = 'timestamp_utc'),
            'CAST(NULL AS TIMESTAMP)') AS typed_instant
    FROM input_places AS p
    GROUP BY ALL
)
SELECT
    set_name,
    'SELECT CAST(0 AS BIGINT) AS line, CAST(NULL AS VARCHAR) AS utf8_fault, '''' AS raw, '
    || typed_instant || ' AS typed_instant, ' || cells || others
    || CASE
        WHEN format = 'parquet' THEN format(
            ' FROM read_parquet([{}], binary_as_string = true, hive_partitioning = false)',
            string_agg(literal(path), ', '))
        ELSE format(
            ' FROM read_csv([{}], columns = {{{}}}, auto_detect = false, header = false, skip = 1,'
            || ' delim = '','', quote = ''"'', escape = ''"'', strict_mode = true,'
            || ' buffer_size = 2097152, compression = ''{}'','
            || ' ignore_errors = getvariable(''skip_bad_rows''))',
            string_agg(literal(path), ', '),
            list_reduce(
                list_transform(range(width), LAMBDA n: format('''c{}'': ''VARCHAR''', n)),
                LAMBDA a, b: a || ', ' || b),
            if(format = 'csv', 'none', format)) || others_read
    END AS scan
FROM layouts
GROUP BY set_name, format, width, types, others_read, cells, others, typed_instant;

-- Each of the source models selects the rows of source_file with their faults. Status rows
-- are accepted by their values: asking for the fault would parse each of these many rows twice.
CREATE OR REPLACE TEMP MACRO rows_query(set_asked, columns_asked, accepted) AS TABLE
    SELECT
        'WITH source_file AS (' || coalesce(
            (SELECT string_agg(scan, ' UNION ALL ') FROM input_scans WHERE set_name = set_asked),
            'SELECT CAST(0 AS BIGINT) AS line, CAST(NULL AS VARCHAR) AS utf8_fault, '''' AS raw, '
            || 'CAST(NULL AS TIMESTAMP) AS typed_instant, '
            || (SELECT string_agg(''''' AS ' || source_name, ', ' ORDER BY position)
                FROM needed_columns WHERE set_name = set_asked)
            || CASE set_asked WHEN 'stores' THEN ', CAST([] AS VARCHAR[]) AS others' ELSE '' END
            || ' WHERE false')
        || E'),\nsource AS (\n'
        || (
            SELECT regexp_extract(
                content, '(?s)\nCREATE OR REPLACE TEMP VIEW \w+ AS\n(.*?);?\s*$', 1)
            FROM read_text('sql/duckdb/*_source.sql')
            WHERE filename LIKE '%/' || set_asked || '_source.sql')
        || E'\n) SELECT ' || columns_asked || ' FROM source WHERE ' || accepted AS query_text;
SET VARIABLE status_query = (FROM rows_query('status', 'store_id, is_up, observed_us',
    'store_id <> '''' AND is_up IS NOT NULL AND observed_us IS NOT NULL'));
SET VARIABLE hours_query = (FROM rows_query('hours',
    'store_id, weekday, opens_clock_us, closes_clock_us, valid_from_day, valid_through_day',
    'fault_reason IS NULL'));
SET VARIABLE zones_query = (FROM rows_query('zones', 'store_id, zone', 'fault_reason IS NULL'));
SET VARIABLE special_hours_query = (FROM rows_query('special_hours',
    'store_id, attribute, "value", first_day, last_day, is_closed, opens_clock_us, '
    || 'closes_clock_us, name', 'fault_reason IS NULL'));
SET VARIABLE closures_query = (FROM rows_query('closures',
    'store_id, attribute, "value", starts_us, ends_us, start_local_us, end_local_us, reason, '
    || 'announced_us, announced_local_us', 'fault_reason IS NULL'));
SET VARIABLE targets_query = (FROM rows_query('targets',
    'store_id, attribute, "value", target_ppm, window_name', 'fault_reason IS NULL'));
SET VARIABLE stores_query = (
    SELECT
        'WITH staged_rows AS (' || staged.query_text || ') SELECT * FROM ('
        || regexp_extract(
            details.content, '(?s)\nCREATE OR REPLACE TEMP VIEW \w+ AS\n(.*?);?\s*$', 1)
        || ')'
    FROM rows_query('stores', '*', 'TRUE') AS staged
    CROSS JOIN read_text('sql/duckdb/staged_details.sql') AS details);
SET VARIABLE status_query = coalesce(
    'SELECT CAST('''' AS VARCHAR) AS store_id, true AS is_up, CAST(0 AS BIGINT) AS observed_us'
        || ' WHERE CAST(error(' || literal(getvariable('input_fault')) || ') AS BOOLEAN)',
    getvariable('status_query'));
CREATE OR REPLACE TEMP VIEW status_rows AS FROM query(getvariable('status_query'));
CREATE OR REPLACE TEMP VIEW hours_rows AS FROM query(getvariable('hours_query'));
CREATE OR REPLACE TEMP VIEW zones_rows AS FROM query(getvariable('zones_query'));
CREATE OR REPLACE TEMP VIEW stores_rows AS FROM query(getvariable('stores_query'));
CREATE OR REPLACE TEMP VIEW special_hours_rows AS FROM query(getvariable('special_hours_query'));
CREATE OR REPLACE TEMP VIEW closures_rows AS FROM query(getvariable('closures_query'));
CREATE OR REPLACE TEMP VIEW targets_rows AS FROM query(getvariable('targets_query'));

-- One row per store, with a column per attribute, as in stores.parquet.
SET VARIABLE store_details_query = (
    WITH names AS (
        SELECT
            attribute,
            row_number() OVER (PARTITION BY lower(attribute) ORDER BY attribute)
            + CASE
                WHEN lower(attribute) IN ('store_id', 'name', 'timezone') THEN 1 ELSE 0
            END AS name_no
        FROM (SELECT DISTINCT attribute FROM file_attributes)
    )
    SELECT
        'SELECT r.store_id, r.name, r.timezone' || coalesce(string_agg(format(
            ', a.cells[{}] AS {}',
            literal(attribute),
            identifier(attribute || CASE WHEN name_no > 1 THEN '_' || name_no ELSE '' END)),
            '' ORDER BY attribute), '')
        || ' FROM store_rows AS r LEFT JOIN ('
        || 'SELECT store_no, map_from_entries(list((attribute, value))) AS cells'
        || ' FROM attribute_rows GROUP BY store_no) AS a'
        || ' ON a.store_no = r.store_no ORDER BY r.store_no'
    FROM names);
CREATE OR REPLACE TEMP VIEW store_details AS
    FROM query(getvariable('models') || getvariable('store_details_query'));
