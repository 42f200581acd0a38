package analytics

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// ErrNoReport says that no finished report has the id asked for.
var ErrNoReport = errors.New("no such finished report")

// ListReports reads the manifest of every finished report, newest first. A folder without
// report.json is not finished and is left out. One that cannot be read does not hide the others: the
// error says which.
func ListReports(reports string) ([]Manifest, error) {
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

// FindReport reads the manifest of one finished report. An id of any other form than ours, a path
// for one, is simply not known.
func FindReport(reports, id string) (Manifest, error) {
	if !isReportID(id) {
		return Manifest{}, fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	}
	m, err := ReadManifest(filepath.Join(reports, id))
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	}
	return m, err
}

// RemoveReport removes a finished report, also one whose report.json cannot be read.
func RemoveReport(reports, id string) error {
	if !isReportID(id) {
		return fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	}
	if _, err := os.Stat(filepath.Join(reports, id, "report.json")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("report %q in %s: %w", id, reports, ErrNoReport)
	} else if err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	return removeReport(reports, id)
}

// removeReport removes what makes a folder a report first, so that what a crash leaves is not taken
// for one.
func removeReport(reports, id string) error {
	folder := filepath.Join(reports, id)
	for _, name := range []string{recordFile, "report.json"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove report %s: %w", id, err)
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("remove report %s: %w", id, err)
	}
	return nil
}

func isReportID(id string) bool {
	parsed, err := uuid.Parse(id)
	return err == nil && parsed.String() == id
}

const recordFile = "job.json"
