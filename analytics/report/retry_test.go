package report

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"openhours/analytics/enginetest"
	"openhours/analytics/load"
	"openhours/analytics/pipeline"
)

// TestFilesChangeWhileTheyAreRead: a report has the file that was there when it began, also if it is replaced or removed
// then; one that is written in place is read again, and one that never rests is an error in the end.
func TestFilesChangeWhileTheyAreRead(t *testing.T) {
	more := enginetest.StatusHead + enginetest.StatusRow + enginetest.StatusRow
	replace := func(path string) error {
		return errors.Join(os.WriteFile(path+".new", []byte(more), 0o644), os.Rename(path+".new", path))
	}
	appendRow := func(path string) error {
		file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = file.WriteString(enginetest.StatusRow)
		return errors.Join(err, file.Close())
	}
	for name, c := range map[string]struct {
		change   func(path string) error
		times    int
		patience time.Duration
		runs     int
		rows     int64
		err      error
	}{
		"replaced":             {change: replace, times: 1, runs: 1, rows: 1},
		"removed":              {change: os.Remove, times: 1, runs: 1, rows: 1},
		"written in place":     {change: appendRow, times: 5, runs: 6, rows: 6},
		"written all the time": {change: appendRow, times: math.MaxInt, patience: 200 * time.Millisecond, err: load.ErrChanged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": enginetest.StatusHead + enginetest.StatusRow})
			runs := 0
			m, err := Make(t.Context(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1), Patience: c.patience}, Request{
				Data: filepath.Join(dir, "data"), Reports: filepath.Join(dir, "reports"), Now: enginetest.Now, Progress: func(step string, _, _ int) {
					if step != "read" {
						return
					}
					if runs++; runs > c.times {
						return
					}
					if err := c.change(filepath.Join(dir, "data/store_status.csv")); err != nil {
						t.Error(err)
					}
				}})
			if !errors.Is(err, c.err) || c.runs > 0 && runs != c.runs {
				t.Fatalf("after %d runs: %v", runs, err)
			}
			if m.Quality.RowsRead != c.rows {
				t.Errorf("%d rows were read, want %d", m.Quality.RowsRead, c.rows)
			}
			left, err := os.ReadDir(filepath.Join(dir, "reports"))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			if c.err != nil && len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}
