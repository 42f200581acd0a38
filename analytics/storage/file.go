// Package storage reads and writes files on this machine and in object stores: durable writes, folders,
// locks and hashes. It is independent of what the files mean.
package storage

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// WriteFile writes a file and syncs it to disk. After an error the caller removes what was written.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	buffered := bufio.NewWriterSize(file, 1<<18)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return file.Sync()
}

// ReplaceFile writes a file under another name, syncs it and puts it in place in one step, so that nobody
// ever sees a part of it.
func ReplaceFile(path string, write func(io.Writer) error) error {
	part := path + ".part"
	if err := WriteFile(part, write); err != nil {
		return errors.Join(err, RemoveIfExists(part))
	}
	if err := rename(part, path); err != nil {
		return errors.Join(err, RemoveIfExists(part))
	}
	return nil
}

// rename makes a new name durable; the content must be on disk already.
func rename(part, path string) error {
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

// Publish puts a finished file in place in one step. When it returns, a power cut can no longer undo that: the
// content of the file and its name are on disk.
func Publish(part, path string) error {
	if err := SyncFile(part); err != nil {
		return err
	}
	return rename(part, path)
}

// SyncFile makes the content of a file durable that another library wrote.
func SyncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// MakeFolder makes a folder whose name a power cut cannot take away.
func MakeFolder(path string) error {
	if err := os.Mkdir(path, 0o755); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

// Remove removes a file for good: a power cut does not bring it back.
func Remove(path string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

// SyncFolder makes renames and removals in a folder durable.
func SyncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func RemoveIfExists(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Lock locks a folder. The lock ends at the latest with the process. If the folder is locked already, by
// this process or another, the error is taken.
func Lock(folder string, taken error) (release func() error, err error) {
	file, err := os.OpenFile(filepath.Join(folder, ".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = taken
		}
		return nil, errors.Join(err, file.Close())
	}
	return file.Close, nil
}

// CheckWritable returns an error if no file can be created in a folder.
func CheckWritable(dir string) error {
	probe, err := os.CreateTemp(dir, ".openhours-probe-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func HasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

func HasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// CheckMayWrite returns an error if the system's permissions let no file be created in a folder. It writes nothing,
// so it does not notice a full disk.
func CheckMayWrite(dir string) error {
	if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
		return &fs.PathError{Op: "access", Path: dir, Err: err}
	}
	return nil
}
