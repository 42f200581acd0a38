package analytics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// loadParquet reads a Parquet file; DuckDB finds its faulty rows itself.
func (l *loader) loadParquet(ctx context.Context, file *openedFile, loaded *InputFile) (accepted int64, err error) {
	if _, err := file.wait(loaded); err != nil {
		return 0, err
	}
	scan, places, err := l.parquetScan(ctx, file.inputFile)
	if err != nil {
		return 0, err
	}
	if err := l.makeSource(ctx, file.set.name+"_source", scan); err != nil {
		return 0, err
	}
	if err := l.db.conn.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(num_rows), 0) AS BIGINT) FROM parquet_file_metadata("+
		quotePath(file.path)+")").Scan(&loaded.Rows); err != nil {
		return 0, err
	}
	accepted, good, err := l.insertAll(ctx, file.set.name, file.set.name+"_source")
	if err != nil && givesUp(err) {
		if err := l.takeBack(ctx); err != nil {
			return 0, err
		}
		return l.loadParquetExactly(ctx, file, places, loaded)
	} else if err != nil {
		return 0, err
	}
	if good {
		return accepted, l.db.exec(ctx, "COMMIT")
	}
	if err := l.takeBack(ctx); err != nil {
		return 0, err
	}
	if accepted, err = l.insertAccepted(ctx, file.set.name); err != nil {
		return 0, err
	}
	return accepted, l.eachRejected(ctx, file.inputFile, func(r Reject) error {
		loaded.Rejected++
		return l.rejects.add(r)
	})
}

// givesUp tells that DuckDB does not read a file for a single value.
func givesUp(err error) bool {
	return strings.Contains(err.Error(), "not valid UTF8") || strings.Contains(err.Error(), "Could not convert Timestamp")
}

// parquetNames reads the names of a Parquet file's columns as they are there: of two that are the same
// DuckDB gives the second another name.
func (l *loader) parquetNames(ctx context.Context, path string) (names []string, err error) {
	rows, err := l.db.conn.QueryContext(ctx, "SELECT name, coalesce(num_children, 0) FROM parquet_schema("+quotePath(path)+")")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	inside := int64(-1) // how many fields of a nested column are still to come; the first of all is the root
	for rows.Next() {
		var name string
		var children int64
		if err := rows.Scan(&name, &children); err != nil {
			return nil, err
		}
		switch {
		case inside < 0:
			inside = 0
		case inside == 0:
			names, inside = append(names, name), children
		default:
			inside += children - 1
		}
	}
	return names, rows.Err()
}

// parquetColumns reads the names and types of a Parquet file's columns.
func (l *loader) parquetColumns(ctx context.Context, path string) (head header, types []string, err error) {
	names, err := l.parquetNames(ctx, path)
	if err != nil {
		return head, nil, err
	}
	rows, err := l.db.conn.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet("+
		quotePath(path)+", binary_as_string = true, hive_partitioning = false))")
	if err != nil {
		return head, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return head, nil, err
		}
		if len(head.names) < len(names) {
			name = names[len(head.names)]
		}
		head.names = append(head.names, strings.Trim(name, " \t"))
		types = append(types, kind)
	}
	return head, types, rows.Err()
}

