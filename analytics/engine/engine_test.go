package engine

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// testEngine is DuckDB with the project's models, allowed to read and write dir alone.
func testEngine(t testing.TB, dir string, threads int) *Engine {
	t.Helper()
	e, err := New(context.Background(), Options{SQL: os.DirFS("../../sql"), Threads: threads, Folders: []string{dir}})
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

// TestAwaitFault makes DuckDB meet a fault of its own, by bytes that are no UTF-8 behind a column that
// is not read. A statement that is merely wrong is none.
func TestAwaitFault(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"a.csv": "1,\xff\n"})
	e := testEngine(t, dir, 1)
	ask := func(query string) error {
		_, err := e.DB.ExecContext(t.Context(), query)
		return err
	}
	if err := ask("SELECT error('x')"); err == nil {
		t.Fatal("no error")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.AwaitFault(ended); err != nil {
		t.Errorf("before the fault: %v", err)
	}
	if err := ask("CREATE TEMP TABLE a AS SELECT c1 FROM read_csv(" + Quote(filepath.Join(dir, "a.csv")) +
		", columns = {'c0': 'VARCHAR', 'c1': 'VARCHAR'}, auto_detect = false, header = false)"); err == nil {
		t.Fatal("this DuckDB reads such files: csvScan needs no care any more")
	}
	if err := e.AwaitFault(t.Context()); err == nil {
		t.Error("the fault is not seen")
	}
}
