package report

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"openhours/analytics/enginetest"
	"openhours/analytics/load"
	"openhours/analytics/pipeline"
)

// TestFileReplacedWhileItIsRead: a file that is put in place by a rename just then is read again, and one
// that never rests is an error in the end.
func TestFileReplacedWhileItIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		times, runs int
		err         error
	}{
		"once": {1, 2, nil}, "twice": {2, 3, nil}, "again and again": {100, 3, load.ErrChanged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			data := filepath.Join(dir, "data")
			enginetest.WriteFiles(t, data, map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow})
			runs, rows := 0, enginetest.StatusHead+enginetest.StatusRow
			m, err := Make(t.Context(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}, Request{Data: data, Reports: filepath.Join(dir, "reports"), Now: enginetest.Now, Progress: func(step string, _, _ int) {
				if step != "read" {
					return
				}
				if runs++; runs > c.times {
					return
				}
				rows += enginetest.StatusRow
				enginetest.WriteFiles(t, dir, map[string]string{"new": rows})
				if err := os.Rename(filepath.Join(dir, "new"), filepath.Join(data, "store_status.csv")); err != nil {
					t.Error(err)
				}
			}})
			if !errors.Is(err, c.err) || runs != c.runs {
				t.Fatalf("after %d runs: %v", runs, err)
			}
			if err == nil && m.Quality.RowsRead != int64(1+c.times) {
				t.Errorf("%d rows were read of the %d that are there now", m.Quality.RowsRead, 1+c.times)
			}
			if left, err := os.ReadDir(filepath.Join(dir, "reports")); c.err != nil && err == nil && len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}
