package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// switchOver puts the files in place and then, by one rename of the manifest, lets them count
// instead of the files that were read. Before that it locks the folder: from the last look at those files until they
// lie in the archive nobody else may replace or delete one.
func (c *compaction) switchOver(ctx context.Context) (err error) {
	for i := range c.files {
		archive, err := c.archiveName(c.files[i].File)
		if err != nil {
			return err
		}
		c.files[i].Archive = archive
		c.history.Originals = append(c.history.Originals, c.files[i]) // so that no other takes the name
	}
	originals := c.history.Originals
	c.history.Originals = originals[:len(originals)-len(c.files)]
	c.history.Pending = c.id
	if err := c.history.Save(c.dir); err != nil {
		return err
	}
	if err := c.place(); err != nil {
		return err
	}
	next := *c.history
	next.Pending, next.Originals, next.Days = "", originals, slices.Clone(c.history.Days)
	for _, day := range c.days {
		if i := slices.IndexFunc(next.Days, func(d input.StoredDay) bool { return filepath.Dir(d.File) == filepath.Dir(day.File) }); i >= 0 {
			next.Leaving = append(next.Leaving, next.Days[i].File)
			next.Days[i] = day
			continue
		}
		next.Days = append(next.Days, day)
	}
	slices.SortFunc(next.Days, func(a, b input.StoredDay) int { return strings.Compare(a.File, b.File) })
	if c.stores != nil {
		if next.Stores != nil {
			next.Leaving = append(next.Leaving, next.Stores.File)
		}
		next.Stores = c.stores
	}
	if err := next.Validate(); err != nil {
		return fmt.Errorf("%w; nothing was changed; this is a bug in openhours", err)
	}
	lock, err := input.LockFolder(ctx, c.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	for _, f := range c.files {
		if err := c.stillThere(f); err != nil {
			return err
		}
	}
	if err := next.Save(c.dir); err != nil {
		return err
	}
	c.history, c.switched = &next, true
	for _, f := range c.files {
		c.result.Files = append(c.result.Files, f.LoadedFile)
		c.result.Rows += f.Rows
		c.result.Rejected += f.Rejected
		c.result.Bytes += f.Bytes
	}
	c.result.Days = len(c.days)
	return c.finish()
}

// errInputChanged is returned if a file changed between its reading and the switch. Nothing has changed then.
var errInputChanged = errors.New("it changed while it was compacted; nothing was changed: run compact again")

// stillThere sees to it that a file did not change since it was read.
func (c *compaction) stillThere(o input.OriginalFile) error {
	info, err := os.Stat(filepath.Join(c.dir, o.File))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !isOriginal(info, o) {
		return fmt.Errorf("%s: %w", o.File, errInputChanged)
	}
	return err
}

func isOriginal(info fs.FileInfo, o input.OriginalFile) bool {
	return info.Size() == o.Bytes && info.ModTime().Equal(o.Modified)
}

// place moves the files of this run from the staging folder to where they are named.
func (c *compaction) place() error {
	moves := map[string]string{}
	for _, d := range c.days {
		moves[filepath.Base(filepath.Dir(d.File))+".parquet"] = d.File
	}
	for _, f := range c.files {
		if f.Rejects != nil {
			moves[strings.TrimPrefix(filepath.Base(f.Rejects.File), input.StoredPrefix(c.id)+"-")] = f.Rejects.File
		}
	}
	if c.stores != nil {
		moves["stores.parquet"] = c.stores.File
	}
	var all []storage.Move
	for from, to := range moves {
		target := filepath.Join(c.dir, filepath.FromSlash(to))
		if err := storage.MakeFolder(filepath.Dir(target)); err != nil {
			return err
		}
		all = append(all, storage.Move{From: filepath.Join(c.staging, from), To: target})
	}
	return storage.Rename(all...)
}

// finish does what is left to do after a switch: files that no longer count go, originals to the
// archive. A crash on the way leaves the rest to the next run. The folder must be locked.
func (c *compaction) finish() error {
	if !unfinished(c.history) {
		return nil
	}
	// the run that wrote the manifest may have failed to make its name last
	if err := storage.SyncFolder(filepath.Join(c.dir, input.DaysFolder)); err != nil {
		return err
	}
	moved := false
	for i := range c.history.Originals {
		o := &c.history.Originals[i]
		if o.Archived {
			continue
		}
		moved = true
		if err := archive(c.dir, *o); err != nil {
			return fmt.Errorf("%s: %w; its rows count already, run compact again to move it", o.File, err)
		}
		o.Archived = true
		if !slices.ContainsFunc(c.files, func(f input.OriginalFile) bool { return f.Archive == o.Archive }) {
			c.result.Recovered = append(c.result.Recovered, o.File)
		}
	}
	if moved { // perhaps by an earlier run that failed before the new names were on the disk
		if err := errors.Join(storage.SyncFolder(filepath.Join(c.dir, input.ArchiveFolder)), storage.SyncFolder(c.dir)); err != nil {
			return err
		}
	}
	var leaving []string
	for _, name := range c.history.Leaving {
		leaving = append(leaving, filepath.Join(c.dir, filepath.FromSlash(name)))
	}
	// before the manifest no longer knows them: else one that came back would count again
	if err := storage.Remove(leaving...); err != nil {
		return err
	}
	c.history.Leaving = nil
	return c.history.Save(c.dir)
}

// unfinished reports whether a run has got to its switch, but not to its end.
func unfinished(h *input.History) bool {
	return len(h.Leaving) > 0 || slices.ContainsFunc(h.Originals, func(o input.OriginalFile) bool { return !o.Archived })
}

// archive moves an original away. A file that was put in its place meanwhile is another one
// and stays, or comes back.
func archive(dir string, o input.OriginalFile) error {
	from, to := filepath.Join(dir, o.File), filepath.Join(dir, filepath.FromSlash(o.Archive))
	originalAt := func(path string) (bool, error) {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil && isOriginal(info, o), err
	}
	if err := storage.MakeFolder(filepath.Dir(to)); err != nil {
		return err
	}
	_, err := os.Lstat(to)
	if errors.Is(err, fs.ErrNotExist) {
		is, err := originalAt(from)
		if err != nil || !is {
			return err
		}
		if err := storage.Rename(storage.Move{From: from, To: to}); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	if is, err := originalAt(to); err != nil || is {
		return err
	}
	// Between the look and the rename somebody without a lock put another file there: back with it, unless there is
	// one again.
	return storage.RenameNew(to, from)
}

// archiveBefore moves the file of a name to the archive before another one takes its place, if compact has yet to
// do that. The folder must be locked.
func archiveBefore(dir, name string) error {
	h, err := input.ReadHistory(dir)
	if err != nil {
		return input.NewError(err)
	}
	for _, o := range h.Originals {
		if o.File == name && !o.Archived {
			// first the manifest by which its rows count without it: see finish
			if err := errors.Join(storage.SyncFolder(filepath.Join(dir, input.DaysFolder)), archive(dir, o)); err != nil {
				return err
			}
		}
	}
	return nil
}

// recoverCompact brings what a killed run has begun to its end. A run that is at work is left alone, and so is a
// folder where nothing is to do: it may be one that nobody may write to.
func recoverCompact(ctx context.Context, dir string) (err error) {
	h, err := input.ReadHistory(dir)
	if err != nil {
		return nil // every reader reports it
	}
	left, err := leftovers(dir)
	if err != nil || !unfinished(h) && h.Pending == "" && len(left) == 0 {
		return err
	}
	unlock, err := LockHistory(dir)
	if errors.Is(err, ErrCompacting) {
		return nil
	} else if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return (&compaction{dir: dir}).recover(ctx)
}

// recover is recoverCompact under the lock of a run.
func (c *compaction) recover(ctx context.Context) (err error) {
	if c.history, err = input.ReadHistory(c.dir); err != nil {
		return err
	}
	if err := c.removeUnfinished(); err != nil || !unfinished(c.history) {
		return err
	}
	lock, err := input.LockFolder(ctx, c.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	return c.finish()
}

// removeUnfinished clears away what a run has left that did not get to its switch.
func (c *compaction) removeUnfinished() error {
	left, err := leftovers(c.dir)
	if err != nil {
		return err
	}
	if err := storage.Remove(left...); err != nil {
		return err
	}
	return c.removePending()
}

// leftovers lists what belongs to the run at work, or was left by one that was killed.
func leftovers(dir string) (paths []string, err error) {
	folder := filepath.Join(dir, input.DaysFolder)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range entries {
		if name := entry.Name(); strings.HasPrefix(name, stagingPrefix) || name == filepath.Base(input.ManifestFile)+".part" {
			paths = append(paths, filepath.Join(folder, name))
		}
	}
	return paths, nil
}

// removePending removes the files of a run that are in place and do not count, and then their mark.
func (c *compaction) removePending() error {
	if c.history.Pending == "" {
		return nil
	}
	folder := filepath.Join(c.dir, input.DaysFolder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var placed, days []string
	note := func(path string) {
		if strings.HasPrefix(filepath.Base(path), input.StoredPrefix(c.history.Pending)) {
			placed = append(placed, path)
		}
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if !entry.IsDir() {
			note(path)
			continue
		}
		days = append(days, path)
		inside, err := os.ReadDir(path)
		if err != nil {
			return err
		}
		for _, file := range inside {
			note(filepath.Join(path, file.Name()))
		}
	}
	// before the manifest no longer knows them: else one that came back would count
	if err := storage.Remove(placed...); err != nil {
		return err
	}
	for _, day := range days {
		if err := storage.RemoveIfEmpty(day); err != nil {
			return err
		}
	}
	c.history.Pending = ""
	return c.history.Save(c.dir)
}

// abandon undoes a run that failed before its switch. The manifest on disk decides
// whether it did.
func (c *compaction) abandon() error {
	h, fault := input.ReadHistory(c.dir)
	if fault == nil && h.Pending == c.id {
		c.history = h
		fault = c.removePending()
	}
	return errors.Join(fault, storage.Remove(c.staging))
}
