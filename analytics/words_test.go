package analytics

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestBrokenWords has a function, then a list of zones, that DuckDB does not take: whoever needs it is told
// which file is at fault, and nobody waits.
func TestBrokenWords(t *testing.T) {
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
		e, err := NewEngine(t.Context(), Options{SQL: files})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.awaitFunctions(t.Context()); (err != nil) != (broken == functions) {
			t.Errorf("%s: functions: %v", broken, err)
		}
		if err := e.awaitZones(t.Context()); err == nil || !strings.Contains(err.Error(), broken) {
			t.Errorf("%s: zones: %v", broken, err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestWordsAreNotAwaitedForever gives up with its context.
func TestWordsAreNotAwaitedForever(t *testing.T) {
	e := &Engine{words: &words{functions: make(chan struct{}), zones: make(chan struct{})}}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if e.awaitFunctions(ctx) == nil || e.awaitZones(ctx) == nil {
		t.Error("waited for nothing")
	}
}
