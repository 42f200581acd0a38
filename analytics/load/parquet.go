package load

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/parquet/schema"

	"openhours/analytics/csvfile"
	"openhours/analytics/engine"
	"openhours/analytics/input"
)

// LoadParquet reads a Parquet file. DuckDB finds the faulty rows itself.
func (l *Loader) LoadParquet(ctx context.Context, file *File, loaded *input.LoadedFile) (accepted int64, err error) {
	if _, err := file.AwaitInspection(loaded); err != nil {
		return 0, err
	}
	plan, err := l.PlanParquet(ctx, file.File)
	if err != nil {
		return 0, err
	}
	file.Columns = plan.Columns
	if plan.Exact {
		return l.loadParquetExactly(ctx, file, plan.Columns, loaded)
	}
	if err := l.makeSource(ctx, file, plan.scan); err != nil {
		return 0, err
	}
	if err := l.DB.Conn.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(num_rows), 0) AS BIGINT) FROM parquet_file_metadata("+
		engine.QuotePath(file.Path)+")").Scan(&loaded.Rows); err != nil {
		return 0, err
	}
	accepted, good, err := l.insertAll(ctx, file.Set.Name, source{relation: file.Set.Name + "_source"})
	if err != nil && refused(err) {
		if err := l.rollback(ctx); err != nil {
			return 0, err
		}
		return l.loadParquetExactly(ctx, file, plan.Columns, loaded)
	} else if err != nil {
		return 0, err
	}
	if good {
		return accepted, l.DB.Exec(ctx, "COMMIT")
	}
	if err := l.rollback(ctx); err != nil {
		return 0, err
	}
	if accepted, err = l.insertAccepted(ctx, file.Set.Name, file.Set.Name+"_source"); err != nil {
		return 0, err
	}
	if err := l.judge(ctx, file.Set.Name, "fault_reason IS NOT NULL"); err != nil {
		return 0, err
	}
	t := newTally(file.Set.Name)
	if err := l.eachRejected(ctx, file.File, func(r Reject) error {
		loaded.Rejected++
		row := rejectedRow{}
		// a comma inside a value leaves the columns of its row uncertain
		if cells := strings.Split(r.Raw, ","); len(cells) == file.needed() {
			for _, place := range file.Columns.Places {
				cell := ""
				if place >= 0 {
					cell, cells = cells[0], cells[1:]
				}
				row.cells = append(row.cells, cell)
			}
		}
		t.reject(row)
		return l.Rejects.add(r)
	}); err != nil {
		return 0, err
	}
	if err := l.seeSource(ctx, file.Set, t); err != nil {
		return 0, err
	}
	loaded.OtherConvention = t.code()
	return accepted, nil
}

