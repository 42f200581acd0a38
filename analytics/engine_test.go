package analytics

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// testEngine is DuckDB with the project's models, allowed to read and write dir alone.
func testEngine(t testing.TB, dir string, threads int) *Engine {
	t.Helper()
	e, err := NewEngine(context.Background(), Options{SQL: os.DirFS("../sql"), Threads: threads, Folders: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// writeFiles puts files, named by their path below dir, in place.
func writeFiles(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// testNow is a wall clock long after every test's data.
var testNow = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
