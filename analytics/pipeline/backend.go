package pipeline

import (
	"context"
	"fmt"

	"openhours/analytics/engine"
	"openhours/analytics/load"
)

// Backend holds the operations that differ between engines. Everything else is SQL that all engines run.
type Backend interface {
	// Querier returns the connection on which the models run.
	Querier() engine.Querier
	// ReadsObjectStores reports whether the data folder may be in an object store.
	ReadsObjectStores() bool
	// Load reads the files into status_rows, hours_rows, zones_rows and rejected_hours.
	Load(ctx context.Context, files []*load.File) error
	// AddHistory adds the rows of compacted days, which DuckDB has read into its status_rows.
	AddHistory(ctx context.Context) error
	// CreateRelation creates a relation of literal values.
	CreateRelation(ctx context.Context, r engine.Relation) error
	// Define runs a model, stores its rows if the header asks for it, and drops the tables that the header
	// frees.
	Define(ctx context.Context, m engine.Model) error
	// Collect copies the relations that become files to DuckDB, which writes the files.
	Collect(ctx context.Context, models []engine.Model) error
	// Versions records which engine ran the models.
	Versions(v *engine.Versions)
	Close() error
}

// Cluster opens backends that run the models outside this process.
type Cluster interface {
	// Open starts the run with the given id. The loader and its session are the part of the run on DuckDB.
	Open(ctx context.Context, loader *load.Loader, id string) (Backend, error)
	// Name returns the name of the engine.
	Name() string
	// Ping returns an error if the cluster does not answer.
	Ping(ctx context.Context) error
	Close() error
}

// duckdbBackend runs everything on the run's own connection.
type duckdbBackend struct{ loader *load.Loader }

func (b duckdbBackend) Querier() engine.Querier { return b.loader.DB.Conn }

func (duckdbBackend) ReadsObjectStores() bool { return false }

func (b duckdbBackend) Load(ctx context.Context, files []*load.File) error {
	return b.loader.LoadAll(ctx, files)
}

func (duckdbBackend) AddHistory(context.Context) error { return nil }

func (b duckdbBackend) CreateRelation(ctx context.Context, r engine.Relation) error {
	return b.loader.DB.CreateTable(ctx, r)
}

func (b duckdbBackend) Define(ctx context.Context, m engine.Model) error {
	if err := b.loader.DB.Exec(ctx, m.Statement()); err != nil {
		return fmt.Errorf("model %s: %w", m.File, err)
	}
	for _, table := range m.Frees {
		if err := b.loader.DB.Exec(ctx, "DROP TABLE "+table); err != nil {
			return fmt.Errorf("model %s: %w", m.File, err)
		}
	}
	return nil
}

func (duckdbBackend) Collect(context.Context, []engine.Model) error { return nil }

func (duckdbBackend) Versions(v *engine.Versions) { v.Engine = DuckDB }

func (duckdbBackend) Close() error { return nil }
