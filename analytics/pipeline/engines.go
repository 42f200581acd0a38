package pipeline

import (
	"context"
	"errors"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/load"
)

// DuckDB is how reports and flags name the engine of this process.
const DuckDB = "duckdb"

// Engines are what a run is made on: DuckDB, and the cluster that runs the models where there is one.
type Engines struct {
	DuckDB  *engine.Engine
	Cluster Cluster // nil: DuckDB runs the models
}

// Name is that of the engine that runs the models: duckdb or spark.
func (e Engines) Name() string {
	if e.Cluster != nil {
		return e.Cluster.Name()
	}
	return DuckDB
}

// Ping reports whether DuckDB answers.
func (e Engines) Ping(ctx context.Context) error { return e.DuckDB.Ping(ctx) }

// CheckInstant reports whether a string is a timestamp that the named parameter takes; an empty one is.
func (e Engines) CheckInstant(ctx context.Context, parameter, text string) error {
	return e.DuckDB.CheckInstant(ctx, parameter, text)
}

// PingCluster reports whether the cluster that runs the models answers; nil where DuckDB runs them.
func (e Engines) PingCluster(ctx context.Context) error {
	if e.Cluster == nil {
		return nil
	}
	return e.Cluster.Ping(ctx)
}

// maxInteractiveBytes is how much input DuckDB checks itself for a page that waits, whatever engine makes the
// reports: the answers are the same, and a cluster takes longer to begin.
const maxInteractiveBytes = 4 << 30

// Interactive returns the engines for questions about that much input that should be answered at once.
func (e Engines) Interactive(inputBytes int64) Engines {
	if inputBytes <= maxInteractiveBytes {
		e.Cluster = nil
	}
	return e
}

// unreachable is an error after which the cluster may come back.
type unreachable interface {
	error
	Unreachable() bool
}

const maxRuns = 3

// Retry repeats a run after the cluster went away, a little later each time, and at once after an input
// file was replaced while it was read: the next run reads the new one.
func Retry(ctx context.Context, run func() error) error {
	for n := 1; ; n++ {
		err := run()
		var away unreachable
		pause := time.Duration(0)
		switch {
		case n == maxRuns || ctx.Err() != nil:
			return err
		case errors.As(err, &away):
			pause = time.Duration(n) * 2 * time.Second
		case !errors.Is(err, load.ErrChanged):
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}
