package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/load"
)

// DuckDB is the name of this process's engine in reports and flags.
const DuckDB = "duckdb"

// Engines are the engines of a run: DuckDB always, and a cluster if one runs the models.
type Engines struct {
	DuckDB  *engine.Engine
	Cluster Cluster      // nil: DuckDB runs the models
	Trials  *load.Trials // read files from outside before DuckDB does; nil: none do

	Patience time.Duration // for a data folder that keeps changing while it is read; 0: 1 min
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

const (
	maxRuns      = 3 // on a cluster that goes away
	patience     = time.Minute
	firstPause   = 10 * time.Millisecond
	longestPause = 2 * time.Second
)

// Retry repeats a run, after pauses that grow, if the cluster became unreachable or if files of the data
// folder changed while they were read: the next attempt reads the new ones.
func (e Engines) Retry(ctx context.Context, run func() error) error {
	end := time.Now().Add(cmp.Or(e.Patience, patience))
	for n := 1; ; n++ {
		err := run()
		var away unreachable
		var pause time.Duration
		switch {
		case err == nil || ctx.Err() != nil:
			return err
		case errors.As(err, &away):
			if n == maxRuns {
				return err
			}
			pause = time.Duration(n) * 2 * time.Second
		case errors.Is(err, load.ErrChanged):
			pause = min(firstPause<<min(n, 10), longestPause)
			if time.Now().Add(pause).After(end) {
				return fmt.Errorf("%w; the data folder was read %d times within %v and never rested", err, n, cmp.Or(e.Patience, patience))
			}
		default:
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
