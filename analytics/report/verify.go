package report

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/storage"
)

// VerifiedFile is one file whose hash a report has, and its state now.
type VerifiedFile struct {
	File   string `json:"file"`
	Kind   string `json:"kind"`  // output or input
	State  string `json:"state"` // same, changed or missing
	Bytes  int64  `json:"bytes"` // as it is now
	SHA256 string `json:"sha256,omitempty"`
	Want   string `json:"sha256_in_report"`
}

// Verification reports for every output and input of a report whether its bytes are unchanged.
type Verification struct {
	ReportID string         `json:"report_id"`
	Files    []VerifiedFile `json:"files"`
}

// Intact reports whether every file is unchanged.
func (v Verification) Intact() bool {
	for _, f := range v.Files {
		if f.State != "same" {
			return false
		}
	}
	return true
}

// archivedFiles maps the hashes of compacted files to where they lie now.
func archivedFiles(data string) (map[string]string, error) {
	h, err := input.ReadHistory(data)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	places := map[string]string{}
	for _, original := range h.Originals {
		if filepath.IsLocal(original.Archive) {
			places[original.SHA256] = original.Archive
		}
	}
	return places, nil
}

// Verify hashes the outputs of a finished report and its inputs, and compares them with report.json. An
// input that was compacted since is looked for in the archive.
func Verify(ctx context.Context, reports, id, data string) (Verification, error) {
	if data = storage.CleanFolder(data); storage.IsRemote(data) {
		return Verification{}, params.Errorf("data %s: the inputs are hashed on this machine, so their folder must be here", data)
	}
	m, err := Find(reports, id)
	if err != nil {
		return Verification{}, err
	}
	v := Verification{ReportID: m.ReportID, Files: []VerifiedFile{}}
	for _, f := range m.Outputs {
		found, err := verifyFile(ctx, f.SHA256, filepath.Join(reports, m.ReportID, f.File))
		if err != nil {
			return Verification{}, err
		}
		found.File, found.Kind = f.File, "output"
		v.Files = append(v.Files, found)
	}
	archived, err := archivedFiles(data)
	if err != nil {
		return Verification{}, err
	}
	for _, f := range m.Inputs {
		places := []string{f.File, "archive/" + f.File}
		if place := archived[f.SHA256]; place != "" {
			places = append([]string{place}, places...)
		}
		for i, place := range places {
			places[i] = filepath.Join(data, filepath.FromSlash(place))
		}
		found, err := verifyFile(ctx, f.SHA256, places...)
		if err != nil {
			return Verification{}, err
		}
		found.File, found.Kind = f.File, "input"
		v.Files = append(v.Files, found)
	}
	return v, nil
}

// Damage returns what is wrong with the files of a finished report by their sizes, which costs little enough to be
// asked each time; "": nothing. Verify reads the bytes.
func Damage(folder string, outputs []OutputFile) string {
	for _, f := range outputs {
		info, err := os.Stat(filepath.Join(folder, f.File))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "damaged: " + f.File + " is missing"
		case err != nil:
			return "damaged: " + f.File + " cannot be read"
		case info.Size() != f.Bytes:
			return fmt.Sprintf("damaged: %s has %d bytes in place of %d", f.File, info.Size(), f.Bytes)
		}
	}
	return ""
}

// verifyFile hashes the file at the first of the paths that has one.
func verifyFile(ctx context.Context, want string, paths ...string) (VerifiedFile, error) {
	for _, path := range paths {
		seen, err := storage.HashFile(ctx, path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return VerifiedFile{}, fmt.Errorf("verify: %w", err)
		}
		state := "same"
		if seen.SHA256 != want {
			state = "changed"
		}
		return VerifiedFile{State: state, Bytes: seen.Bytes, SHA256: seen.SHA256, Want: want}, nil
	}
	return VerifiedFile{State: "missing", Want: want}, nil
}
