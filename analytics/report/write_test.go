package report

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/storage"
)

// TestSameBytesOnAnyThreads makes a report of more rows than a row group of Parquet holds.
func TestSameBytesOnAnyThreads(t *testing.T) {
	dir := t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: dir + "/data", Stores: 2667, Days: 2, Seed: 3, IDs: generate.UUIDs,
		AsOf: time.Date(2024, 11, 3, 20, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	var p params.Parameters
	for i := range params.MaxWindows {
		p.Windows = append(p.Windows, params.Window{Name: "w" + string(rune('a'+i/26)) + string(rune('a'+i%26)), Length: params.Length(i+1) * params.Hour})
	}
	var want []OutputFile
	for _, o := range []engine.Options{{Threads: 1}, {Threads: 2}, {Threads: 4}, {Threads: 8}, {Threads: 2, Memory: "200MB"}} {
		o.SQL, o.Folders = enginetest.SQL(), []string{dir}
		e, err := engine.New(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Make(t.Context(), pipeline.Engines{DuckDB: e}, Request{Data: dir + "/data", Reports: dir, Parameters: p, Now: enginetest.Now})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = m.Outputs
		}
		if diff := cmp.Diff(want, m.Outputs); diff != "" {
			t.Errorf("%d threads, memory %q (-1 thread +got):\n%s", o.Threads, o.Memory, diff)
		}
	}
}

// TestSameParquetOnAnyThreads writes files of many lengths, above all those whose last batch of DuckDB's
// sort is a little longer than a row group, with and without a memory limit that makes the sort spill.
func TestSameParquetOnAnyThreads(t *testing.T) {
	dir := t.TempDir()
	want := map[int64]string{}
	for _, o := range []engine.Options{{Threads: 1}, {Threads: 2}, {Threads: 4}, {Threads: 8}, {Threads: 1, Memory: "200MB"}, {Threads: 2, Memory: "200MB"}} {
		o.SQL, o.Folders = enginetest.SQL(), []string{dir}
		e, err := engine.New(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		session, err := e.Session(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, rows := range []int64{40_000, 40_960, 40_961, 42_678, 43_007, 43_008, 82_500, 122_881, 164_500, 1_271_000} {
			if err := session.Exec(t.Context(), fmt.Sprintf(`CREATE OR REPLACE TEMP VIEW written AS
				SELECT hash(n) AS k, n, 'store ' || hash(n + 1) AS store_id, n * 0.7 AS seconds FROM range(%d) AS r(n) ORDER BY k, n`, rows)); err != nil {
				t.Fatal(err)
			}
			path := dir + "/written.parquet"
			if err := session.Exec(t.Context(), copyStatement("written", rows), path, "c", "p"); err != nil {
				t.Fatal(err)
			}
			seen, err := storage.HashFile(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if want[rows] == "" {
				want[rows] = seen.SHA256
			}
			if seen.SHA256 != want[rows] {
				t.Errorf("%d rows on %d threads, memory %q: other bytes than on one thread", rows, o.Threads, o.Memory)
			}
		}
		if err := errors.Join(session.Close(), e.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
