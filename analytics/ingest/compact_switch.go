package ingest

import (
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
// instead of the files that were read.
func (c *compaction) switchOver() error {
	for i := range c.files {
		archive, err := c.archiveName(c.files[i].File)
		if err != nil {
			return err
		}
		c.files[i].Archive = archive
		if err := c.stillThere(c.files[i]); err != nil {
			return err
		}
		c.history.Originals = append(c.history.Originals, c.files[i]) // so that no other takes the name
	}
	originals := c.history.Originals
	c.history.Originals = originals[:len(originals)-len(c.files)]
	c.history.Pending = c.id
	if err := c.history.Save(c.loader.Dir); err != nil {
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
	if err := next.Save(c.loader.Dir); err != nil {
		return err
	}
	c.history = &next
	for _, f := range c.files {
		c.result.Files = append(c.result.Files, f.LoadedFile)
		c.result.Rows += f.Rows
		c.result.Rejected += f.Rejected
		c.result.Bytes += f.Bytes
	}
	c.result.Days = len(c.days)
	return nil
}

// stillThere sees to it that a file did not change since it was read.
func (c *compaction) stillThere(o input.OriginalFile) error {
	info, err := os.Stat(filepath.Join(c.loader.Dir, o.File))
	if err == nil && (info.Size() != o.Bytes || !info.ModTime().Equal(o.Modified)) {
		err = fmt.Errorf("%s changed while it was compacted; nothing was changed: run compact again", o.File)
	}
	return err
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
	folders := map[string]bool{filepath.Join(c.loader.Dir, input.DaysFolder): true}
	for from, to := range moves {
		target := filepath.Join(c.loader.Dir, filepath.FromSlash(to))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(c.staging, from), target); err != nil {
			return err
		}
		folders[filepath.Dir(target)] = true
	}
	for folder := range folders {
		if err := storage.SyncFolder(folder); err != nil {
			return err
		}
	}
	return nil
}

// finish does what is left to do after a switch: files that no longer count go, originals to the
// archive. A crash on the way leaves the rest to the next run.
func (c *compaction) finish() error {
	changed := len(c.history.Leaving) > 0
	for _, name := range c.history.Leaving {
		if err := storage.RemoveIfExists(filepath.Join(c.loader.Dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	c.history.Leaving = nil
	for i := range c.history.Originals {
		o := &c.history.Originals[i]
		if o.Archived {
			continue
		}
		if err := c.archive(*o); err != nil {
			return fmt.Errorf("%s: %w; its rows count already, run compact again to move it", o.File, err)
		}
		o.Archived, changed = true, true
		if !slices.ContainsFunc(c.files, func(f input.OriginalFile) bool { return f.Archive == o.Archive }) {
			c.result.Recovered = append(c.result.Recovered, o.File)
		}
	}
	if !changed {
		return nil
	}
	if err := errors.Join(storage.SyncFolder(filepath.Join(c.loader.Dir, input.ArchiveFolder)), storage.SyncFolder(c.loader.Dir)); err != nil {
		return err
	}
	return c.history.Save(c.loader.Dir)
}

// archive moves an original away. A file that was put in its place meanwhile is another one
// and stays, or comes back.
func (c *compaction) archive(o input.OriginalFile) error {
	from, to := filepath.Join(c.loader.Dir, o.File), filepath.Join(c.loader.Dir, filepath.FromSlash(o.Archive))
	isOriginal := func(path string) (bool, error) {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil && info.Size() == o.Bytes && info.ModTime().Equal(o.Modified), err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	_, err := os.Lstat(to)
	if errors.Is(err, fs.ErrNotExist) {
		is, err := isOriginal(from)
		if err != nil || !is {
			return err
		}
		if err := os.Rename(from, to); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	if is, err := isOriginal(to); err != nil || is {
		return err
	}
	// Between the look and the rename another file came: back with it, unless there is one again.
	if err := os.Link(to, from); err != nil {
		return err
	}
	return os.Remove(to)
}

// removeUnfinished clears away what a run has left that did not get to its switch.
func (c *compaction) removeUnfinished() error {
	folder := filepath.Join(c.loader.Dir, input.DaysFolder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), stagingPrefix) {
			if err := os.RemoveAll(filepath.Join(folder, entry.Name())); err != nil {
				return err
			}
		}
	}
	if err := storage.RemoveIfExists(filepath.Join(c.loader.Dir, input.ManifestFile) + ".part"); err != nil {
		return err
	}
	return c.removePending()
}

// removePending removes the files of a run that are in place and do not count, and then their mark.
func (c *compaction) removePending() error {
	if c.history.Pending == "" {
		return nil
	}
	folder := filepath.Join(c.loader.Dir, input.DaysFolder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	remove := func(path string) error {
		if !strings.HasPrefix(filepath.Base(path), input.StoredPrefix(c.history.Pending)) {
			return nil
		}
		return os.Remove(path)
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if !entry.IsDir() {
			if err := remove(path); err != nil {
				return err
			}
			continue
		}
		inside, err := os.ReadDir(path)
		if err != nil {
			return err
		}
		for _, file := range inside {
			if err := remove(filepath.Join(path, file.Name())); err != nil {
				return err
			}
		}
		_ = os.Remove(path) // a day that has nothing else
	}
	c.history.Pending = ""
	return c.history.Save(c.loader.Dir)
}

// abandon undoes a run that failed before its switch. The manifest on disk decides
// whether it did.
func (c *compaction) abandon() error {
	h, fault := input.ReadHistory(c.loader.Dir)
	if fault == nil && h.Pending == c.id {
		c.history = h
		fault = c.removePending()
	}
	return errors.Join(fault, os.RemoveAll(c.staging))
}
