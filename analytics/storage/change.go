package storage

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
)

// Op is a kind of change to a disk.
type Op string

// The changes. A folder is synced like a file: that makes the names in it durable.
const (
	OpCreate Op = "create"
	OpWrite  Op = "write"
	OpSync   Op = "sync"
	OpMkdir  Op = "mkdir"
	OpRename Op = "rename"
	OpLink   Op = "link"
	OpRemove Op = "remove" // of a file, or of a folder with all that is in it
)

// Change is a change to the disk that is about to be made.
type Change struct {
	Op       Op
	Path, To string // To: of a rename or a link
}

var watcher atomic.Pointer[func(Change) error]

// Watch lets a test see every change before it is made; one for which it returns an error is not made, and
// fails with that error. nil ends this.
func Watch(before func(Change) error) {
	if before == nil {
		watcher.Store(nil)
		return
	}
	watcher.Store(&before)
}

// announce comes before every change that this package makes. Its errors name the file as those of package os do.
func announce(op Op, path, to string) error {
	before := watcher.Load()
	if before == nil {
		return nil
	}
	err := (*before)(Change{op, path, to})
	switch {
	case err == nil:
		return nil
	case to != "":
		return &os.LinkError{Op: string(op), Old: path, New: to, Err: err}
	default:
		return &fs.PathError{Op: string(op), Path: path, Err: err}
	}
}

func create(path string, flags int) (*os.File, error) {
	if err := announce(OpCreate, path, ""); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR|flags, 0o666)
}

// watchedFile announces what is written to a file.
type watchedFile struct{ *os.File }

func (f watchedFile) Write(p []byte) (int, error) {
	if err := announce(OpWrite, f.Name(), ""); err != nil {
		return 0, err
	}
	return f.File.Write(p)
}

func syncOpen(file *os.File, path string) error {
	if err := announce(OpSync, path, ""); err != nil {
		return err
	}
	return file.Sync()
}

func makeFolder(path string, mode fs.FileMode) error {
	if err := announce(OpMkdir, path, ""); err != nil {
		return err
	}
	return os.Mkdir(path, mode)
}

func rename(from, to string) error {
	if err := announce(OpRename, from, to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func link(from, to string) error {
	if err := announce(OpLink, from, to); err != nil {
		return err
	}
	return os.Link(from, to)
}

func remove(path string) error {
	if err := announce(OpRemove, path, ""); err != nil {
		return err
	}
	return os.RemoveAll(path)
}

// removeEmpty removes a folder that has nothing in it; one that has stays.
func removeEmpty(path string) error {
	if err := announce(OpRemove, path, ""); err != nil {
		return err
	}
	err := syscall.Rmdir(path)
	if err == syscall.ENOTEMPTY || err == syscall.EEXIST || err == syscall.ENOENT {
		return nil
	}
	if err != nil {
		return &fs.PathError{Op: "rmdir", Path: path, Err: err}
	}
	return nil
}

// parents are the folders of paths, each once.
func parents(paths ...string) (folders []string) {
	seen := map[string]bool{}
	for _, path := range paths {
		if folder := filepath.Dir(path); !seen[folder] {
			seen[folder] = true
			folders = append(folders, folder)
		}
	}
	return folders
}
