package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestBrokenSharedSQL has a function that DuckDB does not take: whoever needs it is told which file is at
// fault, and nobody waits.
func TestBrokenSharedSQL(t *testing.T) {
	const functions = "duckdb/functions.sql"
	e, err := New(t.Context(), Options{SQL: fstest.MapFS{functions: &fstest.MapFile{Data: []byte("SELEKT 1")}}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, await := range []func(context.Context) error{s.AwaitFunctions, s.AwaitZones} {
		if err := await(t.Context()); err == nil || !strings.Contains(err.Error(), functions) {
			t.Error(err)
		}
	}
	if err := errors.Join(s.Close(), e.Close()); err != nil {
		t.Error(err)
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
