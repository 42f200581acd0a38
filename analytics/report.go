package analytics

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
)

// Request asks for one report.
type Request struct {
	ID         string // of the report, whose folder is there already; "": a new one
	Data       string // folder of the input
	Reports    string // folder in which the report's own folder is made
	Parameters Parameters
	Version    string    // of the program
	Now        time.Time // the wall clock: for the report's id, its date and findings of age
	Progress   Progress
}

// MakeReport runs a report and writes its folder. On any error nothing of the folder stays. When the
// cluster went away the run is repeated: until the files are written, a second run can harm nothing.
func MakeReport(ctx context.Context, e Engines, q Request) (m Manifest, err error) {
	err = retry(ctx, func() error {
		m, err = makeReport(ctx, e, q)
		return err
	})
	return m, err
}

func makeReport(ctx context.Context, e Engines, q Request) (_ Manifest, err error) {
	id, err := q.id()
	if err != nil {
		return Manifest{}, err
	}
	r, err := newRun(ctx, e, runRequest{id: id, data: q.Data, parameters: q.Parameters, now: q.Now, progress: q.Progress, wantsFiles: true})
	if err != nil {
		return Manifest{}, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.readAndRun(ctx); err != nil {
		return Manifest{}, err
	}
	folder, err := q.folder(id)
	if err != nil {
		return Manifest{}, err
	}
	w := &writer{run: r, db: r.db()}
	err = w.gather(ctx, id, q)
	if err == nil {
		err = w.writeFiles(ctx, folder)
	}
	if err != nil {
		remove := removeOutputs
		if q.ID == "" {
			remove = os.RemoveAll
		}
		return Manifest{}, errors.Join(fmt.Errorf("write report %s: %w", id, err), remove(folder))
	}
	return w.manifest, nil
}

// id is the report's, or a new one.
func (q Request) id() (string, error) {
	if q.ID != "" {
		return q.ID, nil
	}
	fresh, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make a report id: %w", err)
	}
	return fresh.String(), nil
}

// folder makes the report's folder, or takes the one that is there.
func (q Request) folder(id string) (folder string, err error) {
	folder = filepath.Join(q.Reports, id)
	if q.ID != "" {
		return folder, nil
	}
	if err := os.MkdirAll(q.Reports, 0o755); err != nil {
		return "", fmt.Errorf("make the report folder: %w", err)
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return "", fmt.Errorf("make the report folder: %w", err)
	}
	return folder, nil
}

