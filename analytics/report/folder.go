package report

import (
	"errors"
	"fmt"
	"io/fs"
	"openhours/analytics/storage"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// ErrNoReport is returned when no finished report has the requested id.
var ErrNoReport = errors.New("no such finished report")

// List reads the manifest of every finished report, newest first. A folder without
// report.json is not finished and is left out. One that cannot be read does not hide the others: the
// error names it.
func List(reports string) ([]Manifest, error) {
	entries, err := os.ReadDir(reports)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("report folder %s does not exist", reports)
	} else if err != nil {
		return nil, fmt.Errorf("report folder: %w", err)
	}
	all := []Manifest{}
	var faults []error
	for _, entry := range entries {
		if uuid.Validate(entry.Name()) != nil {
			continue
		}
		m, err := ReadManifest(filepath.Join(reports, entry.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			faults = append(faults, err)
			continue
		}
		all = append(all, m)
	}
	// ids of version 7 sort by their time
	slices.SortFunc(all, func(a, b Manifest) int { return strings.Compare(b.ReportID, a.ReportID) })
	return all, errors.Join(faults...)
}

// Find reads the manifest of one finished report. An id of any other form than ours, a path
// for one, is simply not known.
func Find(reports, id string) (Manifest, error) {
	if !IsID(id) {
		return Manifest{}, fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	}
	m, err := ReadManifest(filepath.Join(reports, id))
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	}
	return m, err
}

// Remove removes a finished report, also one whose report.json cannot be read.
func Remove(reports, id string) error {
	if !IsID(id) {
		return fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	}
	if _, err := os.Stat(filepath.Join(reports, id, "report.json")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	} else if err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	return RemoveFolder(reports, id)
}

// RemoveFolder removes what makes a folder a report first, so that what a crash leaves is not taken
// for one.
func RemoveFolder(reports, id string) error {
	folder := filepath.Join(reports, id)
	for _, name := range []string{RecordFile, "report.json"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove report %s: %w", id, err)
		}
	}
	if err := errors.Join(os.RemoveAll(folder), storage.SyncFolder(reports)); err != nil {
		return fmt.Errorf("remove report %s: %w", id, err)
	}
	return nil
}

func IsID(id string) bool {
	parsed, err := uuid.Parse(id)
	return err == nil && parsed.String() == id
}

// RecordFile is what the server keeps of a report beside its files, and ManifestFile what makes a folder a report.
const (
	RecordFile   = "job.json"
	ManifestFile = "report.json"
)
