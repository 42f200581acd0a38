package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// sharedSQL holds the functions and zone names that every job uses. They are created once, at start-up, in
// the background: reading the zone names takes DuckDB longer than any model of a report of a few stores.
type sharedSQL struct {
	functions, zones  chan struct{} // closed once created, or once creating them failed
	functionsErr, err error         // why it failed; read them after functions, or zones, is closed
}

// createShared starts creating the shared SQL on a connection of its own.
func (e *Engine) createShared(ctx context.Context) {
	w := &sharedSQL{functions: make(chan struct{}), zones: make(chan struct{})}
	e.shared = w
	go func() {
		defer close(w.zones)
		w.functionsErr = e.makeShared(ctx, "duckdb/functions.sql")
		close(w.functions)
		w.err = w.functionsErr
		if w.err == nil {
			w.err = e.makeZoneNames(ctx)
		}
	}()
}

// makeZoneNames creates zone_names, the zones that are accepted.
func (e *Engine) makeZoneNames(ctx context.Context) error {
	names, err := e.Zones.Names()
	if err != nil {
		return fmt.Errorf("time zones of %s: %w", e.Zones.Source, err)
	}
	text, err := json.Marshal(names)
	if err == nil {
		_, err = e.DB.ExecContext(ctx, "CREATE OR REPLACE TABLE zone_names AS SELECT unnest(CAST(CAST(? AS JSON) AS VARCHAR[])) AS zone", string(text))
	}
	if err != nil {
		return fmt.Errorf("make zone_names: %w", err)
	}
	return nil
}

// makeShared runs a file whose relations and functions are visible to every connection.
func (e *Engine) makeShared(ctx context.Context, file string) error {
	text, err := e.ReadSQL(file)
	if err != nil {
		return err
	}
	tx, err := e.DB.BeginTx(ctx, nil) // one for all statements: committing each takes as long as creating it
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if _, err := tx.ExecContext(ctx, strings.ReplaceAll(text, "OR REPLACE TEMP ", "OR REPLACE ")); err != nil {
		return fmt.Errorf("%s: %w", file, errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// AwaitFunctions waits until the shared functions exist.
func (s *Session) AwaitFunctions(ctx context.Context) error {
	return awaitShared(ctx, s.Engine.shared.functions, &s.Engine.shared.functionsErr)
}

// AwaitZones waits until zone_names exists too.
func (s *Session) AwaitZones(ctx context.Context) error {
	return awaitShared(ctx, s.Engine.shared.zones, &s.Engine.shared.err)
}

// awaitShared returns *fault once done is closed, or the reason why ctx ended first.
func awaitShared(ctx context.Context, done <-chan struct{}, fault *error) error {
	select {
	case <-done:
		return *fault
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