// parquetScan finds the needed columns in the file's schema.
func (l *loader) parquetScan(ctx context.Context, file inputFile) (scan string, places []int, err error) {
	head, types, err := l.parquetColumns(ctx, file.path)
	if err != nil {
		return "", nil, err
	}
	places, err = head.columnsOf(file.set.columns)
	if err != nil {
		return "", nil, err
	}
	if slices.ContainsFunc(head.names, func(name string) bool { return strings.EqualFold(name, "file_row_number") }) {
		return "", nil, errors.New("its column file_row_number has a name that the reader needs for itself: rename it")
	}
	for i, c := range file.set.columns {
		if kind := types[places[i]]; !textLike(kind, c.name) {
			return "", nil, fmt.Errorf("column %s has the type %s: text is needed", c.name, kind)
		}
	}
	names := make([]string, len(head.names))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	text := func(i int) string { return valueSQL(types[places[i]], fmt.Sprintf("c%d", places[i])) }
	var raw []string
	for i := range places {
		raw = append(raw, "coalesce("+text(i)+", '')")
	}
	instant := "CAST(NULL AS TIMESTAMP)"
	if file.set.name == statusSet && strings.HasPrefix(types[places[2]], "TIMESTAMP") {
		instant = fmt.Sprintf("CAST(c%d AS TIMESTAMP)", places[2])
		switch types[places[2]] {
		case "TIMESTAMP WITH TIME ZONE": // the cast would ask the time library for every row
			instant = fmt.Sprintf("CASE WHEN isfinite(c%[1]d) THEN make_timestamp(epoch_us(c%[1]d)) WHEN c%[1]d IS NOT NULL THEN TIMESTAMP 'infinity' END", places[2])
		case "TIMESTAMP_NS": // the cast would make 1970 of the microsecond before
			instant = fmt.Sprintf("CASE WHEN isfinite(c%[1]d) AND epoch_ns(c%[1]d) >= 0 THEN make_timestamp(epoch_ns(c%[1]d) // 1000) WHEN c%[1]d IS NOT NULL THEN TIMESTAMP 'infinity' END", places[2])
		}
		// Of its text only matters whether there is one, and writing it takes longer than all else.
		asText := text
		text = func(i int) string {
			if i == 2 {
				return fmt.Sprintf("CASE WHEN c%d IS NOT NULL THEN '?' END", places[2])
			}
			return asText(i)
		}
	}
	return fmt.Sprintf(`SELECT file_row_number + 1 AS line, CAST(NULL AS VARCHAR) AS utf8_fault, concat_ws(',', %s) AS raw,
			%s AS typed_instant, %s
		FROM read_parquet(%s, binary_as_string = true, hive_partitioning = false, file_row_number = true) AS t(%s, file_row_number)`,
		strings.Join(raw, ", "), instant, textColumns(file.set.name, text), quotePath(file.path), strings.Join(names, ", ")), places, nil
}

// valueSQL is the text of a value. DuckDB writes a clock or a time stamp outside of the range of its
// type with an error, with what lies behind in memory, or not at all: there the number is the text.
func valueSQL(kind, column string) string {
	number := func(in, unit string) string {
		return fmt.Sprintf("CASE WHEN %[1]s THEN CAST(%[2]s AS VARCHAR) ELSE CAST(epoch_%[3]s(%[2]s) AS VARCHAR) || ' %[3]s' END", in, column, unit)
	}
	switch kind {
	case "TIME":
		return number("epoch_us("+column+") BETWEEN 0 AND 86400000000", "us")
	case "TIME_NS":
		return number("epoch_ns("+column+") BETWEEN 0 AND 86400000000000", "ns")
	case "TIMESTAMP":
		return number("isfinite("+column+") IS FALSE OR epoch_us("+column+") BETWEEN -62135596800000000 AND 253402300799999999", "us")
	case "TIMESTAMP_NS":
		return number("isfinite("+column+") IS FALSE OR epoch_ns("+column+") > -9223372036000000000", "ns")
	}
	return "CAST(" + column + " AS VARCHAR)"
}

// textLike tells whether values of a Parquet type can be read as the text of a column.
func textLike(kind, column string) bool {
	if kind == "VARCHAR" || strings.HasPrefix(kind, "ENUM") {
		return true
	}
	whole := slices.Contains([]string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}, kind)
	switch column {
	case "store_id":
		return whole || kind == "UUID"
	case "dayOfWeek":
		return whole
	case "timestamp_utc":
		return whole || strings.HasPrefix(kind, "TIMESTAMP")
	case "start_time_local", "end_time_local":
		return kind == "TIME" || kind == "TIME_NS"
	}
	return false
}

// hintParquet says which set an unread Parquet file looks like. One that cannot be read gets no hint.
func (l *loader) hintParquet(ctx context.Context, file *UnreadFile) {
	if !hasSuffixFold(file.File, ".parquet") {
		return
	}
	if head, _, err := l.parquetColumns(ctx, file.path); err == nil {
		file.Hint = hint(head, ".parquet")
	}
}
