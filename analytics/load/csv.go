package load

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"openhours/analytics/csvfile"
	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// loadCSV lets DuckDB scan the file while Go inspects its bytes. Only when both agree that nothing
// is wrong with it do the rows stay; else the exact reader does the file again.
func (l *Loader) loadCSV(ctx context.Context, file *File, loaded *input.LoadedFile) (accepted int64, err error) {
	if len(file.Head.Names) > len(file.Indexes) {
		// Bytes that are no UTF-8 in a column behind one that is not read are more than an error: DuckDB
		// takes the place of the column for one among those it reads, and no statement works any more.
		if _, err := file.AwaitInspection(loaded); err != nil {
			return 0, err
		}
	}
	var done bool
	if !file.knownNotPlain() && !storage.IsRemote(file.Path) { // DuckDB cannot read an object store
		if accepted, done, err = l.loadCSVFast(ctx, file, loaded); done || err != nil {
			return accepted, err
		}
	}
	if _, err := file.AwaitInspection(loaded); err != nil {
		return 0, err
	}
	return l.LoadCSVExactly(ctx, file, loaded)
}

// loadCSVFast reads the file with DuckDB's own CSV reader. The rows stay, and done is true, if all of them
// are good and the file is plain.
func (l *Loader) loadCSVFast(ctx context.Context, file *File, loaded *input.LoadedFile) (accepted int64, done bool, err error) {
	source := file.Set.Name + "_source"
	if err := l.makeSource(ctx, source, csvScan(file)); err != nil {
		return 0, false, err
	}
	accepted, good, fastErr := l.insertAll(ctx, file.Set.Name, source)
	seen, err := file.AwaitInspection(loaded)
	if err := errors.Join(err, ctx.Err()); err != nil {
		return 0, false, err
	}
	if fastErr == nil && good && seen.Plain && accepted == seen.Rows {
		return accepted, true, l.DB.Exec(ctx, "COMMIT")
	}
	return 0, false, l.rollback(ctx)
}

// scanBufferBytes is what one thread of the scan takes at a time. The default of 32 MB leaves threads
// without work at the end of a file, and small files to one thread.
const scanBufferBytes = 2 * csvfile.MaxRowBytes

// csvScan names the columns by their place, so that no header text enters SQL.
func csvScan(file *File) string {
	var columns, needed, filled []string
	for i := range file.Head.Names {
		columns = append(columns, fmt.Sprintf("'c%d': 'VARCHAR'", i))
	}
	for i, name := range sourceColumns(file.Set.Name) {
		needed = append(needed, fmt.Sprintf("c%d AS %s", file.Indexes[i], name))
		filled = append(filled, fmt.Sprintf("'c%d'", file.Indexes[i]))
	}
	compression := "none"
	if storage.HasSuffixFold(file.Name, ".gz") {
		compression = "gzip"
	} else if storage.HasSuffixFold(file.Name, ".zst") {
		compression = "zstd"
	}
	return fmt.Sprintf(`SELECT CAST(0 AS BIGINT) AS line, CAST(NULL AS VARCHAR) AS utf8_fault, '' AS raw,
			CAST(NULL AS TIMESTAMP) AS typed_instant, %s
		FROM read_csv(%s, columns = {%s}, auto_detect = false, header = false, skip = 1, delim = ',',
			quote = '"', escape = '"', strict_mode = true, force_not_null = [%s], buffer_size = %d, compression = '%s')`,
		strings.Join(needed, ", "), engine.QuotePath(file.Path), strings.Join(columns, ", "), strings.Join(filled, ", "), scanBufferBytes, compression)
}
