package load

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"openhours/analytics/csvfile"
	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/storage"
)

// File is an input file whose columns are known and whose bytes are being inspected.
type File struct {
	input.File
	Info      os.FileInfo
	origin    string         // where the file lies, if Path is a local copy of it or leads to its descriptor
	pinned    bool           // Path leads to what was opened, whatever happens to the file
	Head      csvfile.Header // of a CSV file
	Columns   input.Columns  // where Head has those of the set
	inspected chan struct{}  // closed once seen and seenErr are set
	seen      csvfile.Inspection
	seenErr   error
}

// OpenAll lists the files of the data folder and starts to inspect their bytes, which needs no DuckDB and
// so uses the time until it has started. stop cancels the inspection and waits for it.
func (l *Loader) OpenAll(ctx context.Context) (files []*File, stop func(), err error) {
	if storage.IsRemote(l.Dir) && !l.RemoteData {
		return nil, nil, params.Errorf("data folder %s: DuckDB reads folders of this machine; the engine spark reads an object store", l.Dir)
	}
	view, err := input.ReadFolder(ctx, l.Dir)
	if err != nil {
		return nil, nil, err
	}
	l.Unread, l.History = view.Unread, view.History
	if l.Rejects, err = NewRejectSpool(); err != nil {
		return nil, nil, err
	}
	infos := map[string]os.FileInfo{}
	for _, file := range view.Files {
		opened, err := l.open(ctx, file)
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrChanged // it was there when the folder was listed
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		files, infos[file.Name] = append(files, opened), opened.Info
		l.HoursVersions = l.HoursVersions || opened.hasVersions()
	}
	if l.History.Changed(l.Dir) {
		return nil, nil, fmt.Errorf("%s: %w", input.ManifestFile, ErrChanged)
	}
	if l.Fingerprint, err = view.Fingerprint(ctx, l.Dir, infos); err != nil {
		return nil, nil, err
	}
	if l.Opened != nil {
		l.Opened(l.Fingerprint)
	}
	if err := l.Trials.try(ctx, files, l.Unread); err != nil {
		return nil, nil, err
	}
	return files, InspectAll(ctx, files), nil
}

// mostPinned is how many files are read through their descriptors, because a process has few. Further files are read by path,
// and a report begins again if one is replaced meanwhile.
const mostPinned = 256

// open is OpenFile for a file that may be replaced while it is read, or that lies in an object store.
func (l *Loader) open(ctx context.Context, file input.File) (*File, error) {
	origin := file.Path
	if !l.RemoteData && len(l.pinned) < mostPinned {
		path, pinned, err := pin(file.Path)
		if err != nil {
			return nil, err
		}
		if pinned != nil {
			l.pinned, file.Path = append(l.pinned, pinned), path
		}
	}
	opened, err := OpenFile(ctx, file)
	if err != nil {
		return nil, err
	}
	if opened.IsParquet() && storage.IsRemote(opened.Path) {
		opened.Path, err = l.download(ctx, origin)
	}
	if opened.Path != origin {
		opened.origin, opened.pinned = origin, !storage.IsRemote(origin)
	}
	return opened, err
}

// InspectAll starts to inspect the bytes of all files in loading order, since the rows of a file count only
// after its inspection. stop cancels the inspection and waits for it.
func InspectAll(ctx context.Context, files []*File) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, file := range files {
			file.inspect(ctx)
		}
	}()
	return func() { cancel(); <-done }
}

func OpenFile(ctx context.Context, file input.File) (*File, error) {
	info, err := storage.Stat(ctx, file.Path)
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, errors.New("the file is empty: a header is needed at least")
	}
	opened := &File{File: file, Info: info, inspected: make(chan struct{})}
	if file.IsParquet() {
		return opened, nil
	}
	if opened.Head, err = csvfile.ReadHeader(ctx, file.Path, file.Name); err != nil {
		return nil, err
	}
	opened.Columns, err = file.Set.Locate(opened.Head)
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// hasVersions reports whether the file may have hours with dates, whose columns are the optional ones of the set. Those of a
// Parquet file are not known yet.
func (f *File) hasVersions() bool {
	if f.Set.Name != input.HoursSet {
		return false
	}
	if f.IsParquet() {
		return true
	}
	for i, column := range f.Set.Columns {
		if column.Optional && f.Columns.Places[i] >= 0 {
			return true
		}
	}
	return false
}

