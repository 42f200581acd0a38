package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"openhours/analytics/params"
	"openhours/analytics/report"
	"openhours/analytics/storage"
)

// State is where a report stands in its life.
type State string

// The states. The last three are final.
const (
	Queued    State = "queued"
	Running   State = "running"
	Complete  State = "complete"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Final reports whether no other state follows.
func (s State) Final() bool { return s == Complete || s == Failed || s == Cancelled }

// follows lists what may come after each state. A running report goes back to the queue when the
// server stops or was killed.
var follows = map[State][]State{
	"":      {Queued},
	Queued:  {Running, Cancelled, Failed},
	Running: {Complete, Failed, Cancelled, Queued},
}

// Record is job.json: what the server knows of a report that it accepted. It lies in the report's
// folder from before the answer to the request until the folder is removed.
type Record struct {
	ReportID       string            `json:"report_id"`
	State          State             `json:"state"`
	CreatedAt      time.Time         `json:"created_at"`
	StartedAt      *time.Time        `json:"started_at,omitempty"`
	FinishedAt     *time.Time        `json:"finished_at,omitempty"`
	Tries          int               `json:"tries"`
	Error          string            `json:"error,omitempty"`
	Parameters     params.Parameters `json:"parameters"`
	Inputs         string            `json:"inputs_fingerprint"` // of the files that were read; before that, of those there when the request came
	Fresh          bool              `json:"fresh,omitempty"`
	IdempotencyKey string            `json:"idempotency_key,omitempty"`
	RequestedBy    string            `json:"requested_by,omitempty" values:"page,api,command"` // none: by an earlier release
}

// move is the only way from one state to another.
func (r *Record) move(to State, now time.Time) error {
	if !slices.Contains(follows[r.State], to) {
		return fmt.Errorf("report %s cannot go from %s to %s", r.ReportID, r.State, to)
	}
	now = now.UTC()
	switch {
	case to == Running:
		r.StartedAt = &now
		r.Tries++
	case to == Queued:
		r.StartedAt = nil
	case to.Final():
		r.FinishedAt = &now
	}
	r.State = to
	return nil
}

// save replaces job.json in the report's folder in one step.
func (r *Record) save(folder string) error {
	path := filepath.Join(folder, report.RecordFile)
	if err := storage.ReplaceFile(path, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}); err != nil {
		return fmt.Errorf("report %s: %w", r.ReportID, err)
	}
	return nil
}

// readEntry reads what the folder of a report says of it; a finished one that was made without a server, by the
// command, gets its record from its manifest.
func readEntry(reports, id string) (*entry, error) {
	folder := filepath.Join(reports, id)
	m, manifestErr := report.ReadManifest(folder)
	r, err := readRecord(folder, id, m, manifestErr)
	if err != nil {
		return nil, err
	}
	e := &entry{record: r}
	if r.State == Complete {
		e.finished(folder, m, manifestErr)
	}
	return e, nil
}

// finished takes in which files a complete report has.
func (e *entry) finished(folder string, m report.Manifest, err error) {
	info, statErr := os.Stat(filepath.Join(folder, report.ManifestFile))
	if errors.Join(err, statErr) != nil {
		e.broken = "damaged: " + report.ManifestFile + " cannot be read"
		return
	}
	e.summary = summaryOf(m)
	e.outputs = append(slices.Clone(m.Outputs), report.OutputFile{File: report.ManifestFile, Bytes: info.Size()})
}

// Summary is what a list says of a complete report.
type Summary struct {
	AsOf    string        `json:"as_of,omitempty"`
	Stores  int64         `json:"stores,omitempty"`
	Longest *FleetSummary `json:"longest_window,omitempty"`
}

// FleetSummary is the fleet in the window with the most open time.
type FleetSummary struct {
	Window      string   `json:"time_window"`
	UptimeRatio *float64 `json:"uptime_ratio"`
}

func summaryOf(m report.Manifest) Summary {
	s := Summary{AsOf: m.AsOf, Stores: m.Stores}
	most := -1.0
	for _, w := range m.Fleet {
		if w.OpenSeconds > most {
			most = w.OpenSeconds
			s.Longest = &FleetSummary{w.Window, w.UptimeRatio}
		}
	}
	return s
}

// readRecord reads job.json, or makes one of the manifest.
func readRecord(folder, id string, m report.Manifest, manifestErr error) (Record, error) {
	var r Record
	switch text, err := os.ReadFile(filepath.Join(folder, report.RecordFile)); {
	case err == nil:
		if err := json.Unmarshal(text, &r); err != nil {
			return r, fmt.Errorf("%s/%s: %w", id, report.RecordFile, err)
		}
		if r.ReportID != id {
			return r, fmt.Errorf("%s/%s is that of report %s", id, report.RecordFile, r.ReportID)
		}
	case !errors.Is(err, fs.ErrNotExist) || manifestErr != nil:
		return r, errors.Join(err, manifestErr)
	default:
		r = Record{ReportID: id, CreatedAt: m.CreatedAt, StartedAt: &m.CreatedAt, Tries: 1, Parameters: m.Parameters, RequestedBy: "command"}
		if !m.AsOfGiven { // the manifest has the instant that was found in its place
			r.Parameters.AsOf = ""
		}
	}
	// The manifest is written last: with it a report is whole, whatever the record came to say.
	if manifestErr == nil && r.State != Complete {
		r.State, r.Error = Complete, ""
		r.Inputs = "" // those of the request are in the record, and other files may have been read
		finished := m.CreatedAt
		if info, err := os.Stat(filepath.Join(folder, report.ManifestFile)); err == nil {
			finished = info.ModTime().UTC()
		}
		r.FinishedAt = &finished
	}
	return r, nil
}
