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

// Report runs a report and writes its folder. On any error nothing of the folder stays. A cluster that
// went away is tried again: until the files are written, nothing has happened that a second run could
// harm.
func (e *Engine) Report(ctx context.Context, r Request) (m Manifest, err error) {
	err = e.retry(ctx, func() error {
		m, err = e.report(ctx, r)
		return err
	})
	return m, err
}

func (e *Engine) report(ctx context.Context, r Request) (_ Manifest, err error) {
	j, err := e.newJob(ctx, r.Data, r.Parameters, r.Now, r.Progress)
	if err != nil {
		return Manifest{}, err
	}
	defer func() { err = errors.Join(err, j.close()) }()
	j.wantsFiles = true
	id, err := r.id()
	if err != nil {
		return Manifest{}, err
	}
	if err := j.useSpark(ctx, id); err != nil {
		return Manifest{}, err
	}
	if err := j.run(ctx); err != nil {
		return Manifest{}, err
	}
	folder, err := r.folder(id)
	if err != nil {
		return Manifest{}, err
	}
	m, err := j.manifest(ctx, id, r)
	if err == nil {
		err = j.writeFiles(ctx, folder, &m)
	}
	if err != nil {
		remove := removeOutputs
		if r.ID == "" {
			remove = os.RemoveAll
		}
		return Manifest{}, errors.Join(fmt.Errorf("write report %s: %w", id, err), remove(folder))
	}
	return m, nil
}

// id is the report's, or a new one.
func (r Request) id() (string, error) {
	if r.ID != "" {
		return r.ID, nil
	}
	fresh, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make a report id: %w", err)
	}
	return fresh.String(), nil
}

// folder makes the report's folder, or takes the one that is there.
func (r Request) folder(id string) (folder string, err error) {
	folder = filepath.Join(r.Reports, id)
	if r.ID != "" {
		return folder, nil
	}
	if err := os.MkdirAll(r.Reports, 0o755); err != nil {
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

// Check reads the data and says what is wrong with it and how much.
func (e *Engine) Check(ctx context.Context, data string, p Parameters, now time.Time, progress Progress) (c Check, err error) {
	err = e.retry(ctx, func() error {
		c, err = e.check(ctx, data, p, now, progress)
		return err
	})
	return c, err
}

func (e *Engine) check(ctx context.Context, data string, p Parameters, now time.Time, progress Progress) (_ Check, err error) {
	j, err := e.newJob(ctx, data, p, now, progress)
	if err != nil {
		return Check{}, err
	}
	defer func() { err = errors.Join(err, j.close()) }()
	j.thorough = true
	id, err := Request{}.id()
	if err != nil {
		return Check{}, err
	}
	if err := j.useSpark(ctx, id); err != nil {
		return Check{}, err
	}
	var c Check
	switch err := j.run(ctx); {
	case errors.Is(err, ErrNoObservations):
		j.findings = append(j.readingFindings(ctx), Finding{Code: "no_observations", Level: "warning", Count: 1,
			Title: "no accepted observation in any status file: a report needs as_of"})
	case err != nil:
		return Check{}, err
	default:
		c.AsOf = instantText(j.asOfUS)
	}
	c.Inputs, c.Unread, c.Quality, c.Rejects = j.load.files, j.load.unread, j.quality(), j.load.rejects.first
	c.History = j.load.seen
	return c, nil
}

func (j *job) quality() Quality {
	q := Quality{Rejects: j.load.rejects.byReason(), RowsRejected: j.load.rejects.rows, Findings: j.findings}
	for _, file := range j.load.files {
		q.RowsRead += file.Rows
	}
	return q
}

// manifest gathers everything but the outputs.
func (j *job) manifest(ctx context.Context, id string, r Request) (Manifest, error) {
	m := Manifest{
		ReportID: id, State: "complete", CreatedAt: r.Now.UTC(), AsOf: instantText(j.asOfUS), AsOfGiven: j.asOfSet,
		Parameters: j.params, Inputs: j.load.files, History: j.load.seen, Quality: j.quality(), Worst: []StoreSummary{},
	}
	m.Parameters.AsOf = m.AsOf
	m.Versions.DuckDB, m.Versions.ZoneData = j.engine.Versions()
	m.Versions.Openhours = r.Version
	j.backend.versions(&m.Versions)
	if err := j.summarise(ctx, &m); err != nil {
		return Manifest{}, fmt.Errorf("sum up: %w", err)
	}
	return m, nil
}

func (j *job) summarise(ctx context.Context, m *Manifest) error {
	if err := j.models.QueryRowContext(ctx, "SELECT count(*) FROM stores").Scan(&m.Stores); err != nil {
		return err
	}
	rows, err := j.conn.QueryContext(ctx, `SELECT time_window, stores, stores_open, stores_unknown, open_seconds,
		uptime_seconds, downtime_seconds, unknown_seconds, uptime_min_seconds, uptime_max_seconds, covered_seconds,
		uptime_ratio, uptime_ratio_min, uptime_ratio_max, coverage, outages FROM fleet ORDER BY window_no`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f FleetWindow
		if err := rows.Scan(&f.Window, &f.Stores, &f.StoresOpen, &f.StoresUnknown, &f.OpenSeconds,
			&f.UptimeSeconds, &f.DowntimeSeconds, &f.UnknownSeconds, &f.UptimeMinSeconds, &f.UptimeMaxSeconds,
			&f.CoveredSeconds, &f.UptimeRatio, &f.UptimeRatioMin, &f.UptimeRatioMax, &f.Coverage, &f.Outages); err != nil {
			return err
		}
		m.Fleet = append(m.Fleet, f)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := j.worstStores(ctx, m); err != nil {
		return err
	}
	return j.weekHours(ctx, m)
}

func (j *job) weekHours(ctx context.Context, m *Manifest) error {
	return j.each(ctx, "SELECT weekday, hour, open_us, downtime_us, unknown_us FROM week_hours ORDER BY weekday, hour", func(rows *sql.Rows) error {
		var h WeekHour
		var open, down, unknown int64
		err := rows.Scan(&h.Weekday, &h.Hour, &open, &down, &unknown)
		h.OpenSeconds, h.DownSeconds, h.UnknownSeconds = float64(open)/1e6, float64(down)/1e6, float64(unknown)/1e6
		m.WeekHours = append(m.WeekHours, h)
		return err
	})
}

func (j *job) worstStores(ctx context.Context, m *Manifest) error {
	rows, err := j.conn.QueryContext(ctx, `SELECT store_id, timezone, time_window, open_seconds, downtime_seconds,
		uptime_ratio, outages, longest_outage_seconds FROM worst_stores WHERE rank_no <= 10 ORDER BY rank_no`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s StoreSummary
		if err := rows.Scan(&s.StoreID, &s.Timezone, &s.Window, &s.OpenSeconds, &s.DowntimeSeconds,
			&s.UptimeRatio, &s.Outages, &s.LongestSeconds); err != nil {
			return err
		}
		m.Worst = append(m.Worst, s)
	}
	return rows.Err()
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
