// Package load reads input files into the row tables of a session, fast if a file is plain and row by row
// if not, and accounts for every rejected row. It runs no models.
package load

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/storage"
)

// Loader reads the files of one data folder into the row tables of a connection.
type Loader struct {
	Result
	DB         *engine.Session
	Dir        string // the data folder
	RemoteData bool   // the data folder may be in an object store

	Opened      func(fingerprint string) // called when the files are open, with input.Fingerprint of them; may be nil
	Trials      *Trials                  // read Parquet files before this process does; nil: none do
	OnlyStore   string                   // load the compacted rows of this store only; "": all stores
	RejectsOnly bool                     // only the rejected rows are needed: another engine has the accepted ones
	downloads   []string                 // local copies of remote files
	pinned      []*os.File
}

// Result is the outcome of reading a data folder.
type Result struct {
	Files       []input.LoadedFile
	Fingerprint string // input.Fingerprint of the files that were opened; "": none were
	Unread      []input.UnreadFile
	Rejects     *RejectSpool // nil before reading begins
	History     *input.History
	HistoryRead *HistorySummary // nil: nothing was read from the history

	HoursVersions bool // an hours file may have rows with dates between which they count
}

// HasRows reports whether any file of the set has an accepted row.
func (r *Result) HasRows(set string) bool {
	return slices.ContainsFunc(r.Files, func(f input.LoadedFile) bool { return f.Set == set && f.Rows > f.Rejected })
}

// RejectedHours reports whether a row of any hours file was rejected.
func (r *Result) RejectedHours() bool {
	return slices.ContainsFunc(r.Files, func(f input.LoadedFile) bool { return f.Set == input.HoursSet && f.Rejected > 0 })
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
	for _, file := range l.pinned {
		faults = append(faults, file.Close())
	}
	return errors.Join(append(faults, storage.Remove(l.downloads...), l.CloseRejects(), l.DB.Close())...)
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

// Read calls read, which opens and loads the data folder. An error is ErrChanged too if the folder is another now:
// a file that was removed, replaced, or moved by compact fails in many ways.
func (l *Loader) Read(ctx context.Context, read func() error) error {
	err := read()
	if err == nil || ctx.Err() != nil || l.Fingerprint == "" || errors.Is(err, ErrChanged) {
		return err
	}
	if now, changed := input.Fingerprint(ctx, l.Dir); changed == nil && now == l.Fingerprint {
		return err
	}
	return fmt.Errorf("%w (%w)", ErrChanged, err)
}

// spareRejects is how many rows more than tolerated may be rejected before the rest of a file is not read:
// few files have as many, and their exact number helps nobody.
const spareRejects = 100_000

// CheckedFile is what the check of a single file found.
type CheckedFile struct {
	Loaded  input.LoadedFile `json:"loaded"`
	Rejects []Reject         `json:"rejects"` // the first of them
	First   string           `json:"first"`   // observation that was accepted, of a status file; "": there is none
	Last    string           `json:"last"`
	BadIDs  []string         `json:"bad_ids"` // what spreadsheets do to ids and this file has: each a finding that a report would have
}

// CheckFile reads a single file exactly as a report does. With far more rejected rows than mostRejects it
// gives up. The rejected rows are returned with an error, too.
func CheckFile(ctx context.Context, e *engine.Engine, file input.File, mostRejects int64) (found CheckedFile, err error) {
	opened, err := OpenFile(ctx, file)
	if err != nil {
		return CheckedFile{}, err
	}
	if opened.inspect(ctx); opened.seenErr != nil {
		return CheckedFile{}, opened.seenErr
	}
	l, err := New(ctx, e, filepath.Dir(file.Path))
	if err != nil {
		return CheckedFile{}, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if l.Rejects, err = NewRejectSpool(); err != nil {
		return CheckedFile{}, err
	}
	most := mostRejects + spareRejects
	l.Rejects.OnReject = func(Reject) error {
		if l.Rejects.Rows > most {
			return fmt.Errorf("more than %d rows are rejected: the rest of the file was not read", most)
		}
		return nil
	}
	if err := l.Prepare(ctx); err != nil {
		return CheckedFile{}, err
	}
	found.Loaded, err = l.LoadFile(ctx, opened)
	found.Rejects = l.Rejects.First
	if err == nil {
		found.First, found.Last, err = l.observed(ctx)
	}
	if err == nil {
		found.BadIDs, err = l.badIDs(ctx)
	}
	return found, err
}

// badIDs runs the findings on ids that stand for several stores on the rows that were loaded.
func (l *Loader) badIDs(ctx context.Context) (all []string, err error) {
	if err := l.DB.ExecFile(ctx, "models/inputs/03_all_ids.sql"); err != nil {
		return nil, err
	}
	for _, file := range []string{"findings/ids_in_scientific_notation.sql", "findings/ids_cut_to_15_digits.sql"} {
		text, err := l.DB.Engine.ReadSQL(file)
		if err != nil {
			return nil, err
		}
		var total int64
		var example string // the first
		err = l.DB.Conn.QueryRowContext(ctx, text).Scan(&total, &example)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, fmt.Sprintf("%d × %s. For example: %s", total, engine.HeaderLine(text, "title"), example))
	}
	return all, nil
}

// observed returns the first and the last observation that was accepted; "" if none was.
func (l *Loader) observed(ctx context.Context) (first, last string, err error) {
	var from, to sql.NullInt64
	if err := l.DB.Conn.QueryRowContext(ctx, "SELECT min(observed_us), max(observed_us) FROM status_rows").Scan(&from, &to); err != nil {
		return "", "", err
	}
	if !from.Valid {
		return "", "", nil
	}
	return params.FormatInstant(from.Int64), params.FormatInstant(to.Int64), nil
}
