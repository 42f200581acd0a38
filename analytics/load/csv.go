package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"openhours/analytics/csvfile"
	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// loadCSV has DuckDB scan the file while Go inspects its bytes. The rows stay only if both find nothing
// wrong; otherwise the exact reader reads the file again.
func (l *Loader) loadCSV(ctx context.Context, file *File, loaded *input.LoadedFile) (accepted int64, err error) {
	if len(file.Head.Names) > file.needed() {
		// Invalid UTF-8 in a column after the last one needed is more than an error: DuckDB mistakes the
		// index of the column for that of a needed one, and every later statement fails.
		if _, err := file.AwaitInspection(loaded); err != nil {
			return 0, err
		}
	}
	for _, parallel := range []bool{true, false} {
		if file.knownNotPlain() || storage.IsRemote(file.Path) { // DuckDB cannot read an object store
			break
		}
		var done bool
		if accepted, done, err = l.loadCSVFast(ctx, file, parallel, loaded); done || err != nil {
			return accepted, err
		}
		if !file.seen.Quoted {
			break
		}
	}
	if _, err := file.AwaitInspection(loaded); err != nil {
		return 0, err
	}
	return l.LoadCSVExactly(ctx, file, loaded)
}

// loadCSVFast reads the file with DuckDB's CSV reader. If the file is plain and all rows are good it keeps
// the rows and returns done; otherwise it rolls them back.
func (l *Loader) loadCSVFast(ctx context.Context, file *File, parallel bool, loaded *input.LoadedFile) (accepted int64, done bool, err error) {
	if err := l.makeSource(ctx, file, csvScan(file, parallel)); err != nil {
		return 0, false, err
	}
	scanning, stop := file.whileSound(ctx)
	accepted, good, fastErr := l.insertAll(scanning, file.Set.Name, file.Set.Name+"_source")
	stop()
	seen, err := file.AwaitInspection(loaded)
	if err := errors.Join(err, ctx.Err()); err != nil {
		return 0, false, err
	}
	if fastErr == nil && good && seen.Plain && accepted == seen.Rows {
		return accepted, true, l.DB.Exec(ctx, "COMMIT")
	}
	return 0, false, l.rollback(ctx)
}

// scanBufferBytes is the block size of one thread of the scan. With the default of 32 MB, threads idle at
// the end of a file, and a small file gets only one thread.
const scanBufferBytes = 2 * csvfile.MaxRowBytes

// csvScan returns the SELECT that scans the file. Columns are named by index, so no header text enters SQL. A thread that
// starts inside a file guesses whether it is in quotes, and begins after a line end in either case: that of a row, if the
// file is plain. If it finds no row where the thread before it ended, DuckDB refuses the file, and one thread can read it.
func csvScan(file *File, parallel bool) string {
	var columns, needed, filled, others []string
	for i := range file.Head.Names {
		columns = append(columns, fmt.Sprintf("'c%d': 'VARCHAR'", i))
	}
	for i, name := range sourceColumns(file.Set) {
		if place := file.Columns.Places[i]; place >= 0 {
			needed = append(needed, fmt.Sprintf("c%d AS %s", place, name))
			filled = append(filled, fmt.Sprintf("'c%d'", place))
		} else {
			needed = append(needed, "'' AS "+name)
		}
	}
	if file.Set.Attributes {
		for _, place := range file.Columns.OtherPlace {
			others = append(others, fmt.Sprintf("c%d", place))
			filled = append(filled, fmt.Sprintf("'c%d'", place))
		}
		needed = append(needed, cellList(others)+" AS others")
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
			quote = '"', escape = '"', strict_mode = true, force_not_null = [%s], buffer_size = %d, parallel = %t, compression = '%s')`,
		strings.Join(needed, ", "), engine.QuotePath(file.Path), strings.Join(columns, ", "), strings.Join(filled, ", "), scanBufferBytes, parallel, compression)
}

// cellList is the SQL of a list of cells.
func cellList(cells []string) string {
	if len(cells) == 0 {
		return "CAST([] AS VARCHAR[])"
	}
	return "[" + strings.Join(cells, ", ") + "]"
}

// needed is how many columns of the file are read.
func (f *File) needed() int {
	return len(slices.DeleteFunc(slices.Clone(f.read()), func(place int) bool { return place < 0 }))
}

// read lists the places of the columns that are read, -1 for those that the file lacks.
func (f *File) read() []int {
	if !f.Set.Attributes {
		return f.Columns.Places
	}
	return slices.Concat(f.Columns.Places, f.Columns.OtherPlace)
}
