package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"openhours/analytics/csvfile"
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
		scan, err := l.loadCSVFast(ctx, file, parallel, loaded)
		if err != nil || scan.kept {
			return scan.rows, err
		}
		if !file.seen.Plain || !file.seen.Quoted || scan.rows == file.seen.Rows { // another scan would see the same
			break
		}
	}
	if _, err := file.AwaitInspection(loaded); err != nil {
		return 0, err
	}
	return l.LoadCSVExactly(ctx, file, loaded)
}

// fastScan is what DuckDB's CSV reader made of a file.
type fastScan struct {
	rows int64 // that it found; 0 if it refused the file
	kept bool  // they are in the table of the set
}

// loadCSVFast reads the file with DuckDB's CSV reader. It keeps the rows if the file is plain and all of them are good, and
// otherwise rolls them back.
func (l *Loader) loadCSVFast(ctx context.Context, file *File, parallel bool, loaded *input.LoadedFile) (fastScan, error) {
	from, err := l.scanOnce(ctx, file, csvScan(file, parallel))
	if err != nil {
		return fastScan{}, err
	}
	scanning, stop := file.whileSound(ctx)
	rows, good, fastErr := l.insertAll(scanning, file.Set.Name, from)
	stop()
	seen, err := file.AwaitInspection(loaded)
	if err := errors.Join(err, ctx.Err()); err != nil {
		return fastScan{}, err
	}
	if fastErr == nil && good && seen.Plain && rows == seen.Rows {
		return fastScan{rows, true}, l.DB.Exec(ctx, "COMMIT")
	}
	if fastErr != nil {
		rows = 0
	}
	return fastScan{rows: rows}, l.rollback(ctx)
}

// scanBufferBytes is the block size of one thread of the scan. With the default of 32 MB, threads idle at
// the end of a file, and a small file gets only one thread.
const scanBufferBytes = 2 * csvfile.MaxRowBytes

// csvScan returns the SELECT that scans the file, whose path is its parameter. Columns are named by index, so no header
// text enters SQL. A thread that starts inside a file guesses whether it is in quotes, and begins after a line end: that of
// a row, if the file is plain. DuckDB refuses a file if a thread does not begin where the one before it ended; then a single
// thread can read it.
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
		FROM read_csv(?, columns = {%s}, auto_detect = false, header = false, skip = 1, delim = ',',
			quote = '"', escape = '"', strict_mode = true, force_not_null = [%s], buffer_size = %d, parallel = %t, compression = '%s')`,
		strings.Join(needed, ", "), strings.Join(columns, ", "), strings.Join(filled, ", "), scanBufferBytes, parallel, compression)
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
