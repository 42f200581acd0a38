// Package load reads input files into the row tables of a session, fast if a file is plain and row by row
// if not, and accounts for every rejected row. It runs no models.
package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// Loader reads the files of one data folder into the row tables of a connection.
type Loader struct {
	Result
	DB         *engine.Session
	Dir        string // the data folder
	RemoteData bool   // the data folder may be in an object store

	OnlyStore   string   // load the compacted rows of this store only; "": all stores
	RejectsOnly bool     // only the rejected rows are needed: another engine has the accepted ones
	downloads   []string // local copies of remote files
}

// Result is the outcome of reading a data folder.
type Result struct {
	Files       []input.LoadedFile
	Unread      []input.UnreadFile
	Rejects     *RejectSpool // nil before reading begins
	History     *input.History
	HistoryRead *HistorySummary // nil: nothing was read from the history
}

// New opens a connection for the rows of a data folder.
func New(ctx context.Context, e *engine.Engine, dir string) (*Loader, error) {
	db, err := e.Session(ctx)
	if err != nil {
		return nil, err
	}
	return &Loader{DB: db, Dir: storage.CleanFolder(dir), Result: Result{History: &input.History{}}}, nil
}

// Close closes the connection, which drops its tables, and removes downloads and the spool of rejected
// rows.
func (l *Loader) Close() error {
	var faults []error
	for _, copied := range l.downloads {
		faults = append(faults, os.Remove(copied))
	}
	faults = append(faults, l.CloseRejects(), l.DB.Close())
	return errors.Join(faults...)
}

func (l *Loader) CloseRejects() error {
	if l.Rejects == nil {
		return nil
	}
	err := l.Rejects.close()
	l.Rejects = nil
	return err
}

// Prepare waits for the shared functions and creates the row tables.
func (l *Loader) Prepare(ctx context.Context) error {
	if err := l.DB.AwaitFunctions(ctx); err != nil {
		return err
	}
	return l.DB.ExecFile(ctx, "duckdb/tables.sql")
}

// maxReadings limits how often a folder is read while compact keeps moving its files.
const maxReadings = 3

// RetryAfterCompact returns a function that repeats read if a compact finished meanwhile and moved files.
// The next attempt reads the same rows from their new place.
func (l *Loader) RetryAfterCompact(read func() error) func(context.Context) error {
	return func(ctx context.Context) error {
		for reading := 1; ; reading++ {
			err := read()
			if err == nil || ctx.Err() != nil || reading == maxReadings || !l.History.Changed(l.Dir) {
				return err
			}
			_ = l.DB.Exec(ctx, "ROLLBACK") // the failed attempt may have left a transaction open
			if err := l.CloseRejects(); err != nil {
				return err
			}
			l.Result = Result{History: &input.History{}}
		}
	}
}

// errCompacted is returned if compact finished between listing the folder and opening its files: a file
// opened may be a new one, and the rows of the listed one may be in the days.
var errCompacted = fmt.Errorf("%s: compact changed it while the files were opened; try again", input.ManifestFile)

// CheckFile reads a single file exactly as a report does.
func CheckFile(ctx context.Context, e *engine.Engine, file input.File) (_ input.LoadedFile, _ []Reject, err error) {
	opened, err := OpenFile(ctx, file)
	if err != nil {
		return input.LoadedFile{}, nil, err
	}
	seen, err := opened.inspect(ctx)
	if err != nil {
		return input.LoadedFile{}, nil, err
	}
	opened.inspection <- inspected{seen, nil}
	l, err := New(ctx, e, filepath.Dir(file.Path))
	if err != nil {
		return input.LoadedFile{}, nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if l.Rejects, err = NewRejectSpool(); err != nil {
		return input.LoadedFile{}, nil, err
	}
	if err := l.Prepare(ctx); err != nil {
		return input.LoadedFile{}, nil, err
	}
	loaded, err := l.LoadFile(ctx, opened)
	return loaded, l.Rejects.First, err
}
