package analytics

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// openedFile is an input file whose columns are known and whose bytes are being looked at.
type openedFile struct {
	inputFile
	before    os.FileInfo
	uri       string // of a file elsewhere of which path is a copy
	head      header // of a CSV file
	places    []int  // of the columns that the set needs, in the header
	inspected chan inspected
	seen      *inspected // what came out of it
}

type inspected struct {
	inspection
	err error
}

// openAll finds the files of the data folder and starts to look at their bytes: that needs no
// DuckDB, and keeps a processor busy while it starts. stop ends what still runs.
func (l *loader) openAll(ctx context.Context) (files []*openedFile, stop func(), err error) {
	if Remote(l.dir) && !l.remoteData {
		return nil, nil, ParameterErrorf("data folder %s: DuckDB reads folders of this machine; the engine spark reads an object store", l.dir)
	}
	view, err := lookAt(ctx, l.dir)
	if err != nil {
		return nil, nil, err
	}
	l.unread, l.history = view.unread, view.history
	if l.rejects, err = newRejectSpool(); err != nil {
		return nil, nil, err
	}
	for _, file := range view.files {
		opened, err := openFile(ctx, file)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file.name, err)
		}
		if opened.isParquet() && Remote(opened.path) {
			opened.uri = opened.path
			if opened.path, err = l.download(ctx, opened.uri); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", file.name, err)
			}
		}
		files = append(files, opened)
	}
	if l.history.changed(l.dir) {
		return nil, nil, errCompacted
	}
	return files, inspectAll(ctx, files), nil
}

// inspectAll looks at the bytes of all files in the order in which they are loaded: each must be
// through before its rows count. stop ends what still runs.
func inspectAll(ctx context.Context, files []*openedFile) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, file := range files {
			seen, err := file.inspect(ctx)
			file.inspected <- inspected{seen, err}
		}
	}()
	return func() { cancel(); <-done }
}

func openFile(ctx context.Context, file inputFile) (*openedFile, error) {
	before, err := statInput(ctx, file.path)
	if err != nil {
		return nil, err
	}
	if before.Size() == 0 {
		return nil, errors.New("the file is empty: a header is needed at least")
	}
	opened := &openedFile{inputFile: file, before: before, inspected: make(chan inspected, 1)}
	if file.isParquet() {
		return opened, nil
	}
	if opened.head, err = readHeader(ctx, file.path, file.name); err != nil {
		return nil, err
	}
	opened.places, err = opened.head.columnsOf(file.set.columns)
	if err != nil {
		return nil, err
	}
	return opened, nil
}

func (f *openedFile) inspect(ctx context.Context) (inspection, error) {
	if f.isParquet() {
		seen, err := hashFile(ctx, f.path)
		return inspection{digest: seen}, err
	}
	return inspectCSV(ctx, f.path, f.name, len(f.head.names))
}

// loadAll reads every file into the row tables. Compacted files take their places among them, by
// name, so that reports say the same of them as before.
func (l *loader) loadAll(ctx context.Context, files []*openedFile) error {
	for i := range l.unread {
		l.hintParquet(ctx, &l.unread[i])
	}
	return l.inOrder(ctx, files, func(file *openedFile) error {
		loaded, err := l.loadFile(ctx, file)
		if err != nil {
			return err
		}
		l.files = append(l.files, loaded)
		return nil
	})
}

