package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// run is one pass of the models over one data folder: load, resolve as_of, models, checks, findings.
type run struct {
	steps
	loader  *loader
	backend backend
	params  Parameters
	now     time.Time // the wall clock, for findings only

	wantsFiles bool // the results become files
	thorough   bool // the bytes of compacted files are compared where their times have changed

	asOfUS   int64
	asOfSet  bool // as_of was given, not found
	findings []Finding
}

// runRequest asks for a run.
type runRequest struct {
	id         string // by which a cluster knows the run
	data       string
	parameters Parameters
	now        time.Time
	progress   Progress
	wantsFiles bool // the results become files
	thorough   bool // the bytes of compacted files are compared where their times have changed
}

// newRun checks the parameters and opens what the run works on.
func newRun(ctx context.Context, e Engines, q runRequest) (_ *run, err error) {
	p := q.parameters.WithDefaults()
	if err := p.Validate(); err != nil {
		return nil, NewParameterError(err)
	}
	l, err := newLoader(ctx, e.DuckDB, q.data)
	if err != nil {
		return nil, err
	}
	r := &run{steps: steps{progress: q.progress}, loader: l, backend: duckdbBackend{l}, params: p, now: q.now,
		wantsFiles: q.wantsFiles, thorough: q.thorough}
	if e.Cluster != nil {
		b, err := e.Cluster.open(ctx, l, q.id)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		r.backend = b
	}
	l.remoteData = r.backend.readsObjectStores()
	return r, nil
}

// close ends the backend and the connection.
func (r *run) close() error { return errors.Join(r.backend.close(), r.loader.close()) }

// db is the run's connection to DuckDB.
func (r *run) db() *session { return r.loader.db }

// readAndRun loads the data folder and runs everything up to the findings.
func (r *run) readAndRun(ctx context.Context) error {
	return r.runOn(ctx, r.loader.reread(func() error {
		r.steps.done = nil
		files, stop, err := r.loader.openAll(ctx)
		if err != nil {
			return err
		}
		defer stop()
		return r.readWith(ctx, func() error { return r.backend.load(ctx, files) })
	}))
}

// runOn is readAndRun on rows that read puts into the tables.
func (r *run) runOn(ctx context.Context, read func(context.Context) error) error {
	models, err := loadModels(r.db().engine.models, "models", "duckdb")
	if err != nil {
		return err
	}
	r.total = len(models) + 3 // reading, checks, findings
	if r.wantsFiles {
		r.total += 2
	}
	if err := read(ctx); err != nil {
		return err
	}
	for _, m := range models {
		if err := r.steps.run(m.name, func() error { return r.backend.define(ctx, m) }); err != nil {
			return err
		}
	}
	if err := r.steps.run("checks", func() error { return r.runChecks(ctx) }); err != nil {
		return err
	}
	if err := r.steps.run("findings", func() error { return r.runFindings(ctx) }); err != nil || !r.wantsFiles {
		return err
	}
	return r.steps.run("collect", func() error { return r.backend.collect(ctx, models) })
}

// readWith resolves as_of on rows that load puts into the tables, and creates the parameter relations.
func (r *run) readWith(ctx context.Context, load func() error) error {
	if err := r.loader.prepare(ctx); err != nil {
		return err
	}
	var given sql.NullInt64
	if r.params.AsOf != "" {
		us, err := r.db().parseInstant(ctx, "as_of", r.params.AsOf)
		if err != nil {
			return err
		}
		given = sql.NullInt64{Int64: us, Valid: true}
	}
	return r.steps.run("read", func() error {
		if err := load(); err != nil {
			return err
		}
		return r.resolveAsOf(ctx, given)
	})
}

// ErrNoObservations says that there is nothing to take as_of from.
var ErrNoObservations = errors.New("no accepted observation in any status file: there is no latest one to report up to; " +
	"look at `check`, or give as_of")

// resolveAsOf decides on as_of, reads the compacted days that it needs, and makes the relations that
// carry the parameters: no value of a user enters SQL as text.
func (r *run) resolveAsOf(ctx context.Context, given sql.NullInt64) error {
	asOf := given
	r.asOfSet = given.Valid
	if !given.Valid {
		if err := r.backend.querier().QueryRowContext(ctx, "SELECT max(observed_us) FROM status_rows").Scan(&asOf); err != nil {
			return fmt.Errorf("find the latest observation: %w", err)
		}
		if latest, any := r.loader.history.latest(); any && (!asOf.Valid || latest > asOf.Int64) {
			asOf = sql.NullInt64{Int64: latest, Valid: true}
		}
		if !asOf.Valid {
			return ErrNoObservations
		}
	}
	r.asOfUS = asOf.Int64
	if err := r.loader.loadHistory(ctx, r.horizonUS(), r.asOfUS); err != nil {
		return err
	}
	if err := r.backend.addHistory(ctx); err != nil {
		return err
	}
	if err := r.makeWantedStores(ctx); err != nil {
		return err
	}
	return r.makeParams(ctx)
}

