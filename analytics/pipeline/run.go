// Package pipeline runs the models once on a data folder: it loads the files, resolves as_of, and runs
// models, checks and findings on a backend. The results are relations; it writes no files.
package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/zoneinfo"
)

// Run is one run of the models on one data folder: load, resolve as_of, models, checks, findings.
type Run struct {
	engine.Steps
	Loader  *load.Loader
	Backend Backend
	Params  params.Parameters
	now     time.Time // the wall clock, used by findings only

	wantsFiles bool // the results will be written to files
	thorough   bool // see load.Loader.ChangedDays

	earliestUS, latestUS int64 // between them lie all local times that the models ask for

	AsOfUS   int64
	AsOfSet  bool // as_of was given as a parameter
	Findings []Finding
}

// Request describes a run.
type Request struct {
	ID         string // identifies the run on a cluster
	Data       string
	Parameters params.Parameters
	Now        time.Time
	Progress   engine.Progress
	WantsFiles bool                     // the results will be written to files
	Thorough   bool                     // see load.Loader.ChangedDays
	Opened     func(fingerprint string) // see load.Loader.Opened
}

// New validates the parameters and opens the connections of the run.
func New(ctx context.Context, e Engines, q Request) (_ *Run, err error) {
	p := q.Parameters.WithDefaults()
	if err := p.Validate(); err != nil {
		return nil, params.NewError(err)
	}
	l, err := load.New(ctx, e.DuckDB, q.Data)
	if err != nil {
		return nil, err
	}
	l.Opened = q.Opened
	r := &Run{Steps: engine.Steps{Progress: q.Progress}, Loader: l, Backend: duckdbBackend{l}, Params: p, now: q.Now,
		wantsFiles: q.WantsFiles, thorough: q.Thorough}
	if e.Cluster != nil {
		b, err := e.Cluster.Open(ctx, l, q.ID)
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
		r.Backend = b
	}
	l.Trials = e.Trials
	l.RemoteData = r.Backend.ReadsObjectStores()
	return r, nil
}

// Close closes the backend and the connection to DuckDB.
func (r *Run) Close() error { return errors.Join(r.Backend.Close(), r.Loader.Close()) }

// DB returns the run's connection to DuckDB.
func (r *Run) DB() *engine.Session { return r.Loader.DB }

// Execute loads the data folder and runs everything up to the findings.
func (r *Run) Execute(ctx context.Context) error {
	return r.ExecuteOn(ctx, func(ctx context.Context) error {
		return r.Loader.Read(ctx, func() error {
			files, stop, err := r.Loader.OpenAll(ctx)
			if err != nil {
				return err
			}
			defer stop()
			return r.Read(ctx, func() error { return r.Backend.Load(ctx, files) })
		})
	})
}

// ExecuteOn is Execute with read in place of loading the data folder; read must call Read.
func (r *Run) ExecuteOn(ctx context.Context, read func(context.Context) error) error {
	models, err := engine.LoadModels(r.DB().Engine.SQL, "models", "duckdb")
	if err != nil {
		return err
	}
	r.Total = len(models) + 4 // reading, zone_periods, checks, findings
	if r.wantsFiles {
		r.Total += 2
	}
	if err := read(ctx); err != nil {
		return err
	}
	for _, m := range models {
		if err := r.Steps.Run(m.Name, func() error { return r.Backend.Define(ctx, m) }); err != nil {
			return err
		}
		if m.Name == "store_zones" { // not before: a fleet uses few of all zones
			if err := r.Steps.Run("zone_periods", func() error { return r.MakeZonePeriods(ctx) }); err != nil {
				return err
			}
		}
	}
	if err := r.Steps.Run("checks", func() error { return r.runChecks(ctx) }); err != nil {
		return err
	}
	if err := r.Steps.Run("findings", func() error { return r.runFindings(ctx) }); err != nil || !r.wantsFiles {
		return err
	}
	return r.Steps.Run("collect", func() error { return r.Backend.Collect(ctx, models) })
}

// Read calls load, which fills the row tables, resolves as_of, and creates the relations of the parameters.
func (r *Run) Read(ctx context.Context, load func() error) error {
	if err := r.Loader.Prepare(ctx); err != nil {
		return err
	}
	var given sql.NullInt64
	if r.Params.AsOf != "" {
		us, err := r.DB().ParseInstant(ctx, "as_of", r.Params.AsOf)
		if err != nil {
			return err
		}
		given = sql.NullInt64{Int64: us, Valid: true}
	}
	return r.Steps.Run("read", func() error {
		if err := load(); err != nil {
			return err
		}
		return r.resolveAsOf(ctx, given)
	})
}

