package analytics

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
)

// words are what the SQL of every job calls by name and no job changes: functions, and the names of zones.
// They are made once, beside whatever the engine does first; making the zones takes DuckDB longer than
// a report of a few stores needs for any of its models.
type words struct {
	functions, zones chan struct{} // closed when they are there, or never will be
	err              error         // why they are not; to be read after zones is closed
	functionsErr     error         // the same of functions
}

// makeWords starts to make the words on a connection of their own.
func (e *Engine) makeWords(ctx context.Context) {
	w := &words{functions: make(chan struct{}), zones: make(chan struct{})}
	e.words = w
	go func() {
		defer close(w.zones)
		w.functionsErr = e.makeShared(ctx, "duckdb/functions.sql")
		close(w.functions)
		w.err = w.functionsErr
		for _, file := range []string{"models/inputs/00_unofficial_zone_names.sql", "duckdb/zone_names.sql"} {
			if w.err == nil {
				w.err = e.makeShared(ctx, file)
			}
		}
	}()
}

// makeShared runs a file whose relations and functions all connections are to see.
func (e *Engine) makeShared(ctx context.Context, file string) error {
	text, err := fs.ReadFile(e.models, file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if _, err := e.db.ExecContext(ctx, strings.ReplaceAll(string(text), "OR REPLACE TEMP ", "OR REPLACE ")); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// awaitFunctions waits until SQL may call the functions.
func (e *Engine) awaitFunctions(ctx context.Context) error {
	return awaitWords(ctx, e.words.functions, &e.words.functionsErr)
}

// awaitZones waits until SQL may read zone_names as well.
func (e *Engine) awaitZones(ctx context.Context) error {
	return awaitWords(ctx, e.words.zones, &e.words.err)
}

// awaitWords answers with what stands in fault once done is closed, or with why ctx ended before.
func awaitWords(ctx context.Context, done <-chan struct{}, fault *error) error {
	select {
	case <-done:
		return *fault
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
