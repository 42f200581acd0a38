package storage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"
)

// Draft is a file or folder in the making. It is locked as long as it is one, so that others can tell it from
// what a process has left that was killed.
type Draft struct {
	path string
	file *os.File // nil: it was published or discarded
}

// CreateDraft makes an empty file, or takes over the one that a killed process has left.
func CreateDraft(path string) (*Draft, error) {
	return newDraft(path, func() (*os.File, error) { return create(path, 0) }, func(file *os.File) error { return file.Truncate(0) })
}

// MakeDraft makes an empty folder.
func MakeDraft(path string) (*Draft, error) {
	return newDraft(path, func() (*os.File, error) {
		if err := makeFolder(path, 0o755); err != nil {
			return nil, err
		}
		return os.Open(path)
	}, func(*os.File) error { return nil })
}

// newDraft makes it again where RemoveDrafts came between the making and the lock.
func newDraft(path string, open func() (*os.File, error), clear func(*os.File) error) (*Draft, error) {
	for {
		file, err := open()
		if err != nil {
			return nil, err
		}
		switch err := lockOpen(file, path); {
		case errors.Is(err, errLocked):
			return nil, errors.Join(fmt.Errorf("%s: another process is writing it", path), file.Close())
		case errors.Is(err, errReplaced):
			if err := file.Close(); err != nil {
				return nil, err
			}
			continue
		} // where a disk knows no locks, RemoveDrafts removes nothing either
		if err := clear(file); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return &Draft{path, file}, nil
	}
}

// Path is where the draft lies.
func (d *Draft) Path() string { return d.path }

// Write writes the content of a file; Publish syncs it.
func (d *Draft) Write(write func(io.Writer) error) error { return writeTo(d.file, write) }

// Publish gives the draft its name. When it returns, a power cut can no longer undo that: the content, of a
// folder the names in it, and the name are on disk.
func (d *Draft) Publish(path string) error {
	if err := syncOpen(d.file, d.path); err != nil {
		return err
	}
	if err := Rename(Move{d.path, path}); err != nil {
		return err
	}
	return d.close()
}

// PublishNew is Publish for a file, within its folder, which never replaces another: the error is then
// fs.ErrExist. After any error there is no file of that name that was not there before.
func (d *Draft) PublishNew(path string) error {
	if err := syncOpen(d.file, d.path); err != nil {
		return err
	}
	if err := link(d.path, path); err != nil {
		return err
	}
	if err := Remove(d.path); err != nil {
		return errors.Join(err, remove(path))
	}
	return d.close()
}

// Discard removes the draft unless it was published.
func (d *Draft) Discard() error {
	if d.file == nil {
		return nil
	}
	return errors.Join(remove(d.path), d.close())
}

func (d *Draft) close() error {
	file := d.file
	d.file = nil
	return file.Close()
}

// RemoveDrafts removes the drafts of a folder whose names match a pattern, except those of running processes.
func RemoveDrafts(folder, pattern string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	var faults []error
	for _, entry := range entries {
		matches, err := path.Match(pattern, entry.Name())
		if err == nil && matches {
			err = removeDraft(filepath.Join(folder, entry.Name()), entry.IsDir())
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func removeDraft(path string, isFolder bool) (err error) {
	mode := os.O_RDWR
	if isFolder {
		mode = os.O_RDONLY
	}
	file, err := os.OpenFile(path, mode|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if lockOpen(file, path) != nil {
		return nil
	}
	return remove(path)
}

// TempFolder makes a folder among the system's temporary files that only this user can read, and removes those
// with the same prefix that processes have left which were killed.
func TempFolder(prefix string) (folder string, discard func() error, err error) {
	_ = RemoveDrafts(os.TempDir(), prefix+"*") // those of other users are theirs, and the next run tries again
	for {
		path, err := os.MkdirTemp("", prefix+"*")
		if err != nil {
			return "", nil, err
		}
		file, err := os.Open(path)
		if err != nil {
			return "", nil, err
		}
		if errors.Is(lockOpen(file, path), errReplaced) {
			if err := file.Close(); err != nil {
				return "", nil, err
			}
			continue
		}
		draft := &Draft{path, file}
		return path, draft.Discard, nil
	}
}
