package analytics

import (
	"context"
	"fmt"
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