// inspect reads the bytes of the file, once.
func (f *File) inspect(ctx context.Context) {
	defer close(f.inspected)
	if f.IsParquet() {
		f.seen.Digest, f.seenErr = storage.HashFile(ctx, f.Path)
		return
	}
	f.seen, f.seenErr = csvfile.Inspect(ctx, f.Path, f.Name, len(f.Head.Names))
}

// LoadAll reads every file into the row tables. Compacted files keep their position among them, by name, so
// that reports list them as before.
func (l *Loader) LoadAll(ctx context.Context, files []*File) error {
	for i := range l.Unread {
		l.HintParquet(ctx, &l.Unread[i])
	}
	return l.EachInOrder(ctx, files, func(file *File) error {
		loaded, err := l.LoadFile(ctx, file)
		if err != nil {
			return err
		}
		l.Files = append(l.Files, loaded)
		return nil
	})
}

// EachInOrder calls take for every file in the order of names and accounts for the compacted files in
// between.
func (l *Loader) EachInOrder(ctx context.Context, files []*File, take func(*File) error) error {
	originals := slices.Clone(l.History.Originals)
	slices.SortStableFunc(originals, func(a, b input.OriginalFile) int { return strings.Compare(a.File, b.File) })
	originalsUpTo := func(name string) error {
		for ; len(originals) > 0 && originals[0].File <= name; originals = originals[1:] {
			if err := l.loadOriginal(ctx, originals[0]); err != nil {
				return err
			}
		}
		return nil
	}
	for _, file := range files {
		if err := originalsUpTo(file.Name); err != nil {
			return err
		}
		if err := take(file); err != nil {
			return fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	return originalsUpTo("\U0010FFFF")
}

// LoadFile reads one file and proves that no row was lost and that the file did not change meanwhile.
func (l *Loader) LoadFile(ctx context.Context, file *File) (input.LoadedFile, error) {
	loaded := input.LoadedFile{File: file.Name, Set: file.Set.Name}
	if file.Set.Name == input.ZonesSet {
		if err := l.DB.AwaitZones(ctx); err != nil {
			return input.LoadedFile{}, err
		}
	}
	load := l.loadCSV
	if file.IsParquet() {
		load = l.LoadParquet
	}
	accepted, err := load(ctx, file, &loaded)
	if err != nil {
		return input.LoadedFile{}, err
	}
	if file.Set.Addressed {
		loaded.UnreadColumns = file.Columns.Others
	}
	if accepted+loaded.Rejected != loaded.Rows {
		return input.LoadedFile{}, fmt.Errorf("%d rows accepted and %d rejected are not the %d of the file; this is a bug in openhours",
			accepted, loaded.Rejected, loaded.Rows)
	}
	return loaded, file.Unchanged(ctx)
}

// Origin returns the original location of the file, which for a local copy is the remote one.
func (f *File) Origin() string {
	return cmp.Or(f.origin, f.Path)
}

// ErrChanged is returned if files of the data folder were written, replaced or removed while they were read.
var ErrChanged = errors.New("the file changed while it was read: put files in place by a rename")

// Unchanged returns ErrChanged if the bytes that are read were modified since the file was opened.
func (f *File) Unchanged(ctx context.Context) error {
	path := f.Origin()
	if f.pinned {
		path = f.Path
	}
	after, err := storage.Stat(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrChanged
	} else if err != nil {
		return err
	}
	if after.Size() != f.Info.Size() || !after.ModTime().Equal(f.Info.ModTime()) {
		return ErrChanged
	}
	return nil
}

// AwaitInspection waits for the inspection of the file and fills in its bytes, hash and rows.
func (f *File) AwaitInspection(loaded *input.LoadedFile) (csvfile.Inspection, error) {
	<-f.inspected
	loaded.Bytes, loaded.SHA256, loaded.Rows = f.seen.Bytes, f.seen.SHA256, f.seen.Rows
	return f.seen, f.seenErr
}

// knownNotPlain reports whether the inspection has already found the file not plain.
func (f *File) knownNotPlain() bool {
	select {
	case <-f.inspected:
		return !f.seen.Plain
	default:
		return false
	}
}

// whileSound returns a context that also ends when the inspection finds that the file cannot be read.
func (f *File) whileSound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-f.inspected:
			if f.seenErr != nil {
				cancel()
			}
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// pageRows is how many rejected rows are fetched at once: DuckDB holds the whole result of a query in memory,
// beyond its limit.
const pageRows = chunkRows

// eachRejected calls take for every row of judged_rows with a fault, in the order of lines.
func (l *Loader) eachRejected(ctx context.Context, file input.File, take func(Reject) error) error {
	if file.Set.Name == input.HoursSet {
		if err := l.DB.Exec(ctx, `INSERT INTO rejected_hours
			SELECT DISTINCT store_id FROM judged_rows WHERE fault_reason IS NOT NULL AND store_id IS NOT NULL`); err != nil {
			return err
		}
	}
	for last, n := int64(-1), pageRows; n == pageRows; {
		n = 0
		if err := l.DB.Each(ctx, fmt.Sprintf(`SELECT line, fault_column, fault_reason, raw FROM judged_rows
			WHERE fault_reason IS NOT NULL AND line > %d ORDER BY line LIMIT %d`, last, pageRows), func(rows *sql.Rows) error {
			reject := Reject{File: file.Name}
			if err := rows.Scan(&reject.Line, &reject.Column, &reject.Reason, &reject.Raw); err != nil {
				return err
			}
			n++
			last = reject.Line
			return take(reject)
		}); err != nil {
			return err
		}
	}
	return nil
}

// judge keeps the rows of the parsing view of a set that meet a condition, each with its fault, in judged_rows.
func (l *Loader) judge(ctx context.Context, set, condition string) error {
	return l.DB.Exec(ctx, "CREATE OR REPLACE TEMP TABLE judged_rows AS SELECT * FROM "+set+"_source WHERE "+condition)
}

// sourceColumns returns the names of a set's columns in the parsing views.
func sourceColumns(set input.Set) []string {
	var names []string
	for _, c := range set.Columns {
		names = append(names, sourceName(c.Name))
	}
	return names
}

// sourceName is the name of a column in SQL: dayOfWeek is day_of_week, and window a word of the language.
func sourceName(column string) string {
	switch column {
	case "dayOfWeek":
		return "day_of_week"
	case "window":
		return "window_name"
	}
	return column
}

// SelectAsText returns the select list of a set's columns as text; source returns the expression of the i-th column, ""
// for one that the file lacks.
func SelectAsText(set input.Set, source func(i int) string) string {
	var list []string
	for i, name := range sourceColumns(set) {
		if from := source(i); from == "" {
			list = append(list, "'' AS "+name)
		} else {
			list = append(list, fmt.Sprintf("coalesce(%s, '') AS %s", from, name))
		}
	}
	return strings.Join(list, ", ")
}

// createAttributes creates file_attributes of a file of stores: the attribute of each place in the list others of the
// parsing view.
func (l *Loader) createAttributes(ctx context.Context, file *File) error {
	if !file.Set.Attributes {
		return nil
	}
	attributes := engine.Relation{Name: "file_attributes", Columns: []engine.Column{{Name: "place", Kind: "BIGINT"}, {Name: "attribute", Kind: "VARCHAR"}}}
	for i, name := range file.Columns.Others {
		attributes.Rows = append(attributes.Rows, []any{int64(i + 1), name})
	}
	return l.DB.CreateTable(ctx, attributes)
}
