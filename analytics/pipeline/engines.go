package pipeline

import (
	"context"
	"errors"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/load"
)

// DuckDB is the name of this process's engine in reports and flags.
const DuckDB = "duckdb"

// Engines are the engines of a run: DuckDB always, and a cluster if one runs the models.
type Engines struct {
	DuckDB  *engine.Engine
	Cluster Cluster // nil: DuckDB runs the models
}

// Name returns the name of the engine that runs the models: duckdb or spark.
func (e Engines) Name() string {
	if e.Cluster != nil {
		return e.Cluster.Name()
	}
	return DuckDB
}

// Ping returns an error if DuckDB does not answer.
func (e Engines) Ping(ctx context.Context) error { return e.DuckDB.Ping(ctx) }

// CheckInstant returns an error if the named parameter does not accept text as timestamp; "" is accepted.
func (e Engines) CheckInstant(ctx context.Context, parameter, text string) error {
	return e.DuckDB.CheckInstant(ctx, parameter, text)
}

// PingCluster returns an error if there is a cluster and it does not answer.
func (e Engines) PingCluster(ctx context.Context) error {
	if e.Cluster == nil {
		return nil
	}
	return e.Cluster.Ping(ctx)
}

// maxInteractiveBytes is the most input that DuckDB itself checks for a page that is waiting, whichever
// engine makes the reports: the results are the same, and a cluster takes longer to start.
const maxInteractiveBytes = 4 << 30

// Interactive returns the engines for a check of that much input that should answer at once.
func (e Engines) Interactive(inputBytes int64) Engines {
	if inputBytes <= maxInteractiveBytes {
		e.Cluster = nil
	}
	return e
}

// unreachable is an error of a cluster that may come back.
type unreachable interface {
	error
	Unreachable() bool
}

const maxRuns = 3

// Retry repeats a run if the cluster became unreachable, after a growing pause, or if an input file was
// replaced while it was read, at once: the next attempt reads the new file.
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

// ZoneData returns the release of the tz database that every engine follows.
func (e Engines) ZoneData() string { return e.DuckDB.Zones.Release }