// seeSource shows a tally the rows of source_file that may contradict its conventions.
func (l *Loader) seeSource(ctx context.Context, set input.Set, t *tally) error {
	if t.code() == "" {
		return nil
	}
	columns := sourceColumns(set)
	// an id contradicts nothing, and without it there are few different rows
	query := "SELECT DISTINCT '' AS store_id, " + strings.Join(columns[1:], ", ") + " FROM source_file"
	if set.Name == input.StatusSet { // only text can be of another convention
		query += " WHERE timestamp_utc <> '?'"
	}
	return l.DB.Each(ctx, query, func(rows *sql.Rows) error {
		cells, places := make([]string, len(columns)), make([]any, len(columns))
		for i := range cells {
			places[i] = &cells[i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		t.see(cells)
		return nil
	})
}

// refusals are parts of DuckDB's errors about a file that the exact reader reads: one bad value, or an
// encoding that DuckDB does not have for a type.
var refusals = []string{"not valid UTF8", "Invalid JSON", "Could not convert Timestamp", "encoding is only supported for", "Unsupported", "not implemented"}

// refused reports whether DuckDB refused a file that the exact reader may be able to read.
func refused(err error) bool {
	return slices.ContainsFunc(refusals, func(part string) bool { return strings.Contains(err.Error(), part) })
}

// parquetNames reads the column names of a Parquet file as written: DuckDB renames the second of two equal
// names.
func (l *Loader) parquetNames(ctx context.Context, path string) (names []string, err error) {
	rows, err := l.DB.Conn.QueryContext(ctx, "SELECT name, coalesce(num_children, 0) FROM parquet_schema("+engine.QuotePath(path)+")")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	inside := int64(-1) // fields of the current nested column still to come; -1: before the root, which comes first
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

// unreadableParquet says what an error of DuckDB about the footer of a file means.
func unreadableParquet(err error) error {
	for _, part := range []string{"magic bytes", "too small to be a Parquet file", "footer length"} {
		if strings.Contains(err.Error(), part) {
			return errors.New("it is no Parquet file, or its end is missing: write it again, or give it the name of what it is, such as .csv")
		}
	}
	if engine.IsMachineFault(err) {
		return err
	}
	return fmt.Errorf("the description of its columns cannot be read, so it is damaged or no Parquet file: write it again (%w)", err)
}

// ParquetColumns reads the names and types of a Parquet file's columns.
func (l *Loader) ParquetColumns(ctx context.Context, path string) (head csvfile.Header, types []string, err error) {
	names, err := l.parquetNames(ctx, path)
	if err != nil {
		if what := csvfile.ForeignFormat(ctx, path); what != "" {
			return head, nil, errors.New(what)
		}
		return head, nil, unreadableParquet(err)
	}
	rows, err := l.DB.Conn.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet("+
		engine.QuotePath(path)+", binary_as_string = true, hive_partitioning = false))")
	if err != nil {
		return head, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return head, nil, err
		}
		if len(head.Names) < len(names) {
			name = names[len(head.Names)]
		}
		head.Names = append(head.Names, strings.Trim(name, " \t"))
		types = append(types, kind)
	}
	return head, types, rows.Err()
}

// ParquetPlan is how a Parquet file is read.
type ParquetPlan struct {
	Head    csvfile.Header
	Types   []string // of all columns, by their names in DuckDB
	Columns input.Columns
	Exact   bool   // only the exact reader reads the file
	scan    string // the SELECT of its cells, unless Exact
}

// PlanParquet finds the needed columns in the file's schema and judges their types.
func (l *Loader) PlanParquet(ctx context.Context, file input.File) (plan ParquetPlan, err error) {
	plan.Head, plan.Types, err = l.ParquetColumns(ctx, file.Path)
	if plan.Exact = err != nil && refused(err); plan.Exact {
		var fault error
		if plan.Head, plan.Types, fault = exactHeader(file.Path); fault == nil {
			err = nil
		}
	}
	if err != nil {
		return plan, err
	}
	head, types := plan.Head, plan.Types
	if plan.Columns, err = file.Set.Locate(head); err != nil {
		return plan, err
	}
	places := plan.Columns.Places
	for _, place := range (&File{File: file, Columns: plan.Columns}).read() {
		if place < 0 {
			continue
		}
		switch kind := types[place]; {
		case plan.Exact && kind == "", textLike(kind):
		case kind == "TIME WITH TIME ZONE", kind == "DOUBLE" && wideDecimal(file.Path, place):
			plan.Exact = true // DuckDB has no text of such a time without an offset, and rounds such numbers
		default:
			return plan, typeError(columnName(file.Set, plan.Columns, head, place), kind)
		}
	}
	if plan.Exact {
		return plan, nil
	}
	if slices.ContainsFunc(head.Names, func(name string) bool { return strings.EqualFold(name, "file_row_number") }) {
		return plan, errors.New("its column file_row_number has a name that the reader needs for itself: rename it")
	}
	names := make([]string, len(head.Names))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	cell := func(place int) string { return valueSQL(types[place], fmt.Sprintf("c%d", place)) }
	text := func(i int) string {
		if places[i] < 0 {
			return ""
		}
		return cell(places[i])
	}
	var raw, others []string
	for _, place := range places {
		if place >= 0 {
			raw = append(raw, "coalesce("+cell(place)+", '')")
		}
	}
	more := ""
	if file.Set.Attributes {
		for _, place := range plan.Columns.OtherPlace {
			others = append(others, "coalesce("+cell(place)+", '')")
		}
		raw, more = append(raw, others...), ", "+cellList(others)+" AS others"
	}
	instant := "CAST(NULL AS TIMESTAMP)"
	if file.Set.Name == input.StatusSet && strings.HasPrefix(types[places[2]], "TIMESTAMP") {
		instant = fmt.Sprintf("CAST(c%d AS TIMESTAMP)", places[2])
		switch types[places[2]] {
		case "TIMESTAMP WITH TIME ZONE": // the cast would call the time library for every row
			instant = fmt.Sprintf("CASE WHEN isfinite(c%[1]d) THEN make_timestamp(epoch_us(c%[1]d)) WHEN c%[1]d IS NOT NULL THEN TIMESTAMP 'infinity' END", places[2])
		case "TIMESTAMP_NS": // the cast would round an instant just before 1970 up to 1970
			instant = fmt.Sprintf("CASE WHEN isfinite(c%[1]d) AND epoch_ns(c%[1]d) >= 0 THEN make_timestamp(epoch_ns(c%[1]d) // 1000) WHEN c%[1]d IS NOT NULL THEN TIMESTAMP 'infinity' END", places[2])
		}
		// Only whether the text is NULL matters, and formatting it takes longer than everything else.
		asText := text
		text = func(i int) string {
			if i == 2 {
				return fmt.Sprintf("CASE WHEN c%d IS NOT NULL THEN '?' END", places[2])
			}
			return asText(i)
		}
	}
	plan.scan = fmt.Sprintf(`SELECT file_row_number + 1 AS line, CAST(NULL AS VARCHAR) AS utf8_fault, concat_ws(',', %s) AS raw,
			%s AS typed_instant, %s%s
		FROM read_parquet(%s, binary_as_string = true, hive_partitioning = false, file_row_number = true) AS t(%s, file_row_number)`,
		strings.Join(raw, ", "), instant, SelectAsText(file.Set, text), more, engine.QuotePath(file.Path), strings.Join(names, ", "))
	return plan, nil
}

// typeError reports a column whose values are not read as text.
func typeError(column, kind string) error {
	return fmt.Errorf("column %s has the type %s: text is needed, or a type whose values are read as their text: "+
		"whole numbers, DECIMAL of scale 0, BOOLEAN, DATE, TIME, TIMESTAMP, UUID", column, kind)
}

// wideDecimal reports whether a column that DuckDB would read as floating-point numbers holds whole ones of
// more than 38 digits.
func wideDecimal(path string, place int) bool {
	reader, err := openParquet(path)
	if err != nil {
		return false
	}
	defer reader.Close()
	decimal, ok := reader.MetaData().Schema.Root().Field(place).LogicalType().(schema.DecimalLogicalType)
	return ok && decimal.Scale() == 0
}

// valueSQL returns the expression of a value's text. For a clock time or timestamp outside the range of its
// type DuckDB's cast fails, reads adjacent memory or returns nothing: there the text is the number with its
// unit.
func valueSQL(kind, column string) string {
	number := func(in, unit string) string {
		return fmt.Sprintf("CASE WHEN %[1]s THEN CAST(%[2]s AS VARCHAR) ELSE CAST(epoch_%[3]s(%[2]s) AS VARCHAR) || ' %[3]s' END", in, column, unit)
	}
	switch kind {
	case "TIME":
		return number("epoch_us("+column+") BETWEEN 0 AND 86400000000", "us")
	case "TIME_NS":
		return number("epoch_ns("+column+") BETWEEN 0 AND 86400000000000", "ns")
	case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE":
		return number("isfinite("+column+") IS FALSE OR epoch_us("+column+") BETWEEN -62135596800000000 AND 253402300799999999", "us")
	case "TIMESTAMP_NS":
		return number("isfinite("+column+") IS FALSE OR epoch_ns("+column+") > -9223372036000000000", "ns")
	}
	return "CAST(" + column + " AS VARCHAR)"
}

var textTypes = []string{"VARCHAR", "JSON", "UUID", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
	"DATE", "TIME", "TIME_NS", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"}

// textLike reports whether values of a type of DuckDB are read as their text. Whether the text fits its
// column is asked row by row.
func textLike(kind string) bool {
	return slices.Contains(textTypes, kind) || strings.HasPrefix(kind, "ENUM") || strings.HasPrefix(kind, "DECIMAL(") && strings.HasSuffix(kind, ",0)")
}
