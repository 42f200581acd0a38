package explain

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
)

// TestSortedRowsSayTheSame compares what the copy says of each store with a look at all files, before
// and after a change of the files.
func TestSortedRowsSayTheSame(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"data/store_status.csv": enginetest.StatusHead + "a,active,2024-10-07 10:00:00 UTC\na,inactive,2024-10-07 12:00:00 UTC\na,inactive,2024-10-07 03:00:00 UTC\n" +
			"b,inactive,2024-10-06 11:00:00 UTC\nb,active,2024-10-07 11:30:00 UTC\nb,inactive,2024-10-07 11:30:00 UTC\nold,active,2023-01-01 00:00:00 UTC\n",
		"data/menu_hours.csv": "store_id,day,start_time_local,end_time_local\na,0,09:00,17:00\nb,9,09:00,17:00\nhours alone,1,10:00,02:00\n",
		"data/timezones.csv":  "store_id,timezone_str\na,Europe/London\nb,Asia/Tokyo\nb,America/New_York\n",
	}
	enginetest.WriteFiles(t, dir, files)
	e := enginetest.New(t, dir, 1)
	rows := &RowCache{Engine: e, Data: filepath.Join(dir, "data"), Dir: dir, Now: func() time.Time { return enginetest.Now }}
	p := params.Parameters{AsOf: "2024-10-07 12:30 UTC"}
	same := func() {
		t.Helper()
		for _, store := range []string{"a", "b", "old", "hours alone"} {
			want, err := Store(t.Context(), e, Request{Data: rows.Data, StoreID: store, Parameters: p, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			got, err := rows.Explain(t.Context(), store, p)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-all files +copy):\n%s", store, diff)
			}
		}
	}
	same()
	first := rows.latest.folder
	if same(); rows.latest.folder != first {
		t.Error("the copy was made twice")
	}
	var wrong *params.Error
	if _, err := rows.Explain(t.Context(), "nobody", p); !errors.As(err, &wrong) {
		t.Errorf("got %v", err)
	}
	if _, err := rows.Explain(t.Context(), "a", params.Parameters{}); !errors.As(err, &wrong) {
		t.Errorf("got %v", err)
	}
	files["data/store_status.csv"] += "a,active,2024-10-07 12:20:00 UTC\n"
	enginetest.WriteFiles(t, dir, files)
	if same(); rows.latest.folder == first {
		t.Error("a change of the files went unseen")
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, copyPrefix+"*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := rows.Explain(t.Context(), "a", p); !errors.Is(err, ErrClosed) {
		t.Errorf("after the end: got %v", err)
	}
	if err := os.RemoveAll(rows.Data); err != nil {
		t.Fatal(err)
	}
}

// TestSortedRowsWhileFilesChange replaces a file again and again while stores are looked at: each look says what the
// files said at some time, and none fails.
func TestSortedRowsWhileFilesChange(t *testing.T) {
	dir := t.TempDir()
	rows := enginetest.StatusHead + "a,active,2024-10-07 10:00:00 UTC\n"
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": rows})
	cache := &RowCache{Engine: enginetest.New(t, dir, 1), Data: filepath.Join(dir, "data"), Dir: dir, Now: func() time.Time { return enginetest.Now }}
	stop, replaced := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				replaced <- nil
				return
			case <-time.After(time.Duration(n%40) * time.Millisecond):
			}
			err := os.WriteFile(filepath.Join(dir, "new"), []byte(rows+strings.Repeat("a,active,2024-10-07 11:00:00 UTC\n", n)), 0o644)
			if err = errors.Join(err, os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, "data/store_status.csv"))); err != nil {
				replaced <- err
				return
			}
		}
	}()
	for range 40 {
		if x, err := cache.Explain(t.Context(), "a", params.Parameters{AsOf: "2024-10-07 12:30 UTC"}); err != nil || len(x.Evidence) == 0 {
			t.Errorf("%v, %d observations", err, len(x.Evidence))
		}
	}
	close(stop)
	if err := errors.Join(<-replaced, cache.Close()); err != nil {
		t.Error(err)
	}
}