// inOrder takes each file in the order of names, those among them that were compacted.
func (l *loader) inOrder(ctx context.Context, files []*openedFile, take func(*openedFile) error) error {
	originals := slices.Clone(l.history.Originals)
	slices.SortStableFunc(originals, func(a, b originalFile) int { return strings.Compare(a.File, b.File) })
	originalsUpTo := func(name string) error {
		for ; len(originals) > 0 && originals[0].File <= name; originals = originals[1:] {
			if err := l.loadOriginal(ctx, originals[0]); err != nil {
				return err
			}
		}
		return nil
	}
	for _, file := range files {
		if err := originalsUpTo(file.name); err != nil {
			return err
		}
		if err := take(file); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return originalsUpTo("\U0010FFFF")
}

// loadFile reads one file, and proves that no row was lost and that it did not change meanwhile.
func (l *loader) loadFile(ctx context.Context, file *openedFile) (InputFile, error) {
	loaded := InputFile{File: file.name, Set: file.set.name}
	if file.set.name == zonesSet {
		if err := l.db.awaitZones(ctx); err != nil {
			return InputFile{}, err
		}
	}
	load := l.loadCSV
	if file.isParquet() {
		load = l.loadParquet
	}
	accepted, err := load(ctx, file, &loaded)
	if err != nil {
		return InputFile{}, err
	}
	if accepted+loaded.Rejected != loaded.Rows {
		return InputFile{}, fmt.Errorf("%d rows accepted and %d rejected are not the %d of the file; this is a fault of openhours",
			accepted, loaded.Rejected, loaded.Rows)
	}
	return loaded, file.unchanged(ctx)
}

// origin is where the file lies.
func (f *openedFile) origin() string {
	if f.uri != "" {
		return f.uri
	}
	return f.path
}

var errChanged = errors.New("the file changed while it was read: put files in place by a rename")

// unchanged is an error for a file that was written to since it was opened.
func (f *openedFile) unchanged(ctx context.Context) error {
	after, err := statInput(ctx, f.origin())
	if err != nil {
		return err
	}
	if after.Size() != f.before.Size() || !after.ModTime().Equal(f.before.ModTime()) {
		return errChanged
	}
	return nil
}

// wait takes over what the pass over the file's bytes found.
func (f *openedFile) wait(loaded *InputFile) (inspection, error) {
	if f.seen == nil {
		seen := <-f.inspected
		f.seen = &seen
	}
	seen := f.seen
	loaded.Bytes, loaded.SHA256, loaded.Rows = seen.bytes, seen.sha256, seen.rows
	return seen.inspection, seen.err
}

// seenOdd tells that the bytes of the file are known not to be plain.
func (f *openedFile) seenOdd() bool { return f.seen != nil && !f.seen.plain }

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

// makeSource defines source_file over a scan, and a view over that which parses its values.
func (l *loader) makeSource(ctx context.Context, source, scan string) error {
	if err := l.db.exec(ctx, "CREATE OR REPLACE TEMP VIEW source_file AS "+scan); err != nil {
		return err
	}
	return l.db.execFile(ctx, "duckdb/"+source+".sql")
}

// insertAll moves the rows of a parsing view to the table of a set, whatever they are, in a transaction that it
// leaves open, and tells how many they were and whether all of them are good. Asking each row for
// its faults on the way would parse every value twice; one that could not be read is a NULL, of
// which the table's statistics know.
func (l *loader) insertAll(ctx context.Context, set, source string) (rows int64, good bool, err error) {
	if err := l.db.exec(ctx, "BEGIN TRANSACTION"); err != nil {
		return 0, false, err
	}
	table, columns := setSQL(set)
	names := strings.Split(columns, ", ")
	// A row without an id loses another value instead: to look through the ids once more takes long.
	values := slices.Clone(names)
	values[1] = fmt.Sprintf("CASE WHEN store_id IS NOT NULL THEN %s END", names[1])
	result, err := l.db.conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s SELECT %s FROM %s", table, strings.Join(values, ", "), source))
	if err != nil {
		return 0, false, err
	}
	if rows, err = result.RowsAffected(); err != nil {
		return 0, false, err
	}
	var faults []string
	for _, name := range names[1:] {
		faults = append(faults, name+" IS NULL")
	}
	if set == zonesSet {
		faults = append(faults, "zone NOT IN (SELECT zone FROM zone_names)")
	}
	for _, fault := range faults {
		var found bool
		if err := l.db.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) > 0 FROM %s WHERE %s", table, fault)).Scan(&found); err != nil {
			return 0, false, err
		}
		if found {
			return rows, false, nil
		}
	}
	return rows, true, nil
}

// takeBack ends the transaction of insertAll as if it had not been.
func (l *loader) takeBack(ctx context.Context) error {
	if err := l.db.exec(ctx, "ROLLBACK"); err != nil {
		return fmt.Errorf("take back the fast reading: %w", err)
	}
	return nil
}

// insertAccepted moves the rows without a fault to their table.
func (l *loader) insertAccepted(ctx context.Context, set string) (int64, error) {
	table, columns := setSQL(set)
	result, err := l.db.conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s SELECT %s FROM %s_source WHERE fault_reason IS NULL",
		table, columns, set))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// eachRejected hands over the rows with a fault, in the order of their lines.
func (l *loader) eachRejected(ctx context.Context, file inputFile, take func(Reject) error) error {
	if file.set.name == hoursSet {
		if err := l.db.exec(ctx, `INSERT INTO rejected_hours
			SELECT DISTINCT store_id FROM hours_source WHERE fault_reason IS NOT NULL AND store_id IS NOT NULL`); err != nil {
			return err
		}
	}
	rows, err := l.db.conn.QueryContext(ctx, fmt.Sprintf(
		"SELECT line, fault_column, fault_reason, raw FROM %s_source WHERE fault_reason IS NOT NULL ORDER BY line", file.set.name))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		reject := Reject{File: file.name}
		if err := rows.Scan(&reject.Line, &reject.Column, &reject.Reason, &reject.Raw); err != nil {
			return err
		}
		if err := take(reject); err != nil {
			return err
		}
	}
	return rows.Err()
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

// textColumns selects the needed columns as text.
func textColumns(set string, source func(i int) string) string {
	var list []string
	for i, name := range sourceColumns(set) {
		list = append(list, fmt.Sprintf("coalesce(%s, '') AS %s", source(i), name))
	}
	return strings.Join(list, ", ")
}
