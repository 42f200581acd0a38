package analytics

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// job is one run over one data folder on one connection.
type job struct {
	engine   *Engine
	conn     *sql.Conn // to DuckDB
	models   *sql.Conn // to the engine that runs the models: DuckDB, or a Spark cluster
	backend  backend
	params   Parameters
	dataDir  string
	now      time.Time // the wall clock, for findings only
	progress Progress
	steps    []Step
	total    int
	only     string // the one store whose compacted rows are read; "": all
	thorough bool   // the bytes of compacted files are compared where their times have changed

	downloads   []string // copies here of files elsewhere
	wantsFiles  bool     // the results become files
	rejectsOnly bool     // the exact reader is after rejected rows: another engine has the accepted ones

	load     loadResult
	asOfUS   int64
	asOfSet  bool // as_of was given, not found
	findings []Finding
}

func (e *Engine) newJob(ctx context.Context, dataDir string, p Parameters, now time.Time, progress Progress) (*job, error) {
	p = p.WithDefaults()
	if err := p.Validate(); err != nil {
		return nil, &ParameterError{err}
	}
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to DuckDB: %w", err)
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	j := &job{engine: e, conn: conn, models: conn, params: p, dataDir: cleanFolder(dataDir), now: now, progress: progress,
		load: loadResult{history: &history{}}}
	j.backend = duckdbBackend{j}
	return j, nil
}

