package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"

	"openhours/analytics/storage"
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
	if _, err := os.Stat(filepath.Join(reports, id, ManifestFile)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	} else if err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	return RemoveFolder(reports, id)
}

// The folders of reports that are being made or removed have other names, so that they are there as a whole or
// not at all.
const (
	makingPrefix   = ".making-"
	removingPrefix = ".removing-"
)

// MakeFolder makes the folder of a report: fill writes the files, and then the folder gets its name.
func MakeFolder(reports, id string, fill func(folder string) error) error {
	if err := storage.MakeFolder(reports); err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	draft, err := storage.MakeDraft(filepath.Join(reports, makingPrefix+id))
	if err != nil {
		return fmt.Errorf("make the report's folder: %w", err)
	}
	err = fill(draft.Path())
	if err == nil {
		err = draft.Publish(filepath.Join(reports, id))
	}
	return errors.Join(err, draft.Discard())
}

// RemoveFolder removes the folder of a report, or goes on with that. Where nobody does, CleanUp removes what is left.
func RemoveFolder(reports, id string) error {
	leaving := filepath.Join(reports, removingPrefix+id)
	err := storage.Rename(storage.Move{From: filepath.Join(reports, id), To: leaving})
	if errors.Is(err, fs.ErrNotExist) {
		err = storage.SyncFolder(reports)
	}
	if err != nil {
		return fmt.Errorf("remove report %s: %w", id, err)
	}
	if err := storage.Remove(leaving); err != nil {
		return fmt.Errorf("remove the files of report %s: %w", id, err)
	}
	return nil
}

// CleanUp removes what killed processes have left in the folder of the reports, and nothing of running ones.
func CleanUp(reports string) error {
	if err := errors.Join(storage.RemoveDrafts(reports, makingPrefix+"*"), storage.RemoveDrafts(reports, removingPrefix+"*")); err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	return nil
}

func IsID(id string) bool {
	parsed, err := uuid.Parse(id)
	return err == nil && parsed.String() == id
}

// RecordFile holds the server's record of a report. A folder with ManifestFile is a complete report.
const (
	RecordFile   = "job.json"
	ManifestFile = "report.json"
)
