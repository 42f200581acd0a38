package analytics

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// DataError says that the data folder holds nothing a report can be made of.
type DataError struct{ cause error }

// NewDataError marks an error as one of the data folder.
func NewDataError(cause error) error { return &DataError{cause} }

func (e *DataError) Error() string { return e.cause.Error() }

func (e *DataError) Unwrap() error { return e.cause }

// inputsFingerprint changes whenever a file of the data folder does, judged by name, size and time:
// a request must not wait for gigabytes to be hashed. What compact has written counts as its manifest
// says, and by the files as they lie.
func inputsFingerprint(ctx context.Context, data string) (string, error) {
	view, err := lookAt(ctx, data)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	sum.Write(view.history.text)
	add := func(name, path string) error {
		info, err := statInput(ctx, path)
		if err != nil {
			return fmt.Errorf("data folder: %w", err)
		}
		_, err = fmt.Fprintf(sum, "%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		return err
	}
	for _, file := range view.files {
		if err := add(file.name, file.path); err != nil {
			return "", err
		}
	}
	for _, file := range view.unread {
		if file.path == "" { // it is not looked into
			fmt.Fprintf(sum, "%q\n", file.File)
			continue
		}
		if err := add(file.File, file.path); err != nil {
			return "", err
		}
	}
	for _, day := range view.history.Days {
		// one that is missing is for the report to say
		if err := add(day.File, filepath.Join(data, day.File)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
