package input

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"openhours/analytics/storage"
)

// Error is returned if no report can be made from the data folder.
type Error struct{ cause error }

// NewError marks an error as one of the data folder.
func NewError(cause error) error { return &Error{cause} }

func (e *Error) Error() string { return e.cause.Error() }

func (e *Error) Unwrap() error { return e.cause }

// Fingerprint returns a text that changes whenever a file of the data folder does. It goes by name, size
// and modification time, because a request must not wait until gigabytes are hashed. It covers the manifest
// and the files that compact has written.
func Fingerprint(ctx context.Context, data string) (string, error) {
	view, err := ReadFolder(ctx, data)
	if err != nil {
		return "", err
	}
	return view.Fingerprint(ctx, data, nil)
}

// Fingerprint is the function Fingerprint for a listing. opened holds what is known of files that were opened
// since, by name: the fingerprint is that of the files read then, whatever lies there now.
func (f Folder) Fingerprint(ctx context.Context, data string, opened map[string]fs.FileInfo) (string, error) {
	sum := sha256.New()
	sum.Write(f.History.text)
	add := func(name, path string) error {
		info := opened[name]
		if info == nil {
			var err error
			if info, err = storage.Stat(ctx, path); err != nil {
				return fmt.Errorf("data folder: %w", err)
			}
		}
		_, err := fmt.Fprintf(sum, "%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		return err
	}
	for _, file := range f.Files {
		if err := add(file.Name, file.Path); err != nil {
			return "", err
		}
	}
	for _, file := range f.Unread {
		if file.Path == "" { // its size and time are unknown
			fmt.Fprintf(sum, "%q\n", file.File)
			continue
		}
		if err := add(file.File, file.Path); err != nil {
			return "", err
		}
	}
	for _, day := range f.History.Days {
		// the report itself fails if a day is missing
		if err := add(day.File, filepath.Join(data, day.File)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
