package explain

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/report"
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
		"data/stores.csv":     "store_id,name,region,opens_on\na,Corner,North,2024-10-05\nb,Harbour,South,\n",
		"data/special_hours.csv": "store_id,attribute,value,date,closed,start_time_local,end_time_local,name\n" +
			"*,,,2024-10-06,yes,,,Everybody rests\n,region,North,2024-10-07,,08:00,18:00,Fair\nb,,,2024-10-07,,10:00,11:00,Visit\n",
		"data/closures.csv": "store_id,attribute,value,starts_at,ends_at,reason\na,,,2024-10-07 10:15 UTC,2024-10-07 10:30 UTC,Repair\n" +
			",region,South,2024-10-07 11:00 UTC,,Flood\n*,,,2024-10-07 09:00 UTC,2024-10-07 09:30 UTC,Drill\n",
		"data/targets.csv": "store_id,attribute,value,target,window\na,,,99,last_hour\n,region,South,97,\n*,,,98,\n",
	}
	enginetest.WriteFiles(t, dir, files)
	e := enginetest.New(t, dir, 1)
	rows := &RowCache{Engine: e, Data: filepath.Join(dir, "data"), Dir: dir, Now: func() time.Time { return enginetest.Now }}
	p := params.Parameters{AsOf: "2024-10-07 12:30 UTC"}
	same := func() {
		t.Helper()
		for _, store := range []string{"a", "b", "old", "hours alone"} {
			want, err := Store(t.Context(), e, Request{Data: rows.Data, Store: store, Parameters: p, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			wantTargets := map[string][]float64{"a": {99, 98, 98}, "b": {97, 97, 97}, "old": {98, 98, 98}, "hours alone": {98, 98, 98}}[store]
			for i, m := range want.Measures {
				if m.Target == nil || *m.Target != wantTargets[i] {
					t.Errorf("%s: %s has the target %v, want %v", store, m.Window, m.Target, wantTargets[i])
				}
			}
			got, err := rows.Explain(t.Context(), store, p, wholeStore)
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
	if _, err := rows.Explain(t.Context(), "nobody", p, wholeStore); !errors.As(err, &wrong) {
		t.Errorf("got %v", err)
	}
	if _, err := rows.Explain(t.Context(), "a", params.Parameters{}, wholeStore); !errors.As(err, &wrong) {
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
	if _, err := rows.Explain(t.Context(), "a", p, wholeStore); !errors.Is(err, ErrClosed) {
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
		if x, err := cache.Explain(t.Context(), "a", params.Parameters{AsOf: "2024-10-07 12:30 UTC"}, wholeStore); err != nil || len(x.Evidence) == 0 {
			t.Errorf("%v, %d observations", err, len(x.Evidence))
		}
	}
	close(stop)
	if err := errors.Join(<-replaced, cache.Close()); err != nil {
		t.Error(err)
	}
}

// TestPagesOfATimeline reads a store page by page: together they say what one answer without limit does.
func TestPagesOfATimeline(t *testing.T) {
	dir := t.TempDir()
	rows := strings.Builder{}
	rows.WriteString(enginetest.StatusHead)
	start := time.Date(2024, 10, 6, 20, 0, 0, 0, time.UTC)
	for n := range 500 {
		fmt.Fprintf(&rows, "a,%s,%s UTC\n", [3]string{"active", "inactive", "active"}[n%3], start.Add(time.Duration(n)*137*time.Second).Format(time.DateTime))
	}
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": rows.String(),
		"data/menu_hours.csv": "store_id,day,start_time_local,end_time_local\na,0,00:00,05:00\na,0,06:00,11:00\na,6,00:00,22:00\n",
		"data/timezones.csv":  "store_id,timezone_str\na,Europe/London\n"})
	cache := &RowCache{Engine: enginetest.New(t, dir, 1), Data: filepath.Join(dir, "data"), Dir: dir, Now: func() time.Time { return enginetest.Now }}
	defer func() {
		if err := cache.Close(); err != nil {
			t.Error(err)
		}
	}()
	p := params.Parameters{AsOf: "2024-10-07 12:30 UTC"}
	whole, err := cache.Explain(t.Context(), "a", p, wholeStore)
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Evidence) < 200 || len(whole.Outside) < 20 || len(whole.Timeline) < 100 || len(whole.Outages) < 50 {
		t.Fatalf("too little to page through: %d, %d, %d, %d", len(whole.Evidence), len(whole.Outside), len(whole.Timeline), len(whole.Outages))
	}
	for _, limit := range []int{23, 100, 1000} {
		got, page, pages := whole, Page{FromUS: math.MinInt64, Limit: limit}, 0
		got.Evidence, got.Outside, got.Timeline, got.Outages = []Observation{}, []Observation{}, []TimelineSpan{}, []report.Outage{}
		for more := true; more; pages++ {
			x, err := cache.Explain(t.Context(), "a", p, page)
			if err != nil {
				t.Fatal(err)
			}
			if n := max(len(x.Evidence), len(x.Outside), len(x.Timeline)-1, len(x.Outages)-1); n > limit {
				t.Errorf("limit %d: %d rows", limit, n)
			}
			got.Evidence, got.Outside = append(got.Evidence, x.Evidence...), append(got.Outside, x.Outside...)
			// one that reaches over the border is on both pages
			got.Timeline, got.Outages = append(got.Timeline, x.Timeline...), append(got.Outages, x.Outages...)
			if more = x.Next != ""; more {
				if page.FromUS, err = params.ParseInstant(x.Next); err != nil {
					t.Fatal(err)
				}
			}
		}
		got.Timeline, got.Outages = slices.Compact(got.Timeline), slices.Compact(got.Outages)
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Errorf("limit %d (-whole +pages):\n%s", limit, diff)
		}
		if limit < 1000 && pages < 2 {
			t.Errorf("limit %d: %d pages", limit, pages)
		}
	}
}