// close gives back all that the job held. Its connection leaves the pool with its temporary tables:
// the next job must find none.
func (j *job) close() error {
	faults := []error{j.backend.close()}
	for _, copied := range j.downloads {
		faults = append(faults, os.Remove(copied))
	}
	if j.load.rejects != nil {
		faults = append(faults, j.load.rejects.close())
	}
	if err := j.conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// step runs one named part and notes how long it took.
func (j *job) step(name string, run func() error) error {
	j.progress(name, len(j.steps)+1, j.total)
	start := time.Now()
	if err := run(); err != nil {
		return err
	}
	j.steps = append(j.steps, Step{Name: name, Seconds: time.Since(start).Seconds()})
	return nil
}

// prepare sees to what the loading needs: functions, and tables to fill.
func (j *job) prepare(ctx context.Context) error {
	if err := j.engine.awaitFunctions(ctx); err != nil {
		return err
	}
	return j.execFile(ctx, "duckdb/tables.sql")
}

// run loads the data, settles the parameters and runs models up to the findings.
func (j *job) run(ctx context.Context) error {
	return j.runOn(ctx, j.readFolder)
}

// runOn is run on rows that read puts into the tables.
func (j *job) runOn(ctx context.Context, read func(context.Context) error) error {
	models, err := loadModels(j.engine.models, "models", "duckdb")
	if err != nil {
		return err
	}
	j.total = len(models) + 3 // reading, checks, findings; whoever asks for more says so
	if j.wantsFiles {
		j.total += 2
	}
	if err := read(ctx); err != nil {
		return err
	}
	for _, m := range models {
		if err := j.step(m.name, func() error { return j.backend.define(ctx, m) }); err != nil {
			return err
		}
	}
	if err := j.step("checks", func() error { return j.runChecks(ctx) }); err != nil {
		return err
	}
	if err := j.step("findings", func() error { return j.runFindings(ctx) }); err != nil || !j.wantsFiles {
		return err
	}
	return j.step("collect", func() error { return j.backend.collect(ctx, models) })
}

// mostReadings is how often a folder is read anew because a compact has moved files meanwhile.
const mostReadings = 3

// readFolder loads the data and settles the parameters. A compact that ends meanwhile moves files
// away under the reading; then it starts again on what lies there now, which are the same rows.
func (j *job) readFolder(ctx context.Context) error {
	for reading := 1; ; reading++ {
		err := j.readOnce(ctx)
		if err == nil || ctx.Err() != nil || reading == mostReadings || !j.load.history.changed(j.dataDir) {
			return err
		}
		_ = j.exec(ctx, "ROLLBACK") // what the fault may have left open
		if j.load.rejects != nil {
			if err := j.load.rejects.close(); err != nil {
				return err
			}
		}
		j.load, j.steps = loadResult{history: &history{}}, nil
	}
}

func (j *job) readOnce(ctx context.Context) error {
	files, stop, err := j.openAll(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if j.load.history.changed(j.dataDir) {
		// a file opened since the folder was listed may be another of that name, the first one's rows in the days
		return fmt.Errorf("%s: compact changed it while the files were opened; try again", historyFile)
	}
	return j.readWith(ctx, func() error { return j.backend.load(ctx, files) })
}

// readWith settles the parameters on rows that load puts into the tables.
func (j *job) readWith(ctx context.Context, load func() error) error {
	if err := j.prepare(ctx); err != nil {
		return err
	}
	var given sql.NullInt64
	if j.params.AsOf != "" {
		var err error
		if given, err = j.parseAsOf(ctx, j.params.AsOf); err != nil {
			return err
		}
	}
	return j.step("read", func() error {
		if err := load(); err != nil {
			return err
		}
		return j.settle(ctx, given)
	})
}

// parseTimestamp reads one text as the timestamps of the data are read.
const parseTimestamp = `SELECT parse_timestamp(cell, TRY_CAST(cell AS TIMESTAMP), CAST(TRY_CAST(cell AS TIMESTAMP) AS VARCHAR))
	FROM (SELECT CAST(? AS VARCHAR) AS cell)`

// parseAsOf reads as_of with the same function as the timestamps of the data.
func (j *job) parseAsOf(ctx context.Context, text string) (sql.NullInt64, error) {
	return j.parseInstant(ctx, "as_of", text)
}

func (j *job) parseInstant(ctx context.Context, parameter, text string) (sql.NullInt64, error) {
	var us sql.NullInt64
	if err := j.conn.QueryRowContext(ctx, parseTimestamp, text).Scan(&us); err != nil {
		return us, fmt.Errorf("read %s: %w", parameter, err)
	}
	if !us.Valid {
		return us, &ParameterError{fmt.Errorf("%s %q is not a timestamp of a known form: write it like 2024-10-14 22:00:00 UTC", parameter, text)}
	}
	return us, nil
}

// CheckAsOf tells at once whether a text is an as_of that a report would take; "" is one.
func (e *Engine) CheckAsOf(ctx context.Context, text string) (err error) {
	if text == "" {
		return nil
	}
	j, err := e.newJob(ctx, "", Parameters{}, time.Time{}, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.close()) }()
	if err := e.awaitFunctions(ctx); err != nil {
		return err
	}
	_, err = j.parseAsOf(ctx, text)
	return err
}

// ErrNoObservations says that there is nothing to take as_of from.
var ErrNoObservations = errors.New("no accepted observation in any status file: there is no latest one to report up to; " +
	"look at `check`, or give as_of")

// settle decides on as_of, which says what of the history is read, and makes the relations that
// carry the parameters: no value of a user enters SQL as text.
func (j *job) settle(ctx context.Context, given sql.NullInt64) error {
	asOf := given
	j.asOfSet = given.Valid
	if !given.Valid {
		if err := j.models.QueryRowContext(ctx, "SELECT max(observed_us) FROM status_rows").Scan(&asOf); err != nil {
			return fmt.Errorf("find the latest observation: %w", err)
		}
		if latest, any := j.load.history.latest(); any && (!asOf.Valid || latest > asOf.Int64) {
			asOf = sql.NullInt64{Int64: latest, Valid: true}
		}
		if !asOf.Valid {
			return ErrNoObservations
		}
	}
	j.asOfUS = asOf.Int64
	if err := j.loadHistory(ctx, j.horizonUS(), j.asOfUS); err != nil {
		return err
	}
	if err := j.backend.takeHistory(ctx); err != nil {
		return err
	}
	if err := j.makeWantedStores(ctx); err != nil {
		return err
	}
	return j.makeParams(ctx)
}

func (j *job) makeWantedStores(ctx context.Context) error {
	var rows [][]any
	for _, store := range j.params.Stores {
		rows = append(rows, []any{store})
	}
	if err := j.makeRelation(ctx, "wanted_stores", []typedColumn{{"store_id", "STRING"}}, rows); err != nil {
		return err
	}
	if len(rows) == 0 {
		return nil
	}
	unknown, err := texts(ctx, j.models, `SELECT DISTINCT w.store_id FROM wanted_stores AS w
		WHERE NOT EXISTS (SELECT 1 FROM status_rows AS r WHERE r.store_id = w.store_id)
			AND NOT EXISTS (SELECT 1 FROM hours_rows AS h WHERE h.store_id = w.store_id)
			AND NOT EXISTS (SELECT 1 FROM zones_rows AS z WHERE z.store_id = w.store_id)
		ORDER BY store_id LIMIT 5`)
	if err != nil {
		return fmt.Errorf("look for the stores asked for: %w", err)
	}
	if len(unknown) > 0 {
		return &ParameterError{fmt.Errorf("no store %s in the data: ids are taken as they are written", strings.Join(unknown, ", "))}
	}
	return nil
}

// without is what stands for no limit in arithmetic that knows no NULL: far beyond any instant, and
// small enough that adding an instant does not overflow.
const without = int64(1_000_000_000_000_000_000)

// horizonUS is before which observations no longer count.
func (j *job) horizonUS() int64 { return j.asOfUS - int64(max(7*Day, j.params.longest())+Day) }

func (j *job) makeParams(ctx context.Context) error {
	p := j.params
	maxGap := without
	if p.MaxGap != nil {
		maxGap = int64(*p.MaxGap)
	}
	horizon := j.horizonUS()
	// Three days cover an overnight shift in any zone; a chain of joined shifts needs the hole more.
	padDays := int64(3 + (*p.JoinGap+Day-1)/Day)
	firstDay := floorDiv(horizon, int64(Day)) - padDays
	lastDay := floorDiv(j.asOfUS, int64(Day)) + padDays
	columns, row := []typedColumn{}, []any{}
	for _, c := range []struct {
		name, kind string
		value      any
	}{
		{"as_of_us", "BIGINT", j.asOfUS},
		{"report_start_us", "BIGINT", j.asOfUS - int64(p.longest())},
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
		columns, row = append(columns, typedColumn{c.name, c.kind}), append(row, c.value)
	}
	if err := j.makeRelation(ctx, "params", columns, [][]any{row}); err != nil {
		return err
	}
	var windows [][]any
	for i, w := range p.Windows {
		windows = append(windows, []any{int64(i + 1), w.Name, j.asOfUS - int64(w.Length), j.asOfUS})
	}
	return j.makeRelation(ctx, "windows", []typedColumn{
		{"window_no", "BIGINT"}, {"name", "STRING"}, {"start_us", "BIGINT"}, {"end_us", "BIGINT"}}, windows)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
