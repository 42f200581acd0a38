// Package enginetest provides tests with an engine that has the project's SQL, and with input files.
package enginetest

import (
	"bytes"
	"compress/gzip"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"openhours/analytics/engine"
)

// Now is a wall clock later than the data of every test.
var Now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// A status file with one row.
const (
	StatusHead = "store_id,status,timestamp_utc\n"
	StatusRow  = "a,active,2024-10-07 10:00:00 UTC\n"
)

// SQL returns the sql folder of the repository.
func SQL() fs.FS {
	_, here, _, _ := runtime.Caller(0)
	return os.DirFS(filepath.Join(filepath.Dir(here), "..", "..", "sql"))
}

// New opens DuckDB with the project's models; it may read and write dir only.
func New(t testing.TB, dir string, threads int) *engine.Engine {
	t.Helper()
	e, err := engine.New(context.Background(), engine.Options{SQL: SQL(), Threads: threads, Folders: []string{dir}})
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

// WriteFiles writes files, keyed by their path relative to dir.
func WriteFiles(t testing.TB, dir string, files map[string]string) {
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

// Parquet has DuckDB write the rows of a query and returns the bytes of the file.
func Parquet(t testing.TB, query string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "file.parquet")
	if _, err := New(t, dir, 1).DB.ExecContext(context.Background(), "COPY ("+query+") TO "+engine.Quote(path)+" (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Gzip returns the compressed text.
func Gzip(t testing.TB, text string) string {
	t.Helper()
	var gz bytes.Buffer
	packer := gzip.NewWriter(&gz)
	if _, err := packer.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	return gz.String()
}
