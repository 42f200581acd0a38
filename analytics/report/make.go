// Package report makes, writes, reads, verifies and compares reports: folders with report.json and the
// files it lists. When a report is made, and for whom, is not its concern.
package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/storage"
)

// Request asks for one report.
type Request struct {
	ID         string // of the report, whose folder is there already; "": a new one
	Data       string // folder of the input
	Reports    string // folder in which the report's own folder is made
	Parameters params.Parameters
	Group      string    // an attribute: without groups of it there is no report; "": none
	Version    string    // of the program
	Now        time.Time // the wall clock: for the report's id, its date and findings of age
	Progress   engine.Progress
	Opened     func(fingerprint string) // called with the input.Fingerprint of the files that are read; may be nil
}

// Make runs a report and writes its folder. On any error nothing of the folder stays. See Engines.Retry for when
// the run is repeated: until the files are written, a second run can harm nothing.
func Make(ctx context.Context, e pipeline.Engines, q Request) (m Manifest, err error) {
	err = e.Retry(ctx, func() error {
		m, err = makeOnce(ctx, e, q)
		return err
	})
	return m, err
}

func makeOnce(ctx context.Context, e pipeline.Engines, q Request) (_ Manifest, err error) {
	id, err := q.id()
	if err != nil {
		return Manifest{}, err
	}
	r, err := pipeline.New(ctx, e, pipeline.Request{ID: id, Data: q.Data, Parameters: q.Parameters, Now: q.Now, Progress: q.Progress, Opened: q.Opened, Group: q.Group, WantsFiles: true})
	if err != nil {
		return Manifest{}, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := r.Execute(ctx); err != nil {
		return Manifest{}, err
	}
	w := &writer{run: r, db: r.DB()}
	if err := w.gather(ctx, id, q); err != nil {
		return Manifest{}, fmt.Errorf("write report %s: %w", id, err)
	}
	if q.ID == "" {
		_ = CleanUp(q.Reports) // where no server ever starts; what cannot be removed harms no report
		err = MakeFolder(q.Reports, id, func(folder string) error { return w.writeFiles(ctx, folder) })
	} else {
		folder := filepath.Join(q.Reports, id)
		if err = w.writeFiles(ctx, folder); err != nil {
			err = errors.Join(err, RemoveOutputs(folder))
		}
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("write report %s: %w", id, err)
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

// RemoveOutputs removes what an unfinished report has written, and leaves its record. report.json
// goes first, so that what a crash leaves is not taken for a report.
func RemoveOutputs(folder string) error {
	if err := storage.Remove(filepath.Join(folder, ManifestFile)); err != nil {
		return err
	}
	var paths []string
	for _, name := range []string{"report.csv", "report.parquet", "outages.parquet", "rejects.csv", StoresFile, GroupsFile, TargetsFile, DaysFile, HoursFile, GroupDaysFile} {
		paths = append(paths, filepath.Join(folder, name), filepath.Join(folder, name+".part"))
	}
	return storage.Remove(append(paths, filepath.Join(folder, ManifestFile+".part"))...)
}

// Check is what the reading of a data folder and the findings say, without a report.
type Check struct {
	AsOf    string               `json:"as_of,omitempty"` // empty: no observation was accepted
	Inputs  []input.LoadedFile   `json:"inputs"`
	Unread  []input.UnreadFile   `json:"unread_files"`
	Quality Quality              `json:"quality"`
	Rejects []load.Reject        `json:"first_rejects"`
	History *load.HistorySummary `json:"history,omitempty"` // of a folder that was compacted
}

// CheckData reads the data folder and returns what is wrong with it and how much. Of the request it uses
// the data folder, the parameters, the clock and the progress.
func CheckData(ctx context.Context, e pipeline.Engines, q Request) (c Check, err error) {
	err = e.Retry(ctx, func() error {
		c, err = checkData(ctx, e, q)
		return err
	})
	return c, err
}

func checkData(ctx context.Context, e pipeline.Engines, q Request) (_ Check, err error) {
	id, err := Request{}.id()
	if err != nil {
		return Check{}, err
	}
	r, err := pipeline.New(ctx, e, pipeline.Request{ID: id, Data: q.Data, Parameters: q.Parameters, Now: q.Now, Progress: q.Progress, Thorough: true})
	if err != nil {
		return Check{}, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var c Check
	switch err := r.Execute(ctx); {
	case errors.Is(err, pipeline.ErrNoObservations):
		r.Findings = append(r.FileFindings(ctx), pipeline.Finding{Code: pipeline.NoObservations, Level: pipeline.Warning, Count: 1,
			Title: "no accepted observation in any status file: a report needs as_of"})
	case err != nil:
		return Check{}, err
	default:
		c.AsOf = params.FormatInstant(r.AsOfUS)
	}
	c.Inputs, c.Unread, c.Quality, c.Rejects = r.Loader.Files, r.Loader.Unread, qualityOf(r), r.Loader.Rejects.First
	c.History = r.Loader.HistoryRead
	return c, nil
}

func qualityOf(r *pipeline.Run) Quality {
	q := Quality{Rejects: r.Loader.Rejects.ByReason(), RowsRejected: r.Loader.Rejects.Rows, Findings: slices.Clone(r.Findings)}
	slices.SortStableFunc(q.Findings, func(a, b pipeline.Finding) int {
		switch {
		case a.IsDoubtful() == b.IsDoubtful():
			return 0
		case a.IsDoubtful():
			return -1
		}
		return 1
	})
	for _, file := range r.Loader.Files {
		q.RowsRead += file.Rows
	}
	return q
}

// writer writes the files of a finished run.
type writer struct {
	run      *pipeline.Run
	db       *engine.Session
	manifest Manifest
}

// gather fills the manifest with everything but the outputs.
func (w *writer) gather(ctx context.Context, id string, q Request) error {
	r := w.run
	w.manifest = Manifest{
		ReportID: id, State: "complete", CreatedAt: q.Now.UTC(), AsOf: params.FormatInstant(r.AsOfUS), AsOfGiven: r.AsOfSet,
		Parameters: r.Params, Inputs: r.Loader.Files, History: r.Loader.HistoryRead, Quality: qualityOf(r), Worst: []StoreSummary{},
	}
	m := &w.manifest
	m.Parameters.AsOf = m.AsOf
	m.Versions.DuckDB, m.Versions.ZoneData = w.db.Engine.Version(), w.db.Engine.Zones.Release
	m.Versions.Openhours = q.Version
	r.Backend.Versions(&m.Versions)
	if err := w.summarise(ctx); err != nil {
		return fmt.Errorf("sum up: %w", err)
	}
	if q.Group != "" {
		return pipeline.CheckGroups(q.Group, m.Attributes)
	}
	return nil
}

func (w *writer) summarise(ctx context.Context) error {
	if err := w.run.Backend.Querier().QueryRowContext(ctx, "SELECT count(*) FROM stores").Scan(&w.manifest.Stores); err != nil {
		return err
	}
	err := w.db.Each(ctx, `SELECT time_window, stores, stores_open, stores_unknown, open_seconds,
		uptime_seconds, downtime_seconds, unknown_seconds, planned_seconds, uptime_min_seconds, uptime_max_seconds, covered_seconds,
		uptime_ratio, uptime_ratio_min, uptime_ratio_max, coverage, outages FROM fleet ORDER BY window_no`, func(rows *sql.Rows) error {
		var f FleetWindow
		err := rows.Scan(&f.Window, &f.Stores, &f.StoresOpen, &f.StoresUnknown, &f.OpenSeconds,
			&f.UptimeSeconds, &f.DowntimeSeconds, &f.UnknownSeconds, &f.PlannedSeconds, &f.UptimeMinSeconds, &f.UptimeMaxSeconds,
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
	if w.manifest.Attributes, err = w.run.Attributes(ctx); err != nil {
		return err
	}
	if err := w.collectorGaps(ctx); err != nil {
		return err
	}
	if err := w.countVerdicts(ctx); err != nil {
		return err
	}
	if err := w.weekHours(ctx); err != nil {
		return err
	}
	return w.fleetDays(ctx)
}

// collectorGaps asks the engine that ran the models: the gaps are in none of the files.
func (w *writer) collectorGaps(ctx context.Context) error {
	w.manifest.Gaps = []CollectorGap{}
	rows, err := w.run.Backend.Querier().QueryContext(ctx, "SELECT starts_us, ends_us FROM collector_gaps ORDER BY starts_us")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var starts, ends int64
		if err := rows.Scan(&starts, &ends); err != nil {
			return err
		}
		w.manifest.Gaps = append(w.manifest.Gaps, CollectorGap{params.FormatInstant(starts), params.FormatInstant(ends)})
	}
	return rows.Err()
}

func (w *writer) fleetDays(ctx context.Context) error {
	return w.db.Each(ctx, `SELECT date, open_seconds, uptime_seconds, downtime_seconds, unknown_seconds, planned_seconds,
		uptime_min_seconds, uptime_max_seconds, covered_seconds, uptime_ratio, uptime_ratio_min, uptime_ratio_max, coverage
		FROM fleet_days ORDER BY day_no`, func(rows *sql.Rows) error {
		var d FleetDay
		err := rows.Scan(&d.Date, &d.OpenSeconds, &d.UptimeSeconds, &d.DowntimeSeconds, &d.UnknownSeconds, &d.PlannedSeconds,
			&d.UptimeMinSeconds, &d.UptimeMaxSeconds, &d.CoveredSeconds, &d.UptimeRatio, &d.UptimeRatioMin, &d.UptimeRatioMax, &d.Coverage)
		w.manifest.Days = append(w.manifest.Days, d)
		return err
	})
}

func (w *writer) weekHours(ctx context.Context) error {
	return w.db.Each(ctx, "SELECT weekday, hour, open_us, downtime_us, unknown_us FROM week_hours ORDER BY weekday, hour", func(rows *sql.Rows) error {
		var h WeekHour
		var open, down, unknown int64
		err := rows.Scan(&h.Weekday, &h.Hour, &open, &down, &unknown)
		h.OpenSeconds, h.DownSeconds, h.UnknownSeconds = float64(open)/1e6, float64(down)/1e6, float64(unknown)/1e6
		w.manifest.WeekHours = append(w.manifest.WeekHours, h)
		return err
	})
}

func (w *writer) worstStores(ctx context.Context) error {
	return w.db.Each(ctx, `SELECT store_id, coalesce(name, ''), timezone, time_window, open_seconds, downtime_seconds,
		uptime_ratio, outages, longest_outage_seconds FROM worst_stores WHERE rank_no <= 10 ORDER BY rank_no`, func(rows *sql.Rows) error {
		var s StoreSummary
		err := rows.Scan(&s.StoreID, &s.Name, &s.Timezone, &s.Window, &s.OpenSeconds, &s.DowntimeSeconds,
			&s.UptimeRatio, &s.Outages, &s.LongestSeconds)
		w.manifest.Worst = append(w.manifest.Worst, s)
		return err
	})
}

// ReadManifest reads report.json of a finished report.
func ReadManifest(folder string) (Manifest, error) {
	text, err := os.ReadFile(filepath.Join(folder, ManifestFile))
	if err != nil {
		return Manifest{}, err
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s/%s: %w", folder, ManifestFile, err)
	}
	return m, nil
}
