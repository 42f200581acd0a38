package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"openhours/analytics/engine"
)

// StoresFile has the stores of a report by name and attribute, if the data folder has a stores set.
const StoresFile = "stores.parquet"

// storesColumns are the columns of stores.parquet before those of the attributes.
var storesColumns = []string{"store_id", "name", "timezone"}

// hasStores reports whether there is anything to say in stores.parquet.
func (w *writer) hasStores(ctx context.Context) (has bool, err error) {
	err = w.db.Conn.QueryRowContext(ctx, "SELECT count(*) > 0 FROM store_rows").Scan(&has)
	return has, err
}

// writeStores writes a row per store, with a text column for each attribute in byte order. Two lists per store are
// searched in half the time of a map.
func (w *writer) writeStores(ctx context.Context, path string) error {
	attributes, err := engine.QueryStrings(ctx, w.db.Conn, "SELECT DISTINCT attribute FROM attribute_rows ORDER BY attribute")
	if err != nil {
		return err
	}
	columns, names := []string{"s.store_id", "s.name", "s.timezone"}, slices.Clone(storesColumns)
	for _, attribute := range attributes {
		name := columnOf(attribute, names)
		names = append(names, name)
		columns = append(columns, fmt.Sprintf("a.cells[list_position(a.attributes, %s)] AS %s", engine.Quote(attribute), engine.QuoteName(name)))
	}
	var rows int64
	if err := w.db.Conn.QueryRowContext(ctx, "SELECT count(*) FROM store_rows").Scan(&rows); err != nil {
		return err
	}
	return w.db.Exec(ctx, fmt.Sprintf(`COPY (SELECT %s FROM store_rows AS s
		LEFT JOIN (SELECT store_no, list(attribute) AS attributes, list(value) AS cells FROM attribute_rows GROUP BY store_no) AS a
			ON a.store_no = s.store_no ORDER BY s.store_no)
		TO $1 (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE %d, WRITE_BLOOM_FILTER false)`, strings.Join(columns, ", "), rowGroupSize(rows)), path)
}

// columnOf is the name of an attribute's column: its own, with a number if a column before it has the same in any case.
func columnOf(attribute string, taken []string) string {
	name := attribute
	for n := 2; slices.ContainsFunc(taken, func(other string) bool { return strings.EqualFold(other, name) }); n++ {
		name = fmt.Sprintf("%s_%d", attribute, n)
	}
	return name
}
