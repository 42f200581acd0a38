package analytics

import (
	"context"
	"fmt"
)

// backend is what each engine does in its own way. All else is SQL that every engine takes.
type backend interface {
	// querier is the connection on which the models run.
	querier() querier
	// readsObjectStores reports whether the data folder may be one of an object store.
	readsObjectStores() bool
	// load reads the files into status_rows, hours_rows, zones_rows and rejected_hours.
	load(ctx context.Context, files []*openedFile) error
	// addHistory adds the rows of compacted days, which DuckDB has read into its status_rows.
	addHistory(ctx context.Context) error
	// makeRelation creates a small relation made of values.
	makeRelation(ctx context.Context, r relation) error
	// define runs a model, keeps its rows where its header says so, and frees what it says.
	define(ctx context.Context, m model) error
	// collect brings the relations that become files to DuckDB, which writes them.
	collect(ctx context.Context, models []model) error
	// versions notes which engine ran the models.
	versions(v *Versions)
	close() error
}

// Cluster opens backends that run the models elsewhere than in this process.
type Cluster interface {
	// open starts the run with the given id: what it reads with loader, and writes through db, is DuckDB's part.
	open(ctx context.Context, loader *loader, id string) (backend, error)
	// Name is that of the engine.
	Name() string
	// Ping reports whether the cluster answers.
	Ping(ctx context.Context) error
	Close() error
}

// duckdbBackend runs everything on the run's own connection.
type duckdbBackend struct{ loader *loader }

func (b duckdbBackend) querier() querier { return b.loader.db.conn }

func (duckdbBackend) readsObjectStores() bool { return false }

func (b duckdbBackend) load(ctx context.Context, files []*openedFile) error {
	return b.loader.loadAll(ctx, files)
}

func (duckdbBackend) addHistory(context.Context) error { return nil }

func (b duckdbBackend) makeRelation(ctx context.Context, r relation) error {
	return makeRelation(ctx, b.querier(), "TABLE", r)
}

func (b duckdbBackend) define(ctx context.Context, m model) error {
	if err := b.loader.db.exec(ctx, m.statement()); err != nil {
		return fmt.Errorf("model %s: %w", m.file, err)
	}
	for _, table := range m.frees {
		if err := b.loader.db.exec(ctx, "DROP TABLE "+table); err != nil {
			return fmt.Errorf("model %s: %w", m.file, err)
		}
	}
	return nil
}

func (duckdbBackend) collect(context.Context, []model) error { return nil }

func (duckdbBackend) versions(v *Versions) { v.Engine = duckDB }

func (duckdbBackend) close() error { return nil }
