package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

var (
	errLocked   = errors.New("locked")
	errReplaced = errors.New("replaced")
)

// lockOpen locks an open file or folder until it is closed. The lock is of worth only if others who open the path
// meet it: errReplaced is returned if the file is no longer the one that lies there.
func lockOpen(file *os.File, path string) error {
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	} else if err != nil {
		return err
	}
	if !liesAt(file, path) {
		return errReplaced
	}
	return nil
}

func liesAt(file *os.File, path string) bool {
	locked, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(locked, there)
}

// FolderLock is a lock on a folder. It ends at the latest with the process.
type FolderLock struct {
	folder string
	taken  error

	mu     sync.Mutex
	locked [2]*os.File // the file .lock, and the folder itself where its disk allows that
}

// Lock locks a folder. If that is locked already, by this process or another, the error is taken.
func Lock(folder string, taken error) (*FolderLock, error) {
	l := &FolderLock{folder: folder, taken: taken}
	if err := l.lock(); err != nil {
		return nil, err
	}
	return l, nil
}

// LockWithin is Lock that waits for a while.
func LockWithin(ctx context.Context, folder string, limit time.Duration, taken error) (*FolderLock, error) {
	for end := time.Now().Add(limit); ; {
		l, err := Lock(folder, taken)
		if !errors.Is(err, taken) || time.Now().After(end) {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (l *FolderLock) path() string { return filepath.Join(l.folder, ".lock") }

func (l *FolderLock) lock() error {
	for {
		file, err := create(l.path(), 0)
		if err != nil {
			return err
		}
		switch err := lockOpen(file, l.path()); {
		case errors.Is(err, errReplaced):
			if err := file.Close(); err != nil {
				return err
			}
			continue
		case errors.Is(err, errLocked):
			return errors.Join(l.taken, file.Close())
		case err != nil:
			return errors.Join(err, file.Close())
		}
		l.locked[0] = file
		break
	}
	// who removes .lock does not let another one in
	folder, err := os.Open(l.folder)
	if err != nil {
		return errors.Join(err, l.release())
	}
	switch err := lockOpen(folder, l.folder); {
	case errors.Is(err, errLocked), errors.Is(err, errReplaced):
		return errors.Join(l.taken, folder.Close(), l.release())
	case err != nil: // some disks know no locks of folders
		return folder.Close()
	}
	l.locked[1] = folder
	return nil
}

// Held returns an error if the folder was removed since and another process has locked the one that was made in
// its place. If none has, this one locks that.
func (l *FolderLock) Held() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, path := range []string{l.path(), l.folder} {
		if l.locked[i] != nil && liesAt(l.locked[i], path) {
			return nil
		}
	}
	return errors.Join(l.release(), l.lock())
}

// Release ends the lock.
func (l *FolderLock) Release() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.release()
}

func (l *FolderLock) release() error {
	var faults []error
	for i, file := range l.locked {
		if file != nil {
			faults = append(faults, file.Close())
			l.locked[i] = nil
		}
	}
	return errors.Join(faults...)
}