func (r *run) makeWantedStores(ctx context.Context) error {
	wanted := relation{name: "wanted_stores", columns: []typedColumn{{"store_id", "STRING"}}}
	for _, store := range r.params.Stores {
		wanted.rows = append(wanted.rows, []any{store})
	}
	if err := r.backend.makeRelation(ctx, wanted); err != nil {
		return err
	}
	if len(wanted.rows) == 0 {
		return nil
	}
	unknown, err := queryStrings(ctx, r.backend.querier(), `SELECT DISTINCT w.store_id FROM wanted_stores AS w
		WHERE NOT EXISTS (SELECT 1 FROM status_rows AS r WHERE r.store_id = w.store_id)
			AND NOT EXISTS (SELECT 1 FROM hours_rows AS h WHERE h.store_id = w.store_id)
			AND NOT EXISTS (SELECT 1 FROM zones_rows AS z WHERE z.store_id = w.store_id)
		ORDER BY store_id LIMIT 5`)
	if err != nil {
		return fmt.Errorf("look for the stores asked for: %w", err)
	}
	if len(unknown) > 0 {
		return ParameterErrorf("no store %s in the data: ids are matched exactly (case and spaces included)", strings.Join(unknown, ", "))
	}
	return nil
}

// unlimited stands for no limit in arithmetic that knows no NULL: far beyond any instant, and small
// enough that adding an instant does not overflow.
const unlimited = int64(1_000_000_000_000_000_000)

// horizonUS is the instant before which observations no longer count.
func (r *run) horizonUS() int64 { return r.asOfUS - int64(max(7*Day, r.params.longest())+Day) }

func (r *run) makeParams(ctx context.Context) error {
	p := r.params
	maxGap := unlimited
	if p.MaxGap != nil {
		maxGap = int64(*p.MaxGap)
	}
	horizon := r.horizonUS()
	// Three days cover an overnight shift in any zone; a chain of joined shifts needs the gap more.
	padDays := int64(3 + (*p.JoinGap+Day-1)/Day)
	firstDay := floorDiv(horizon, int64(Day)) - padDays
	lastDay := floorDiv(r.asOfUS, int64(Day)) + padDays
	values := relation{name: "params", rows: [][]any{nil}}
	for _, c := range []struct {
		name, kind string
		value      any
	}{
		{"as_of_us", "BIGINT", r.asOfUS},
		{"report_start_us", "BIGINT", r.asOfUS - int64(p.longest())},
		{"horizon_us", "BIGINT", horizon},
		{"first_day_no", "BIGINT", firstDay},
		{"day_count", "BIGINT", lastDay - firstDay + 1},
		{"earliest_us", "BIGINT", firstDay * int64(Day)},
		{"latest_us", "BIGINT", (lastDay + 1) * int64(Day)},
		{"interpolation", "STRING", p.Interpolation},
		{"unobserved", "STRING", p.Unobserved},
		{"max_gap_us", "BIGINT", maxGap},
		{"fresh_within_us", "BIGINT", int64(*p.FreshWithin)},
		{"join_gap_us", "BIGINT", int64(*p.JoinGap)},
		{"collector_gap_us", "BIGINT", int64(*p.CollectorGap)},
		{"every_store", "BOOLEAN", len(p.Stores) == 0},
	} {
		values.columns, values.rows[0] = append(values.columns, typedColumn{c.name, c.kind}), append(values.rows[0], c.value)
	}
	if err := r.backend.makeRelation(ctx, values); err != nil {
		return err
	}
	windows := relation{name: "windows", columns: []typedColumn{
		{"window_no", "BIGINT"}, {"name", "STRING"}, {"start_us", "BIGINT"}, {"end_us", "BIGINT"}}}
	for i, w := range p.Windows {
		windows.rows = append(windows.rows, []any{int64(i + 1), w.Name, r.asOfUS - int64(w.Length), r.asOfUS})
	}
	return r.backend.makeRelation(ctx, windows)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
