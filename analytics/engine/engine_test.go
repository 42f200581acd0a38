package engine_test

import (
	"context"
	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"path/filepath"
	"testing"
)

// TestAwaitFault makes DuckDB meet a fault of its own, by bytes that are no UTF-8 behind a column that
// is not read. A statement that is merely wrong is none.
func TestAwaitFault(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"a.csv": "1,\xff\n"})
	e := enginetest.New(t, dir, 1)
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
	if err := ask("CREATE TEMP TABLE a AS SELECT c1 FROM read_csv(" + engine.Quote(filepath.Join(dir, "a.csv")) +
		", columns = {'c0': 'VARCHAR', 'c1': 'VARCHAR'}, auto_detect = false, header = false)"); err == nil {
		t.Fatal("this DuckDB reads such files: csvScan needs no care any more")
	}
	if err := e.AwaitFault(t.Context()); err == nil {
		t.Error("the fault is not seen")
	}
}