// ErrNoObservations is returned if as_of was not given and there is no observation to take it from.
var ErrNoObservations = errors.New("no accepted observation in any status file: there is no latest one to report up to; " +
	"look at `check`, or give as_of")

// resolveAsOf determines as_of, reads the compacted days needed for it, and creates the relations of the
// parameters: user input never enters SQL as text.
func (r *Run) resolveAsOf(ctx context.Context, given sql.NullInt64) error {
	asOf := given
	r.AsOfSet = given.Valid
	if !given.Valid {
		if err := r.Backend.Querier().QueryRowContext(ctx, "SELECT max(observed_us) FROM status_rows").Scan(&asOf); err != nil {
			return fmt.Errorf("find the latest observation: %w", err)
		}
		if latest, any := r.Loader.History.Latest(); any && (!asOf.Valid || latest > asOf.Int64) {
			asOf = sql.NullInt64{Int64: latest, Valid: true}
		}
		if !asOf.Valid {
			return ErrNoObservations
		}
	}
	r.AsOfUS = asOf.Int64
	if err := r.Loader.LoadHistory(ctx, r.horizonUS(), r.AsOfUS); err != nil {
		return err
	}
	if err := r.Backend.AddHistory(ctx); err != nil {
		return err
	}
	if err := r.makeWantedStores(ctx); err != nil {
		return err
	}
	return r.makeParams(ctx)
}

// unlimited replaces NULL where arithmetic needs a number.
const unlimited = zoneinfo.Unbounded

// horizonUS returns the instant before which observations no longer count.
func (r *Run) horizonUS() int64 {
	return r.AsOfUS - int64(max(7*params.Day, r.Params.LongestWindow())+params.Day)
}

func (r *Run) makeParams(ctx context.Context) error {
	p := r.Params
	maxGap := unlimited
	if p.MaxGap != nil {
		maxGap = int64(*p.MaxGap)
	}
	horizon := r.horizonUS()
	// Three days cover an overnight shift in any zone; a chain of joined shifts extends that by the gap.
	padDays := int64(3 + (*p.JoinGap+params.Day-1)/params.Day)
	firstDay := floorDiv(horizon, int64(params.Day)) - padDays
	lastDay := floorDiv(r.AsOfUS, int64(params.Day)) + padDays
	r.earliestUS, r.latestUS = firstDay*int64(params.Day), (lastDay+1)*int64(params.Day)
	values := engine.Relation{Name: "params", Rows: [][]any{nil}}
	for _, c := range []struct {
		name, kind string
		value      any
	}{
		{"as_of_us", "BIGINT", r.AsOfUS},
		{"report_start_us", "BIGINT", r.AsOfUS - int64(p.LongestWindow())},
		{"horizon_us", "BIGINT", horizon},
		{"first_day_no", "BIGINT", firstDay},
		{"day_count", "BIGINT", lastDay - firstDay + 1},
		{"earliest_us", "BIGINT", r.earliestUS},
		{"latest_us", "BIGINT", r.latestUS},
		{"interpolation", "STRING", p.Interpolation},
		{"unobserved", "STRING", p.Unobserved},
		{"max_gap_us", "BIGINT", maxGap},
		{"fresh_within_us", "BIGINT", int64(*p.FreshWithin)},
		{"join_gap_us", "BIGINT", int64(*p.JoinGap)},
		{"collector_gap_us", "BIGINT", int64(*p.CollectorGap)},
		{"every_store", "BOOLEAN", len(p.Stores) == 0},
	} {
		values.Columns, values.Rows[0] = append(values.Columns, engine.Column{Name: c.name, Kind: c.kind}), append(values.Rows[0], c.value)
	}
	if err := r.Backend.CreateRelation(ctx, values); err != nil {
		return err
	}
	windows := engine.Relation{Name: "windows", Columns: []engine.Column{
		{Name: "window_no", Kind: "BIGINT"}, {Name: "name", Kind: "STRING"}, {Name: "start_us", Kind: "BIGINT"}, {Name: "end_us", Kind: "BIGINT"}}}
	for i, w := range p.Windows {
		windows.Rows = append(windows.Rows, []any{int64(i + 1), w.Name, r.AsOfUS - int64(w.Length), r.AsOfUS})
	}
	return r.Backend.CreateRelation(ctx, windows)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
