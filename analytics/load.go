package analytics

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2"
)

// InputFile says what was read of one file.
type InputFile struct {
	File     string `json:"file"`
	Set      string `json:"set"`
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`
	Rows     int64  `json:"rows"` // accepted and rejected ones
	Rejected int64  `json:"rejected"`
	// Exact tells that the file went through the slow reader that finds every fault.
	Exact bool `json:"exact_reading"`
}

// Reject is one row that was not accepted.
type Reject struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Column string `json:"column"`
	Reason string `json:"reason"`
	Raw    string `json:"raw"`
}

// loadResult is what the reading of a data folder gave.
type loadResult struct {
	files   []InputFile
	unread  []UnreadFile
	rejects *rejectSpool
}

// loadAll reads every file of the data folder into the row tables.
func (j *job) loadAll(ctx context.Context) error {
	files, unread, err := findInputs(j.dataDir)
	if err != nil {
		return err
	}
	j.load.unread = unread
	if j.load.rejects, err = newRejectSpool(); err != nil {
		return err
	}
	for no, file := range files {
		loaded, err := j.loadFile(ctx, no, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
		j.load.files = append(j.load.files, loaded)
	}
	return nil
}

// loadFile reads one file, and proves that it did not change meanwhile.
func (j *job) loadFile(ctx context.Context, no int, file inputFile) (InputFile, error) {
	before, err := os.Stat(file.path)
	if err != nil {
		return InputFile{}, err
	}
	if before.Size() == 0 {
		return InputFile{}, errors.New("the file is empty: a header is needed at least")
	}
	loaded := InputFile{File: file.name, Set: file.set.name}
	if file.isParquet() {
		err = j.loadParquet(ctx, no, file, &loaded)
	} else {
		err = j.loadCSV(ctx, no, file, &loaded)
	}
	if err != nil {
		return InputFile{}, err
	}
	after, err := os.Stat(file.path)
	if err != nil {
		return InputFile{}, err
	}
	if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return InputFile{}, errors.New("the file changed while it was read: put files in place by a rename")
	}
	return loaded, nil
}

// setSQL is how rows of a set go from the view of a file to their table.
func setSQL(set string) (table, columns string) {
	switch set {
	case statusSet:
		return "status_rows", "store_id, is_up, observed_us"
	case hoursSet:
		return "hours_rows", "store_id, weekday, opens_clock_us, closes_clock_us"
	default:
		return "zones_rows", "store_id, zone"
	}
}

// loadCSV lets DuckDB scan the file while Go looks at its bytes. Only when both agree that nothing
// is wrong with it do the rows stay; else the exact reader does the file again.
func (j *job) loadCSV(ctx context.Context, no int, file inputFile, loaded *InputFile) error {
	head, err := readHeader(file.path)
	if err != nil {
		return err
	}
	places, err := head.columnsOf(file.set)
	if err != nil {
		return err
	}
	type outcome struct {
		inspection
		err error
	}
	inspected := make(chan outcome, 1)
	go func() {
		result, err := inspectCSV(ctx, file.path, len(head.names))
		inspected <- outcome{result, err}
	}()
	rows, fastErr := j.insertFast(ctx, no, file, head, places)
	seen := <-inspected
	if seen.err != nil {
		return seen.err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	loaded.Bytes, loaded.SHA256, loaded.Rows = seen.bytes, seen.sha256, seen.rows
	if fastErr == nil && seen.plain && rows == seen.rows {
		return nil
	}
	table, _ := setSQL(file.set.name)
	if err := j.exec(ctx, "DELETE FROM "+table+" WHERE file_no = ?", no); err != nil {
		return fmt.Errorf("take back the fast reading: %w", err)
	}
	return j.loadExactly(ctx, no, file, places, len(head.names), loaded)
}

// insertFast counts the rows that were accepted; a file with any other row is read again anyway.
func (j *job) insertFast(ctx context.Context, no int, file inputFile, head header, places []int) (int64, error) {
	if err := j.makeSource(ctx, file.set, csvScan(file, head, places)); err != nil {
		return 0, err
	}
	table, columns := setSQL(file.set.name)
	result, err := j.conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s SELECT %d, %s FROM %s_source",
		table, no, columns, file.set.name))
	if err != nil {
		return 0, err
	}
	inserted, err := result.RowsAffected()
	if err != nil {
		return 0, err
	}
	// A rejected row has an empty id or a value that no function could read.
	var bad int64
	tests := []string{"store_id = ''"}
	for _, c := range strings.Split(columns, ", ")[1:] {
		tests = append(tests, c+" IS NULL")
	}
	if file.set.name == zonesSet {
		tests = append(tests, "zone NOT IN (SELECT zone FROM zone_names)")
	}
	err = j.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE file_no = %d AND (%s)",
		table, no, strings.Join(tests, " OR "))).Scan(&bad)
	return inserted - bad, err
}

// makeSource defines source_file over a scan, and the parsing view of its set over that.
func (j *job) makeSource(ctx context.Context, set dataSet, scan string) error {
	if err := j.exec(ctx, "CREATE OR REPLACE TEMP VIEW source_file AS "+scan); err != nil {
		return err
	}
	return j.execFile(ctx, "duckdb/"+set.name+"_source.sql")
}

// sourceColumns are the names under which the parsing views know the columns of a set.
func sourceColumns(set string) []string {
	switch set {
	case statusSet:
		return []string{"store_id", "status", "timestamp_utc"}
	case hoursSet:
		return []string{"store_id", "day_of_week", "start_time_local", "end_time_local"}
	default:
		return []string{"store_id", "timezone_str"}
	}
}

// textColumns selects the needed columns as text, for a status file also what a cast makes of the
// timestamp.
func textColumns(set string, source func(i int) string) string {
	var list []string
	for i, name := range sourceColumns(set) {
		list = append(list, fmt.Sprintf("coalesce(%s, '') AS %s", source(i), name))
	}
	if set == statusSet {
		list = append(list, fmt.Sprintf("TRY_CAST(%s AS TIMESTAMP) AS instant, false AS is_typed", source(2)))
	}
	return strings.Join(list, ", ")
}

// csvScan names the columns by their place, so that no header text enters SQL.
func csvScan(file inputFile, head header, places []int) string {
	var columns []string
	for i := range head.names {
		columns = append(columns, fmt.Sprintf("'c%d': 'VARCHAR'", i))
	}
	compression := "none"
	if hasSuffixFold(file.name, ".gz") {
		compression = "gzip"
	} else if hasSuffixFold(file.name, ".zst") {
		compression = "zstd"
	}
	return fmt.Sprintf(`SELECT CAST(0 AS BIGINT) AS line, CAST(NULL AS VARCHAR) AS utf8_fault, %s
		FROM read_csv(%s, columns = {%s}, auto_detect = false, header = false, skip = 1, delim = ',',
			quote = '"', escape = '"', strict_mode = true, compression = '%s')`,
		textColumns(file.set.name, func(i int) string { return fmt.Sprintf("c%d", places[i]) }),
		quote(file.path), strings.Join(columns, ", "), compression)
}

// loadParquet reads a Parquet file; DuckDB finds its faulty rows itself.
func (j *job) loadParquet(ctx context.Context, no int, file inputFile, loaded *InputFile) error {
	seen, err := hashFile(ctx, file.path)
	if err != nil {
		return err
	}
	loaded.Bytes, loaded.SHA256 = seen.bytes, seen.sha256
	scan, err := j.parquetScan(ctx, file)
	if err != nil {
		return err
	}
	if err := j.makeSource(ctx, file.set, scan); err != nil {
		return err
	}
	if err := j.conn.QueryRowContext(ctx, "SELECT CAST(sum(num_rows) AS BIGINT) FROM parquet_file_metadata("+
		quote(file.path)+")").Scan(&loaded.Rows); err != nil {
		return err
	}
	accepted, rejected, err := j.insertAccepted(ctx, no, file, func(_ int64, raw string) string { return raw })
	if err != nil {
		return err
	}
	loaded.Rejected = rejected
	return agree(loaded, accepted)
}

// agree is the proof, at every run, that no row was lost.
func agree(loaded *InputFile, accepted int64) error {
	if accepted+loaded.Rejected != loaded.Rows {
		return fmt.Errorf("%d rows accepted and %d rejected are not the %d of the file; this is a fault of openhours",
			accepted, loaded.Rejected, loaded.Rows)
	}
	return nil
}

// parquetScan finds the needed columns in the file's schema.
func (j *job) parquetScan(ctx context.Context, file inputFile) (string, error) {
	from := "read_parquet(" + quote(file.path) + ", binary_as_string = true, hive_partitioning = false, file_row_number = true)"
	rows, err := j.conn.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE SELECT * EXCLUDE (file_row_number) FROM "+from+")")
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var head header
	var types []string
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return "", err
		}
		head.names = append(head.names, name)
		types = append(types, kind)
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	places, err := head.columnsOf(file.set)
	if err != nil {
		return "", err
	}
	names := make([]string, len(head.names))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	text := func(i int) string { return fmt.Sprintf("CAST(c%d AS VARCHAR)", places[i]) }
	for i, c := range file.set.columns {
		if kind := types[places[i]]; !textLike(kind, c.name) {
			return "", fmt.Errorf("column %s has the type %s: text is needed", c.name, kind)
		}
	}
	list := textColumns(file.set.name, text)
	if file.set.name == statusSet && strings.HasPrefix(types[places[2]], "TIMESTAMP") {
		list = strings.Replace(list, "TRY_CAST("+text(2)+" AS TIMESTAMP) AS instant, false",
			fmt.Sprintf("CAST(c%d AS TIMESTAMP) AS instant, true", places[2]), 1)
	}
	return fmt.Sprintf("SELECT file_row_number + 1 AS line, CAST(NULL AS VARCHAR) AS utf8_fault, %s FROM %s AS t(%s, file_row_number)",
		list, from, strings.Join(names, ", ")), nil
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
		return kind == "TIME"
	}
	return false
}

// insertAccepted moves the rows without a fault to their table and the others to the rejects.
func (j *job) insertAccepted(ctx context.Context, no int, file inputFile, rawOf func(line int64, raw string) string) (accepted, rejected int64, err error) {
	table, columns := setSQL(file.set.name)
	result, err := j.conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s SELECT %d, %s FROM %s_source WHERE fault_reason IS NULL",
		table, no, columns, file.set.name))
	if err != nil {
		return 0, 0, err
	}
	if accepted, err = result.RowsAffected(); err != nil {
		return 0, 0, err
	}
	if file.set.name == hoursSet {
		if err := j.exec(ctx, `INSERT INTO rejected_hours
			SELECT DISTINCT store_id FROM hours_source WHERE fault_reason IS NOT NULL AND store_id <> ''`); err != nil {
			return 0, 0, err
		}
	}
	rows, err := j.conn.QueryContext(ctx, fmt.Sprintf(
		"SELECT line, fault_column, fault_reason, raw FROM %s_source WHERE fault_reason IS NOT NULL ORDER BY line", file.set.name))
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		reject := Reject{File: file.name}
		if err := rows.Scan(&reject.Line, &reject.Column, &reject.Reason, &reject.Raw); err != nil {
			return 0, 0, err
		}
		reject.Raw = rawOf(reject.Line, reject.Raw)
		if err := j.load.rejects.add(reject); err != nil {
			return 0, 0, err
		}
		rejected++
	}
	return accepted, rejected, rows.Err()
}

// chunkRows bounds what the exact reading holds in memory.
const chunkRows = 100_000

// loadExactly reads a CSV file row by row in Go. Go judges the structure of the rows, the same views
// as ever judge their values.
func (j *job) loadExactly(ctx context.Context, no int, file inputFile, places []int, width int, loaded *InputFile) error {
	if err := j.makeSource(ctx, file.set, "SELECT line, utf8_fault, "+
		textColumns(file.set.name, func(i int) string { return string(rune('a' + i)) })+" FROM exact_rows"); err != nil {
		return err
	}
	source, err := openCSV(file.path)
	if err != nil {
		return err
	}
	defer source.Close()
	reader := newRowReader(contextReader{ctx, source})
	if _, err := reader.next(); err != nil {
		return err
	}
	reader.single = func(i int) bool { return slices.Contains(places, i) }
	loaded.Exact, loaded.Rows, loaded.Rejected = true, 0, 0
	var accepted int64
	chunk := exactChunk{job: j, file: file, no: no, places: places, width: width}
	for more := true; more; {
		if more, err = chunk.fill(reader); err != nil {
			return err
		}
		taken, refused, err := chunk.flush(ctx)
		if err != nil {
			return err
		}
		accepted += taken
		loaded.Rejected += refused
		loaded.Rows += chunk.read
	}
	return agree(loaded, accepted)
}

// exactChunk is some rows of a file on their way into exact_rows.
type exactChunk struct {
	job    *job
	file   inputFile
	no     int
	places []int
	width  int

	read    int64
	rows    [][]driver.Value
	raws    map[int64]string
	refused []Reject
}

// fill reads up to a chunk of rows; false at the end of the file.
func (c *exactChunk) fill(reader *rowReader) (bool, error) {
	c.read, c.rows, c.refused = 0, c.rows[:0], c.refused[:0]
	c.raws = make(map[int64]string, chunkRows)
	for c.read < chunkRows {
		row, err := reader.next()
		if errors.Is(err, io.EOF) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		c.read++
		raw := strings.ToValidUTF8(string(row.raw), "\uFFFD")
		reject := Reject{File: c.file.name, Line: row.line, Raw: raw, Reason: row.fault}
		switch {
		case row.fault != "":
			reject.Column = c.columnName(row.faultColumn)
		case len(row.cells) < c.width:
			reject.Reason = faultFewer
		case len(row.cells) > c.width:
			reject.Reason = faultMore
		}
		if reject.Reason != "" {
			c.refused = append(c.refused, reject)
			continue
		}
		c.raws[row.line] = raw
		c.rows = append(c.rows, c.values(row))
	}
	return true, nil
}

// columnName is the definition's name of a column that the set needs, else nothing.
func (c *exactChunk) columnName(place int) string {
	if i := slices.Index(c.places, place); i >= 0 && place >= 0 {
		return c.file.set.columns[i].name
	}
	return ""
}

// values are the row's cells for exact_rows, in the order of the definition's table.
func (c *exactChunk) values(row csvRow) []driver.Value {
	values := make([]driver.Value, 6)
	values[0] = row.line
	if !utf8.Valid(row.raw) {
		values[1] = "a column that is not read"
		for _, place := range slices.Backward(c.places) {
			if !utf8.ValidString(row.cells[place]) {
				values[1] = c.columnName(place)
			}
		}
	}
	for i, place := range c.places {
		values[2+i] = strings.ToValidUTF8(row.cells[place], "\uFFFD")
	}
	return values
}

// flush puts the chunk through the views and its rejects, in order of their lines, into the spool.
func (c *exactChunk) flush(ctx context.Context) (accepted, rejected int64, err error) {
	j := c.job
	if err := j.exec(ctx, "DELETE FROM exact_rows"); err != nil {
		return 0, 0, err
	}
	if err := appendRows(j.conn, "exact_rows", c.rows); err != nil {
		return 0, 0, err
	}
	refused := c.refused
	spooled := func(line int64, _ string) string {
		for len(refused) > 0 && refused[0].Line < line {
			if err == nil {
				err = j.load.rejects.add(refused[0])
			}
			refused = refused[1:]
		}
		return c.raws[line]
	}
	accepted, rejected, insertErr := j.insertAccepted(ctx, c.no, c.file, spooled)
	if err := errors.Join(insertErr, err); err != nil {
		return 0, 0, err
	}
	for _, reject := range refused {
		if err := j.load.rejects.add(reject); err != nil {
			return 0, 0, err
		}
	}
	return accepted, rejected + int64(len(c.refused)), nil
}

// appendRows fills a temporary table without going through SQL text.
func appendRows(conn *sql.Conn, table string, rows [][]driver.Value) error {
	return conn.Raw(func(raw any) error {
		appender, err := duckdb.NewAppender(raw.(driver.Conn), "temp", "", table)
		if err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		for _, row := range rows {
			if err := appender.AppendRow(row...); err != nil {
				return errors.Join(fmt.Errorf("append to %s: %w", table, err), appender.Close())
			}
		}
		return appender.Close()
	})
}
