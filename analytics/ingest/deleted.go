package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// asidePrefix begins the names of deleted files that can still be restored. Because of the dot nobody reads them.
const asidePrefix = ".deleted-"

func asidePath(dir, name string) string { return filepath.Join(dir, asidePrefix+name) }

// ErrNotDeleted is returned when there is no deleted file to restore.
var ErrNotDeleted = errors.New("no deleted file of this name: the next report, or an upload of the same name, ends what can be restored")

// ExistsError is returned when a file cannot be restored because there is another of its name.
type ExistsError struct{ File string }

func (e *ExistsError) Error() string {
	return e.File + " is there again: delete it first to restore the one before"
}

// Deleted lists the files that Restore would bring back.
func (d *Folder) Deleted(ctx context.Context) ([]DataFile, error) {
	list := []DataFile{}
	if storage.IsRemote(d.Dir) {
		return list, nil
	}
	entries, err := storage.ReadDir(ctx, storage.CleanFolder(d.Dir))
	if err != nil {
		return nil, input.NewError(fmt.Errorf("data folder: %w", err))
	}
	for _, entry := range entries {
		name, isAside := strings.CutPrefix(entry.Name(), asidePrefix)
		if !isAside {
			continue
		}
		for _, set := range input.Sets() {
			if !set.Matches(name) {
				continue
			}
			info, err := os.Stat(asidePath(d.Dir, name))
			if errors.Is(err, fs.ErrNotExist) {
				continue // forgotten meanwhile, or a link to what is gone
			} else if err != nil {
				return nil, fmt.Errorf("data folder: %w", err)
			}
			list = append(list, DataFile{name, set.Name, info.Size(), info.ModTime().UTC()})
		}
	}
	return list, nil
}

// Restore brings back a file that Delete has set aside.
func (d *Folder) Restore(set, name string) (err error) {
	lock, err := d.lockFile(set, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if _, err := os.Lstat(asidePath(d.Dir, name)); errors.Is(err, fs.ErrNotExist) {
		// an earlier request may have restored it, and failed to make that last
		if err := storage.SyncFolder(d.Dir); err != nil {
			return fmt.Errorf("restore %s: %w", name, err)
		}
		return ErrNotDeleted
	} else if err != nil {
		return fmt.Errorf("restore %s: %w", name, err)
	}
	path := filepath.Join(d.Dir, name)
	if _, err := os.Lstat(path); err == nil {
		return &ExistsError{name}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("restore %s: %w", name, err)
	}
	if err := storage.Rename(storage.Move{From: asidePath(d.Dir, name), To: path}); err != nil {
		return fmt.Errorf("restore %s: %w", name, err)
	}
	return nil
}

// Forget removes for good what was deleted.
func (d *Folder) Forget(ctx context.Context) error {
	deleted, err := d.Deleted(ctx)
	if err != nil {
		return err
	}
	return d.ForgetThese(ctx, deleted)
}

// ForgetThese removes some of the deleted files for good, unless another file was deleted by the same name since.
func (d *Folder) ForgetThese(ctx context.Context, deleted []DataFile) (err error) {
	if len(deleted) == 0 {
		return nil
	}
	lock, err := input.LockFolder(ctx, d.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	for _, file := range deleted {
		info, err := os.Stat(asidePath(d.Dir, file.File))
		if err == nil && (info.Size() != file.Bytes || !info.ModTime().Equal(file.ModifiedAt)) {
			continue
		}
		if err := forget(d.Dir, file.File); err != nil {
			return fmt.Errorf("remove %s for good: %w", file.File, err)
		}
	}
	return nil
}

// forget does nothing, and syncs nothing, where there is no such file.
func forget(dir, name string) error {
	path := asidePath(dir, name)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	return storage.Remove(path)
}
