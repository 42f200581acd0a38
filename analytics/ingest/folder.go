// Package ingest changes the data folder: uploads, deletions and compaction. Reading it for a report is
// the task of packages load and input.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
	"openhours/analytics/storage"
)

// Folder is the folder of the input files, as a server reads and changes it.
type Folder struct {
	Engines pipeline.Engines
	Dir     string
	Now     func() time.Time

	mu          sync.Mutex
	fingerprint string // of the files that checked is about
	checked     report.Check
}

// ErrNoFile is returned when the data folder has no such file of a set.
var ErrNoFile = errors.New("no such file of this set")

// CompactedFileError is returned for a file whose rows were compacted.
type CompactedFileError struct{ File, Archive string }

func (e *CompactedFileError) Error() string {
	return fmt.Sprintf("%s was compacted: its rows are in the days of status/ and stay there; the file itself lies in %s", e.File, e.Archive)
}

// SetNames are the names of the data sets, the one that a report needs first.
func SetNames() []string {
	names := []string{input.StatusSet}
	for _, set := range input.Sets() {
		if set.Name != input.StatusSet {
			names = append(names, set.Name)
		}
	}
	return names
}

// Check returns what the folder holds and what is wrong with it. As long as no file changes it is
// not worked out again.
func (d *Folder) Check(ctx context.Context) (report.Check, error) {
	fingerprint, err := input.Fingerprint(ctx, d.Dir)
	if err != nil {
		return report.Check{}, input.NewError(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if fingerprint == d.fingerprint {
		return d.checked, nil
	}
	bytes, err := input.TotalBytes(ctx, d.Dir)
	if err != nil {
		return report.Check{}, input.NewError(err)
	}
	found, err := report.CheckData(ctx, d.Engines.Interactive(bytes), report.Request{Data: d.Dir, Now: d.Now()})
	if err != nil && engine.IsMachineFault(err) {
		return report.Check{}, err
	} else if err != nil {
		return report.Check{}, input.NewError(err)
	}
	d.fingerprint, d.checked = fingerprint, found
	return found, nil
}

// DataFile is a file that lies in the data folder, before anybody reads it.
type DataFile struct {
	File       string    `json:"file"`
	Set        string    `json:"set"` // empty: its name is that of no set, it is not read
	Bytes      int64     `json:"bytes"`
	ModifiedAt time.Time `json:"modified_at"`
}

// Files lists what lies in the folder, also while no report can be made of it.
func (d *Folder) Files(ctx context.Context) ([]DataFile, error) {
	h, err := input.ReadHistory(d.Dir)
	if err != nil {
		return nil, input.NewError(err)
	}
	inputs, unread, err := input.ListFiles(ctx, d.Dir, h)
	if err != nil {
		return nil, input.NewError(err)
	}
	list := []DataFile{}
	add := func(name, set, path string) error {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		} else if err != nil {
			return fmt.Errorf("data folder: %w", err)
		}
		list = append(list, DataFile{name, set, info.Size(), info.ModTime().UTC()})
		return nil
	}
	for _, f := range inputs {
		if err := add(f.Name, f.Set.Name, f.Path); err != nil {
			return nil, err
		}
	}
	for _, f := range unread {
		if f.Path == "" { // no file that one could look into
			continue
		}
		if err := add(f.File, "", f.Path); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Upload is what became of a file that was sent.
type Upload struct {
	input.LoadedFile
	Replaced bool          `json:"replaced"`
	Stored   bool          `json:"stored"`
	Rejects  []load.Reject `json:"first_rejects"`
	First    string        `json:"first_observation,omitempty"` // that was accepted, of a status file
	Last     string        `json:"last_observation,omitempty"`
	Doubt    string        `json:"doubt,omitempty"` // why accepted rows may not mean what they say, and what would be right
}

// InvalidFileError is why an uploaded file is refused.
type InvalidFileError struct {
	Reason  string
	Rejects []load.Reject // the first of them
}

func (e *InvalidFileError) Error() string { return e.Reason }

// fileOfSet checks that a name is that of a file of the set, and of nothing else.
func fileOfSet(set, name string) (input.Set, error) {
	sets := input.Sets()
	i := slices.IndexFunc(sets, func(s input.Set) bool { return s.Name == set })
	if i < 0 {
		return input.Set{}, params.Errorf("set %q: must be one of %s", set, strings.Join(SetNames(), ", "))
	}
	if len(name) > 200 || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\\x00") || !sets[i].Matches(name) {
		return input.Set{}, params.Errorf("file %q is not named like a file of the %s set: write it like %s.csv (.csv, .csv.gz, .csv.zst or .parquet)",
			name, set, sets[i].Stem)
	}
	return sets[i], nil
}

// Put reads a file to its end under a temporary name, checks it, and only then puts it in place, by one
// rename. With more than mostRejects rejected rows, or dryRun, nothing changes.
func (d *Folder) Put(ctx context.Context, set, name string, body io.Reader, mostRejects int64, dryRun bool) (_ Upload, err error) {
	kind, err := fileOfSet(set, name)
	if err != nil {
		return Upload{}, err
	}
	if storage.IsRemote(d.Dir) {
		return Upload{}, &InvalidFileError{Reason: elsewhere}
	}
	incoming, path, err := d.receive(ctx, name, name[strings.IndexByte(name, '.'):], body)
	if err != nil {
		return Upload{}, err
	}
	defer func() { err = errors.Join(err, incoming.Discard()) }()
	found, err := d.Engines.Trials.CheckFile(ctx, d.Engines.DuckDB, input.File{Set: kind, Name: name, Path: path}, mostRejects)
	loaded, doubt := found.Loaded, doubtOf(name, found)
	switch {
	case ctx.Err() != nil:
		return Upload{}, ctx.Err()
	case err != nil && engine.IsMachineFault(err):
		return Upload{}, err
	case err != nil:
		return Upload{}, &InvalidFileError{strings.ReplaceAll(err.Error(), path, name), found.Rejects}
	case loaded.Rejected > mostRejects:
		return Upload{}, &InvalidFileError{withDoubt(fmt.Sprintf("%d of %d rows are rejected, more than the %d allowed", loaded.Rejected, loaded.Rows, mostRejects), doubt), found.Rejects}
	case loaded.Rows > 0 && loaded.Rows == loaded.Rejected:
		return Upload{}, &InvalidFileError{withDoubt("no row of the file is accepted", doubt), found.Rejects}
	}
	upload := Upload{LoadedFile: loaded, Rejects: found.Rejects, First: found.First, Last: found.Last, Doubt: doubt}
	if !dryRun {
		lock, err := input.LockFolder(ctx, d.Dir)
		if err != nil {
			return Upload{}, err
		}
		defer func() { err = errors.Join(err, lock.Release()) }()
	}
	target := filepath.Join(d.Dir, name)
	if info, err := os.Lstat(target); err == nil && info.IsDir() {
		return Upload{}, &InvalidFileError{Reason: fmt.Sprintf("%s is a folder here, and the files in it are read: upload under another name, or remove the folder first", name)}
	} else if err == nil {
		upload.Replaced = true
	}
	if dryRun {
		return upload, nil
	}
	checked, err := os.Stat(incoming.Path())
	if err != nil {
		return Upload{}, fmt.Errorf("put %s in place: %w", name, err)
	}
	if err := archiveBefore(d.Dir, name); err != nil {
		return Upload{}, fmt.Errorf("put %s in place: %w", name, err)
	}
	if err := incoming.Publish(target); err != nil {
		return Upload{}, fmt.Errorf("put %s in place: %w", name, err)
	}
	if err := forget(d.Dir, name); err != nil {
		return Upload{}, fmt.Errorf("put %s in place: %w", name, err)
	}
	d.Engines.Trials.Accept(filepath.Join(filepath.Dir(path), name), checked)
	upload.Stored = true
	return upload, nil
}

// doubtOf says why accepted rows of a file may not mean what they say; "" if nothing says so.
func doubtOf(name string, found load.CheckedFile) string {
	var doubts []string
	if text := load.DescribeConvention(found.Loaded); text != "" {
		doubts = append(doubts, text)
	}
	for _, text := range found.BadIDs {
		doubts = append(doubts, name+": "+text)
	}
	return strings.Join(doubts, "; ")
}

// withDoubt adds to why a file is refused what its author may have meant.
func withDoubt(reason, doubt string) string {
	if doubt == "" {
		return reason
	}
	return reason + "; " + doubt
}

// lockFile locks the data folder for a change of a file of a set that is there.
func (d *Folder) lockFile(set, name string) (*storage.FolderLock, error) {
	if _, err := fileOfSet(set, name); err != nil {
		return nil, err
	}
	if storage.IsRemote(d.Dir) {
		return nil, &InvalidFileError{Reason: elsewhere}
	}
	return input.LockFolder(context.Background(), d.Dir)
}

// Delete sets a file of a set aside: nobody reads it any more, and until Forget Restore brings it back.
func (d *Folder) Delete(set, name string) (err error) {
	lock, err := d.lockFile(set, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	h, err := input.ReadHistory(d.Dir)
	if err != nil {
		return input.NewError(err)
	}
	path := filepath.Join(d.Dir, name)
	info, err := os.Lstat(path)
	if err != nil || info.IsDir() || h.Supersedes(name, info) {
		if i := slices.IndexFunc(h.Originals, func(o input.OriginalFile) bool { return o.File == name }); i >= 0 {
			return &CompactedFileError{name, h.Originals[i].Archive}
		}
		// an earlier request may have removed it, and failed to make that last
		if err := storage.SyncFolder(d.Dir); err != nil {
			return fmt.Errorf("remove %s: %w", name, err)
		}
		return ErrNoFile
	}
	if err := storage.Rename(storage.Move{From: path, To: asidePath(d.Dir, name)}); err != nil {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	return nil
}

const elsewhere = "the data lies in an object store, and whoever fills that changes it"

// CleanUp removes what killed processes have left: uploads that were cut short, and a compact's files, whose
// work it brings to its end.
func (d *Folder) CleanUp(ctx context.Context) error {
	if storage.IsRemote(d.Dir) {
		return nil
	}
	return errors.Join(input.RemoveIncoming(d.Dir), recoverCompact(ctx, d.Dir))
}

// Readable reports whether the folder can be listed.
func (d *Folder) Readable(ctx context.Context) error {
	_, err := storage.ReadDir(ctx, storage.CleanFolder(d.Dir))
	return err
}
