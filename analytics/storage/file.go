// Package storage reads and writes files on this machine and in object stores: durable writes, folders,
// locks and hashes. It alone creates, renames and removes files. It is independent of what the files mean.
package storage

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// WriteFile writes a file and syncs its content; its name becomes durable with the next change of this package
// to its folder. After an error the caller removes what was written.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	file, err := create(path, os.O_TRUNC)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := writeTo(file, write); err != nil {
		return err
	}
	return syncOpen(file, path)
}

func writeTo(file *os.File, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(watchedFile{file}, 1<<18)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

// ReplaceFile writes a file under another name, syncs it and puts it in place in one step, so that nobody
// ever sees a part of it.
func ReplaceFile(path string, write func(io.Writer) error) error {
	draft, err := CreateDraft(path + ".part")
	if err != nil {
		return err
	}
	err = draft.Write(write)
	if err == nil {
		err = draft.Publish(path)
	}
	return errors.Join(err, draft.Discard())
}

// Move is the new name of a file.
type Move struct{ From, To string }

// Rename gives files, whose content must be on disk already, their new names. When it returns, a power cut can
// no longer undo that.
func Rename(moves ...Move) error {
	var changed []string
	for _, m := range moves {
		if err := rename(m.From, m.To); err != nil {
			return err
		}
		changed = append(changed, m.To, m.From)
	}
	return syncFolders(parents(changed...))
}

// RenameNew is Rename for one file, which never replaces another: the error is then fs.ErrExist.
func RenameNew(from, to string) error {
	if err := link(from, to); err != nil {
		return err
	}
	if err := SyncFolder(filepath.Dir(to)); err != nil {
		return err
	}
	return Remove(from)
}

// SyncFile makes the content of a file durable that another library wrote.
func SyncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(syncOpen(file, path), file.Close())
}

// MakeFolder makes a folder, and those above it that are missing. A power cut cannot take their names away.
func MakeFolder(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	above := filepath.Dir(path)
	if above != path {
		if err := MakeFolder(above); err != nil {
			return err
		}
	}
	if err := makeFolder(path, 0o755); err != nil {
		if info, statErr := os.Stat(path); !errors.Is(err, fs.ErrExist) || statErr != nil || !info.IsDir() {
			return err
		}
	}
	if err := SyncFolder(above); err != nil {
		return errors.Join(err, removeEmpty(path)) // who tries again must not take it for durable
	}
	return nil
}

// Remove removes files, or folders with all that is in them, for good: a power cut does not bring them back.
// One that is gone already is no error.
func Remove(paths ...string) error {
	for _, path := range paths {
		if err := remove(path); err != nil {
			return err
		}
	}
	return syncFolders(parents(paths...))
}

// RemoveIfEmpty removes a folder that has nothing in it.
func RemoveIfEmpty(folder string) error { return removeEmpty(folder) }

// SyncFolder makes renames and removals in a folder durable.
func SyncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(syncOpen(folder, path), folder.Close())
}

// syncFolders leaves out folders that are gone, and the names in them with them.
func syncFolders(paths []string) error {
	for _, path := range paths {
		if err := SyncFolder(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// ScratchFile makes a file without a name, which ends with the process at the latest.
func ScratchFile() (*os.File, error) {
	file, err := os.CreateTemp("", "openhours-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// leastRoom is what a report and its record need at the least.
const leastRoom = 1 << 20

// CheckWritable returns an error if no file can be created in a folder, without trying: its rights, its disk's
// and the room there decide.
func CheckWritable(dir string) error {
	const write, enter = 2, 1
	if err := syscall.Access(dir, write|enter); err != nil {
		return &fs.PathError{Op: "write to", Path: dir, Err: err}
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return &fs.PathError{Op: "statfs", Path: dir, Err: err}
	}
	if int64(disk.Bavail)*int64(disk.Bsize) < leastRoom || disk.Files > 0 && disk.Ffree == 0 {
		return fmt.Errorf("write to %s: %w", dir, syscall.ENOSPC)
	}
	return nil
}

func HasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

func HasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
