// Package pipeline runs the models once on a data folder: it loads the files, resolves as_of, and runs
// models, checks and findings on a backend. The results are relations; it writes no files.
package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
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

	group                    string         // see Request.Group
	wantsFiles               bool           // the results will be written to files
	thorough                 bool           // see load.Loader.ChangedDays
	hasAttributes, hasGroups bool           // of its stores; set while the models run
	models                   []engine.Model // those that ran

	horizonUS int64 // at most some two days before the one of report_bounds

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
	Group      string                   // an attribute that must make groups; "": none
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
		group: q.Group, wantsFiles: q.WantsFiles, thorough: q.Thorough}
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
	listed, err := engine.LoadModels(r.DB().Engine.SQL, "models", "duckdb")
	if err != nil {
		return err
	}
	r.Total = len(listed) + 4 // reading, zone_periods, checks, findings
	if r.wantsFiles {
		r.Total += 2
	}
	if err := read(ctx); err != nil {
		return err
	}
	for _, m := range listed {
		if !r.wants(m.When) {
			r.Total--
			continue
		}
		m = r.fit(m)
		r.models = append(r.models, m)
		if err := r.Steps.Run(m.Name, func() error { return r.Backend.Define(ctx, m) }); err != nil {
			return err
		}
		if m.Name == ZonesModel {
			if err := r.Steps.Run("zone_periods", func() error { return r.MakeZonePeriods(ctx) }); err != nil {
				return err
			}
		}
		if m.Name == "store_windows" {
			if err := r.checkWindows(ctx); err != nil {
				return err
			}
		}
		if m.Name == "attribute_values" || m.Name == "group_attributes" {
			if err := r.lookForGroups(ctx, m.Name); err != nil {
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
	return r.Steps.Run("collect", func() error { return r.Backend.Collect(ctx, r.models) })
}

// fit settles what a model leaves to the run: whether it has no rows, and whether DuckDB stores them.
func (r *Run) fit(m engine.Model) engine.Model {
	m.IsEmpty = m.Unless != "" && !r.wants(m.Unless)
	if m.Keep == engine.KeepForHours {
		m.Keep = engine.KeepOnSpark
		if r.has("hour") {
			m.Keep = engine.KeepAlways
		}
	}
	return m
}

// wants reports whether the run has any of what the header of a model, check or finding names in `when`.
func (r *Run) wants(when string) bool {
	return when == "" || slices.ContainsFunc(strings.Split(when, ", "), r.has)
}

// has reports whether the run has what one word of `when` stands for.
func (r *Run) has(word string) bool {
	switch word {
	case "date": // hours are never without the dates that they add up to
		return r.Params.By != ""
	case "hour":
		return r.Params.By == "hour"
	case "groups":
		return r.hasGroups
	case "days": // also if the attributes turn out to have too many values for groups, which is seen later
		return r.Params.By != "" || r.hasAttributes
	case "versions":
		return r.Loader.HoursVersions
	case "rejected_hours":
		return r.Loader.RejectedHours()
	case "dated":
		return slices.ContainsFunc(r.Params.Windows, func(w params.Window) bool { return w.Dates != "" })
	case "targets":
		return r.Params.Target != nil || r.Loader.HasRows(word)
	}
	// the name of a set with an accepted row: binding the findings of sets that few have takes longer than running them
	return r.Loader.HasRows(word)
}

// Has reports whether the run has the relation of a model: some models run only for reports that ask for them.
func (r *Run) Has(model string) bool {
	return slices.ContainsFunc(r.models, func(m engine.Model) bool { return m.Name == model })
}

// lookForGroups sets hasAttributes and hasGroups once the models are there that know. Groups by date are only for files: no
// other run needs the dates of stores for them.
func (r *Run) lookForGroups(ctx context.Context, ran string) error {
	found, query := &r.hasAttributes, "SELECT count(*) > 0 FROM attribute_values"
	if ran == "group_attributes" {
		found, query = &r.hasGroups, "SELECT count(*) > 0 FROM group_attributes WHERE makes_groups"
	}
	if !r.wantsFiles || ran != "attribute_values" && !r.hasAttributes {
		return nil
	}
	if err := r.Backend.Querier().QueryRowContext(ctx, query).Scan(found); err != nil {
		return fmt.Errorf("look for groups: %w", err)
	}
	return nil
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
	start, err := r.Params.StartUS(r.AsOfUS)
	if err != nil {
		return err
	}
	r.horizonUS = min(start, r.AsOfUS-int64(7*params.Day)) - int64(params.Day)
	if err := r.Loader.LoadHistory(ctx, r.horizonUS, r.AsOfUS); err != nil {
		return err
	}
	if err := r.Backend.AddHistory(ctx); err != nil {
		return err
	}
	if err := r.makeWantedStores(ctx); err != nil {
		return err
	}
	if err := r.checkGroup(ctx); err != nil {
		return err
	}
	return r.makeParams(ctx)
}

// unlimited replaces NULL where arithmetic needs a number.
const unlimited = zoneinfo.Unbounded

func (r *Run) makeParams(ctx context.Context) error {
	p := r.Params
	maxGap := unlimited
	if p.MaxGap != nil {
		maxGap = int64(*p.MaxGap)
	}
	var target any // NULL: none
	if p.Target != nil {
		target = int64(*p.Target)
	}
	values := engine.Relation{Name: "params", Rows: [][]any{nil}}
	for _, c := range []struct {
		name, kind string
		value      any
	}{
		{"as_of_us", "BIGINT", r.AsOfUS},
		{"interpolation", "STRING", p.Interpolation},
		{"unobserved", "STRING", p.Unobserved},
		{"max_gap_us", "BIGINT", maxGap},
		{"fresh_within_us", "BIGINT", int64(*p.FreshWithin)},
		{"join_gap_us", "BIGINT", int64(*p.JoinGap)},
		{"collector_gap_us", "BIGINT", int64(*p.CollectorGap)},
		{"target_ppm", "BIGINT", target},
		{"every_store", "BOOLEAN", len(p.Stores) == 0},
	} {
		values.Columns, values.Rows[0] = append(values.Columns, engine.Column{Name: c.name, Kind: c.kind}), append(values.Rows[0], c.value)
	}
	if err := r.Backend.CreateRelation(ctx, values); err != nil {
		return err
	}
	return r.makeWindows(ctx)
}

// makeWindows creates the relations of the windows: one row for each, and for each of the calendar its dates, or those for
// every local date that as_of can have.
func (r *Run) makeWindows(ctx context.Context) error {
	windows := engine.Relation{Name: "windows", Columns: []engine.Column{{Name: "window_no", Kind: "BIGINT"}, {Name: "name", Kind: "STRING"},
		{Name: "length_us", Kind: "BIGINT"}, {Name: "end_us", Kind: "BIGINT"}}}
	days := engine.Relation{Name: "window_days", Columns: []engine.Column{{Name: "window_no", Kind: "BIGINT"}, {Name: "as_of_day", Kind: "BIGINT"},
		{Name: "first_day", Kind: "BIGINT"}, {Name: "end_day", Kind: "BIGINT"}}}
	for i, w := range r.Params.Windows {
		no := int64(i + 1)
		var length any
		if w.Dates == "" {
			length = int64(w.Length)
		}
		windows.Rows = append(windows.Rows, []any{no, w.Name, length, r.AsOfUS})
		switch {
		case w.Dates == "":
		case w.IsRelative():
			for _, day := range params.AsOfDays(r.AsOfUS) {
				dates := w.Days(day)
				days.Rows = append(days.Rows, []any{no, day, dates.First, dates.End})
			}
		default:
			dates := w.Days(0)
			days.Rows = append(days.Rows, []any{no, nil, dates.First, dates.End})
		}
	}
	if err := r.Backend.CreateRelation(ctx, windows); err != nil {
		return err
	}
	return r.Backend.CreateRelation(ctx, days)
}

// checkWindows is an error for a window given by dates that begins after as_of for every store.
func (r *Run) checkWindows(ctx context.Context) error {
	if !slices.ContainsFunc(r.Params.Windows, func(w params.Window) bool { return w.Dates != "" && !w.IsRelative() }) {
		return nil
	}
	late, err := engine.QueryStrings(ctx, r.Backend.Querier(), `SELECT CAST(w.window_no AS STRING) FROM store_windows AS w
		GROUP BY w.window_no HAVING max(w.end_us - w.start_us) = 0 ORDER BY w.window_no`)
	if err != nil {
		return fmt.Errorf("look at the windows: %w", err)
	}
	var faults []error
	for _, no := range late {
		i, err := strconv.Atoi(no)
		if err != nil {
			return err
		}
		if w := r.Params.Windows[i-1]; !w.IsRelative() {
			faults = append(faults, params.Errorf("window %s: %s begins after as_of %s for every store: choose earlier dates, or give a later as_of",
				w.Name, w, params.FormatInstant(r.AsOfUS)))
		}
	}
	return errors.Join(faults...)
}
