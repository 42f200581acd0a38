package analytics

import (
	"context"
	"fmt"
	"strings"
)

// backend is what each engine does in its own way. All else is SQL that every engine takes, run on
// job.models.
type backend interface {
	// load reads the files into status_rows, hours_rows, zones_rows and rejected_hours.
	load(ctx context.Context, files []*openedFile) error
	// takeHistory adds the rows of compacted days, which DuckDB has put into its status_rows.
	takeHistory(ctx context.Context) error
	// makes is the word for a small relation made of values: TABLE, or VIEW where there are no
	// temporary tables.
	makes() string
	// define runs a model, keeps its rows where its header says so, and frees what it says.
	define(ctx context.Context, m model) error
	// collect brings the relations that become files to DuckDB, which writes them.
	collect(ctx context.Context, models []model) error
	// versions notes what computed the report.
	versions(v *Versions)
	close() error
}

// duckdbBackend runs everything on the job's own connection.
type duckdbBackend struct{ j *job }

func (b duckdbBackend) load(ctx context.Context, files []*openedFile) error {
	return b.j.loadAll(ctx, files)
}

func (duckdbBackend) takeHistory(context.Context) error { return nil }

func (duckdbBackend) makes() string { return "TABLE" }

func (b duckdbBackend) define(ctx context.Context, m model) error {
	if err := b.j.exec(ctx, m.statement()); err != nil {
		return fmt.Errorf("model %s: %w", m.file, err)
	}
	for _, table := range m.frees {
		if err := b.j.exec(ctx, "DROP TABLE "+table); err != nil {
			return fmt.Errorf("model %s: %w", m.file, err)
		}
	}
	return nil
}

func (duckdbBackend) collect(context.Context, []model) error { return nil }

func (duckdbBackend) versions(v *Versions) { v.Engine = engineDuckDB }

func (duckdbBackend) close() error { return nil }

// makeRelation makes a small relation of values on the engine that runs the models. Values travel as
// parameters, never as text of SQL; both engines know the types BIGINT, BOOLEAN and STRING.
func (j *job) makeRelation(ctx context.Context, name string, columns []typedColumn, rows [][]any) error {
	var list, names []string
	for i, c := range columns {
		names = append(names, fmt.Sprintf("c%d", i))
		list = append(list, fmt.Sprintf("CAST(c%d AS %s) AS %s", i, c.kind, c.name))
	}
	places, none := "("+strings.Repeat("?, ", len(columns)-1)+"?)", ""
	if len(rows) == 0 {
		// a relation needs a row to have types
		rows, none = [][]any{make([]any, len(columns))}, " WHERE false"
	}
	var values []any
	for _, row := range rows {
		values = append(values, row...)
	}
	statement := fmt.Sprintf("CREATE OR REPLACE TEMP %s %s AS SELECT %s FROM (VALUES %s) AS v(%s)%s", j.backend.makes(), name,
		strings.Join(list, ", "), strings.Repeat(places+", ", len(rows)-1)+places, strings.Join(names, ", "), none)
	if _, err := j.models.ExecContext(ctx, statement, values...); err != nil {
		return fmt.Errorf("make %s: %w", name, err)
	}
	return nil
}

type typedColumn struct{ name, kind string }
