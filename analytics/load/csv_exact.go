package load

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"openhours/analytics/csvfile"
	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// Limits of a chunk, and so of the memory of the exact reader, which holds at most two of them and the row
// that exceeds one.
const (
	chunkRows  = 50_000
	chunkBytes = 16 << 20
)

// rowSource returns the rows of a file, then io.EOF.
type rowSource interface {
	Next() (csvfile.Row, error)
}

// LoadCSVExactly reads a CSV file row by row in Go.
func (l *Loader) LoadCSVExactly(ctx context.Context, file *File, loaded *input.LoadedFile) (accepted int64, err error) {
	source, err := csvfile.Open(ctx, file.Path, file.Name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	rows := csvfile.NewRowReader(storage.NewContextReader(ctx, source))
	if _, err := rows.Next(); err != nil { // the header
		return 0, err
	}
	rows.SingleLine = func(i int) bool {
		column := slices.Index(file.Columns.Places, i)
		return column >= 0 && !file.Set.Columns[column].FreeText
	}
	return l.loadExactly(ctx, file, rows, loaded)
}

// loadExactly checks the structure of rows in Go; the parsing views check their values, as for any file. Go
// splits one chunk while DuckDB processes the previous one.
func (l *Loader) loadExactly(ctx context.Context, file *File, rows rowSource, loaded *input.LoadedFile) (accepted int64, err error) {
	if err := l.makeExactSource(ctx, file); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rejected := newTally(file.Set.Name)
	chunks := make(chan *exactChunk)
	read := make(chan error, 1)
	go func() {
		defer close(chunks)
		var err error
		defer func() { read <- err }()
		defer damaged(&err)
		err = readChunks(ctx, file, rows, chunks)
	}()
	loaded.Exact, loaded.Rows, loaded.Rejected = true, 0, 0
	for chunk := range chunks {
		if err == nil {
			var taken, refused int64
			taken, refused, err = l.flush(ctx, chunk, rejected)
			accepted += taken
			loaded.Rejected += refused
			loaded.Rows += chunk.read
		}
		if err != nil {
			cancel()
		}
	}
	if err != nil {
		return 0, err
	}
	loaded.OtherConvention = rejected.code()
	return accepted, <-read
}

// makeExactSource creates exact_rows, which takes the rows of the exact reader a chunk at a time, and the parsing view of
// the set on it. utf8_fault names the first column with invalid UTF-8; the columns that the set needs come first.
func (l *Loader) makeExactSource(ctx context.Context, file *File) error {
	columns := []string{"line BIGINT", "utf8_fault VARCHAR"}
	for i := range file.Set.Columns {
		columns = append(columns, fmt.Sprintf("c%d VARCHAR", i))
	}
	others := ""
	if file.Set.Attributes {
		columns, others = append(columns, "others VARCHAR[]"), ", others"
	}
	if err := l.DB.Exec(ctx, "CREATE OR REPLACE TEMP TABLE exact_rows ("+strings.Join(columns, ", ")+")"); err != nil {
		return err
	}
	return l.makeSource(ctx, file, "SELECT line, utf8_fault, '' AS raw, CAST(NULL AS TIMESTAMP) AS typed_instant, "+
		SelectAsText(file.Set, func(i int) string { return fmt.Sprintf("c%d", i) })+others+" FROM exact_rows")
}

// exactChunk is a batch of rows of a file for exact_rows.
type exactChunk struct {
	file *File

	read    int64
	bytes   int     // of the rows as text
	lines   []int64 // line numbers of rows, ascending
	raws    []string
	rows    [][]driver.Value
	badText bool     // a row contains invalid UTF-8
	refused []Reject // rows with a structural fault
	ids     []string // store ids of those rows, where known
}

// readChunks reads the whole file in chunks.
func readChunks(ctx context.Context, file *File, rows rowSource, chunks chan<- *exactChunk) error {
	for more := true; more; {
		chunk := &exactChunk{file: file}
		var err error
		if more, err = chunk.fill(rows); err != nil {
			return err
		}
		select {
		case chunks <- chunk:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// fill reads rows up to the limits of a chunk. It returns false at the end of the file.
func (c *exactChunk) fill(rows rowSource) (bool, error) {
	for c.read < chunkRows && c.bytes < chunkBytes {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		c.read++
		c.bytes += len(row.Raw)
		reason := row.Fault
		switch width := len(c.file.Head.Names); {
		case reason != "":
		case len(row.Cells) < width:
			reason = csvfile.FaultTooFewCells
		case len(row.Cells) > width:
			reason = csvfile.FaultTooManyCells
		}
		if reason != "" {
			c.refuse(row, reason)
			continue
		}
		c.lines = append(c.lines, row.Line)
		c.raws = append(c.raws, row.Raw)
		c.rows = append(c.rows, c.values(row))
	}
	return true, nil
}

func (c *exactChunk) refuse(row csvfile.Row, reason string) {
	reject := Reject{File: c.file.Name, Line: row.Line, Reason: reason, Raw: validText(row.Raw)}
	if row.Fault != "" {
		reject.Column = c.columnName(row.FaultCell)
	}
	c.refused = append(c.refused, reject)
	if id := c.file.Columns.Places[0]; id >= 0 && id < len(row.Cells) && row.Cells[id] != "" {
		c.ids = append(c.ids, validText(row.Cells[id]))
	}
}

// columnName returns the definition's name of a column that the set has, and the header's name of any other.
func (c *exactChunk) columnName(place int) string {
	return columnName(c.file.Set, c.file.Columns, c.file.Head, place)
}

func columnName(set input.Set, columns input.Columns, head csvfile.Header, place int) string {
	if i := slices.Index(columns.Places, place); i >= 0 && place >= 0 {
		return set.Columns[i].Name
	}
	if place >= 0 && place < len(head.Names) {
		return head.Names[place]
	}
	return ""
}

// validText replaces invalid UTF-8 with U+FFFD.
func validText(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// values returns the row's cells in the column order of exact_rows.
func (c *exactChunk) values(row csvfile.Row) []driver.Value {
	values := make([]driver.Value, 2, 3+len(c.file.Columns.Places))
	values[0] = row.Line
	if !utf8.ValidString(row.Raw) {
		values[1] = c.utf8Fault(row)
		c.badText = true
	}
	cell := func(place int) string {
		if place < 0 {
			return ""
		}
		return validText(row.Cells[place])
	}
	for _, place := range c.file.Columns.Places {
		values = append(values, cell(place))
	}
	if c.file.Set.Attributes {
		others := make([]string, len(c.file.Columns.OtherPlace))
		for i, place := range c.file.Columns.OtherPlace {
			others[i] = cell(place)
		}
		values = append(values, others)
	}
	return values
}

// utf8Fault returns the name of the first column with invalid UTF-8; needed columns come first.
func (c *exactChunk) utf8Fault(row csvfile.Row) string {
	for _, place := range c.file.read() {
		if place >= 0 && !utf8.ValidString(row.Cells[place]) {
			return c.columnName(place)
		}
	}
	return c.columnName(slices.IndexFunc(row.Cells, func(cell string) bool { return !utf8.ValidString(cell) }))
}

// cells appends the text of the needed columns in the n-th row of the chunk.
func (c *exactChunk) cells(n int, to []string) []string {
	for i := range c.file.Columns.Places {
		to = append(to, c.rows[n][2+i].(string))
	}
	return to
}

// refusedRow returns a row with a structural fault for a tally.
func (c *exactChunk) refusedRow(r Reject) rejectedRow {
	if r.Reason != csvfile.FaultTooFewCells {
		return rejectedRow{}
	}
	return rejectedRow{raw: r.Raw, width: len(c.file.Head.Names)}
}

// flush inserts the good rows of a chunk and spools its rejected rows in the order of their lines.
func (l *Loader) flush(ctx context.Context, c *exactChunk, t *tally) (accepted, rejected int64, err error) {
	if err := l.DB.Exec(ctx, "TRUNCATE exact_rows"); err != nil {
		return 0, 0, err
	}
	if err := l.DB.Append("exact_rows", c.rows); err != nil {
		return 0, 0, err
	}
	if accepted, err = l.insertGood(ctx, c, t.rejected); err != nil {
		return 0, 0, err
	}
	if l.RejectsOnly {
		table, _ := RowTable(c.file.Set.Name)
		if err := l.DB.Exec(ctx, "TRUNCATE "+table); err != nil {
			return 0, 0, err
		}
	}
	refused := c.refused
	addUpTo := func(line int64) error {
		for ; len(refused) > 0 && refused[0].Line < line; refused = refused[1:] {
			if err := l.Rejects.add(refused[0]); err != nil {
				return err
			}
			t.reject(c.refusedRow(refused[0]))
			rejected++
		}
		return nil
	}
	if accepted < int64(len(c.rows)) {
		if err := l.eachRejected(ctx, c.file.File, func(r Reject) error {
			if err := addUpTo(r.Line); err != nil {
				return err
			}
			n := sort.Search(len(c.lines), func(i int) bool { return c.lines[i] >= r.Line })
			r.Raw = validText(c.raws[n])
			t.reject(rejectedRow{cells: c.cells(n, nil)})
			rejected++
			return l.Rejects.add(r)
		}); err != nil {
			return 0, 0, err
		}
	}
	if err := addUpTo(1 << 62); err != nil {
		return 0, 0, err
	}
	var cells []string
	for n := 0; n < len(c.rows) && t.fitting != 0; n++ { // after the rejected rows, which most often leave no convention
		cells = c.cells(n, cells[:0])
		t.see(cells)
	}
	if c.file.Set.Name != input.HoursSet {
		return accepted, rejected, nil
	}
	ids := make([][]driver.Value, len(c.ids))
	for i, id := range c.ids {
		ids[i] = []driver.Value{id}
	}
	return accepted, rejected, l.DB.Append("rejected_hours", ids)
}

// insertGood moves the rows of a chunk that have no fault to their table. If there are others, judged_rows
// has all of them afterwards, each with its fault. Parsing a row costs more than everything else, so a chunk
// that probably has faults is parsed only once.
func (l *Loader) insertGood(ctx context.Context, c *exactChunk, doubtful bool) (int64, error) {
	set := c.file.Set.Name
	if !doubtful && !c.badText { // insertAll does not check utf8_fault
		rows, good, err := l.insertAll(ctx, set, source{relation: set + "_source"})
		if err != nil {
			return 0, err
		}
		if good {
			return rows, l.DB.Exec(ctx, "COMMIT")
		}
		if err := l.rollback(ctx); err != nil {
			return 0, err
		}
	}
	if err := l.judge(ctx, set, "TRUE"); err != nil {
		return 0, err
	}
	return l.insertAccepted(ctx, set, "judged_rows")
}
