package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestBrokenSharedSQL has a function, then a list of zones, that DuckDB does not take: whoever needs it is told
// which file is at fault, and nobody waits.
func TestBrokenSharedSQL(t *testing.T) {
	const functions, unofficial, zones = "duckdb/functions.sql", "models/inputs/00_unofficial_zone_names.sql", "duckdb/zone_names.sql"
	for _, broken := range []string{functions, zones} {
		files := fstest.MapFS{}
		for _, file := range []string{functions, unofficial, zones} {
			text := "SELECT 1"
			if file == broken {
				text = "SELEKT 1"
			}
			files[file] = &fstest.MapFile{Data: []byte(text)}
		}
		e, err := New(t.Context(), Options{SQL: files})
		if err != nil {
			t.Fatal(err)
		}
		s, err := e.Session(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AwaitFunctions(t.Context()); (err != nil) != (broken == functions) {
			t.Errorf("%s: functions: %v", broken, err)
		}
		if err := s.AwaitZones(t.Context()); err == nil || !strings.Contains(err.Error(), broken) {
			t.Errorf("%s: zones: %v", broken, err)
		}
		if err := errors.Join(s.Close(), e.Close()); err != nil {
			t.Error(err)
		}
	}
}

// TestSharedSQLIsNotAwaitedForever gives up with its context.
func TestSharedSQLIsNotAwaitedForever(t *testing.T) {
	s := &Session{Engine: &Engine{shared: &sharedSQL{functions: make(chan struct{}), zones: make(chan struct{})}}}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if s.AwaitFunctions(ctx) == nil || s.AwaitZones(ctx) == nil {
		t.Error("waited for nothing")
	}
}
