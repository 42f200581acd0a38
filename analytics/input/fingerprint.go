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

// Error is returned when no report can be made of the data folder.
type Error struct{ cause error }

// NewError marks an error as one of the data folder.
func NewError(cause error) error { return &Error{cause} }

func (e *Error) Error() string { return e.cause.Error() }

func (e *Error) Unwrap() error { return e.cause }

// Fingerprint changes whenever a file of the data folder does, judged by name, size and time:
// a request must not wait for gigabytes to be hashed. What compact has written counts as its manifest
// lists it, and by the files as they are.
func Fingerprint(ctx context.Context, data string) (string, error) {
	view, err := ReadFolder(ctx, data)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	sum.Write(view.History.text)
	add := func(name, path string) error {
		info, err := storage.Stat(ctx, path)
		if err != nil {
			return fmt.Errorf("data folder: %w", err)
		}
		_, err = fmt.Fprintf(sum, "%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		return err
	}
	for _, file := range view.Files {
		if err := add(file.Name, file.Path); err != nil {
			return "", err
		}
	}
	for _, file := range view.Unread {
		if file.Path == "" { // it is not looked into
			fmt.Fprintf(sum, "%q\n", file.File)
			continue
		}
		if err := add(file.File, file.Path); err != nil {
			return "", err
		}
	}
	for _, day := range view.History.Days {
		// one that is missing is for the report to say
		if err := add(day.File, filepath.Join(data, day.File)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