// removeOutputs removes what an unfinished report has written, and leaves its record. report.json
// goes first, so that what a crash leaves is not taken for a report.
func removeOutputs(folder string) error {
	for _, name := range []string{"report.json", "report.csv", "report.parquet", "outages.parquet", "rejects.csv"} {
		for _, suffix := range []string{"", ".part"} {
			if err := os.Remove(filepath.Join(folder, name+suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// Check is what the reading of a data folder and the findings say, without a report.
type Check struct {
	AsOf    string       `json:"as_of,omitempty"` // empty: no observation was accepted
	Inputs  []InputFile  `json:"inputs"`
	Unread  []UnreadFile `json:"unread_files"`
	Quality Quality      `json:"quality"`
	Rejects []Reject     `json:"first_rejects"`
	History *History     `json:"history,omitempty"` // of a folder that was compacted
}

// CheckData reads the data folder and returns what is wrong with it and how much.
func CheckData(ctx context.Context, e Engines, data string, p Parameters, now time.Time, progress Progress) (c Check, err error) {
	err = retry(ctx, func() error {
		c, err = checkData(ctx, e, data, p, now, progress)
		return err
	})
	return c, err
}

func checkData(ctx context.Context, e Engines, data string, p Parameters, now time.Time, progress Progress) (_ Check, err error) {
	id, err := Request{}.id()
	if err != nil {
		return Check{}, err
	}
	r, err := newRun(ctx, e, runRequest{id: id, data: data, parameters: p, now: now, progress: progress, thorough: true})
	if err != nil {
		return Check{}, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	var c Check
	switch err := r.readAndRun(ctx); {
	case errors.Is(err, ErrNoObservations):
		r.findings = append(r.readingFindings(ctx), Finding{Code: "no_observations", Level: "warning", Count: 1,
			Title: "no accepted observation in any status file: a report needs as_of"})
	case err != nil:
		return Check{}, err
	default:
		c.AsOf = instantText(r.asOfUS)
	}
	c.Inputs, c.Unread, c.Quality, c.Rejects = r.loader.files, r.loader.unread, qualityOf(r), r.loader.rejects.first
	c.History = r.loader.seen
	return c, nil
}

func qualityOf(r *run) Quality {
	q := Quality{Rejects: r.loader.rejects.byReason(), RowsRejected: r.loader.rejects.rows, Findings: r.findings}
	for _, file := range r.loader.files {
		q.RowsRead += file.Rows
	}
	return q
}

// writer writes the files of a finished run.
type writer struct {
	run      *run
	db       *session
	manifest Manifest
}

// gather fills the manifest with everything but the outputs.
func (w *writer) gather(ctx context.Context, id string, q Request) error {
	r := w.run
	w.manifest = Manifest{
		ReportID: id, State: "complete", CreatedAt: q.Now.UTC(), AsOf: instantText(r.asOfUS), AsOfGiven: r.asOfSet,
		Parameters: r.params, Inputs: r.loader.files, History: r.loader.seen, Quality: qualityOf(r), Worst: []StoreSummary{},
	}
	m := &w.manifest
	m.Parameters.AsOf = m.AsOf
	m.Versions.DuckDB, m.Versions.ZoneData = w.db.engine.Versions()
	m.Versions.Openhours = q.Version
	r.backend.versions(&m.Versions)
	if err := w.summarise(ctx); err != nil {
		return fmt.Errorf("sum up: %w", err)
	}
	return nil
}

func (w *writer) summarise(ctx context.Context) error {
	if err := w.run.backend.querier().QueryRowContext(ctx, "SELECT count(*) FROM stores").Scan(&w.manifest.Stores); err != nil {
		return err
	}
	err := w.db.each(ctx, `SELECT time_window, stores, stores_open, stores_unknown, open_seconds,
		uptime_seconds, downtime_seconds, unknown_seconds, uptime_min_seconds, uptime_max_seconds, covered_seconds,
		uptime_ratio, uptime_ratio_min, uptime_ratio_max, coverage, outages FROM fleet ORDER BY window_no`, func(rows *sql.Rows) error {
		var f FleetWindow
		err := rows.Scan(&f.Window, &f.Stores, &f.StoresOpen, &f.StoresUnknown, &f.OpenSeconds,
			&f.UptimeSeconds, &f.DowntimeSeconds, &f.UnknownSeconds, &f.UptimeMinSeconds, &f.UptimeMaxSeconds,
			&f.CoveredSeconds, &f.UptimeRatio, &f.UptimeRatioMin, &f.UptimeRatioMax, &f.Coverage, &f.Outages)
		w.manifest.Fleet = append(w.manifest.Fleet, f)
		return err
	})
	if err != nil {
		return err
	}
	if err := w.worstStores(ctx); err != nil {
		return err
	}
	return w.weekHours(ctx)
}

func (w *writer) weekHours(ctx context.Context) error {
	return w.db.each(ctx, "SELECT weekday, hour, open_us, downtime_us, unknown_us FROM week_hours ORDER BY weekday, hour", func(rows *sql.Rows) error {
		var h WeekHour
		var open, down, unknown int64
		err := rows.Scan(&h.Weekday, &h.Hour, &open, &down, &unknown)
		h.OpenSeconds, h.DownSeconds, h.UnknownSeconds = float64(open)/1e6, float64(down)/1e6, float64(unknown)/1e6
		w.manifest.WeekHours = append(w.manifest.WeekHours, h)
		return err
	})
}

func (w *writer) worstStores(ctx context.Context) error {
	return w.db.each(ctx, `SELECT store_id, timezone, time_window, open_seconds, downtime_seconds,
		uptime_ratio, outages, longest_outage_seconds FROM worst_stores WHERE rank_no <= 10 ORDER BY rank_no`, func(rows *sql.Rows) error {
		var s StoreSummary
		err := rows.Scan(&s.StoreID, &s.Timezone, &s.Window, &s.OpenSeconds, &s.DowntimeSeconds,
			&s.UptimeRatio, &s.Outages, &s.LongestSeconds)
		w.manifest.Worst = append(w.manifest.Worst, s)
		return err
	})
}

// ReadManifest reads report.json of a finished report.
func ReadManifest(folder string) (Manifest, error) {
	text, err := os.ReadFile(filepath.Join(folder, "report.json"))
	if err != nil {
		return Manifest{}, err
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s/report.json: %w", folder, err)
	}
	return m, nil
}
