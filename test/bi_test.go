package test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/generate"
	"openhours/analytics/params"
	"openhours/analytics/report"
)

// python runs a script of testdata/bi and reads the JSON that it prints.
func python(t *testing.T, into any, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), pythonTool(t, "python"), args...)
	out, err := command.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			t.Fatalf("%v: %s", err, failed.Stderr)
		}
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// idsOf are the distinct ids of the generated input, in byte order.
func idsOf(t *testing.T, data string) []string {
	t.Helper()
	var ids []string
	for _, name := range []string{"store_status.csv", "menu_hours.csv", "timezones.csv"} {
		file, err := os.Open(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		if err := errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			ids = append(ids, row[slices.Index(rows[0], "store_id")])
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// TestReadersOfTheFiles has pandas, Polars, pyarrow and DuckDB read the files of a report: every id as it
// was in the input, numbers as numbers, instants as instants in UTC, without a word about types.
func TestReadersOfTheFiles(t *testing.T) {
	for _, kind := range []generate.IDs{generate.Numbers, generate.UUIDs} {
		t.Run(string(kind), func(t *testing.T) {
			data, reports := filepath.Join(t.TempDir(), "data"), t.TempDir()
			if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 200, Days: 8, Seed: 11, IDs: kind,
				AsOf: time.Date(2024, 10, 14, 22, 0, 0, 0, time.UTC)}); err != nil {
				t.Fatal(err)
			}
			folder := makeReport(t, data, reports, params.Parameters{})
			m, err := report.ReadManifest(folder)
			if err != nil {
				t.Fatal(err)
			}
			want := idsOf(t, data)
			type reading struct {
				IDs     []string
				Started time.Time
				Seconds float64
				Types   map[string]string
			}
			var got struct {
				Pandas, Polars, PyArrow reading
				CSV                     map[string][]string
				Metadata                struct {
					Columns    map[string]string `json:"openhours_columns"`
					Parameters params.Parameters `json:"openhours_parameters"`
				}
			}
			python(t, &got, "test/testdata/bi/read_files.py", folder)
			var down float64
			for _, w := range m.Fleet {
				down += w.DowntimeSeconds
			}
			var first reading
			for name, r := range map[string]reading{"pandas": got.Pandas, "polars": got.Polars, "pyarrow": got.PyArrow} {
				if diff := cmp.Diff(want, r.IDs); diff != "" {
					t.Errorf("%s: ids -want +got:\n%s", name, diff)
				}
				if math.Abs(r.Seconds-down) > 1e-3 {
					t.Errorf("%s: %f seconds of downtime, the report says %f", name, r.Seconds, down)
				}
				if first.Started.IsZero() {
					first = r
				}
				if !r.Started.Equal(first.Started) {
					t.Errorf("%s: the first outage at %s, not %s", name, r.Started, first.Started)
				}
			}
			for name, ids := range got.CSV {
				if diff := cmp.Diff(want, ids); diff != "" {
					t.Errorf("report.csv by %s: ids -want +got:\n%s", name, diff)
				}
			}
			byDuckDB := newCLI(t, data, reports).ask("-list", ".headers off", "SELECT DISTINCT store_id FROM '"+folder+"/report.parquet' ORDER BY ALL")
			if diff := cmp.Diff(want, strings.Fields(byDuckDB)); diff != "" {
				t.Errorf("duckdb: ids -want +got:\n%s", diff)
			}
			wantTypes := map[string]string{"store_id": "string", "window_start": "timestamp[us, tz=UTC]", "open_seconds": "double",
				"observations": "int64", "started_at": "timestamp[us, tz=UTC]", "ongoing": "bool"}
			for column, kind := range wantTypes {
				if got.PyArrow.Types[column] != kind {
					t.Errorf("column %s is a %s, not a %s", column, got.PyArrow.Types[column], kind)
				}
			}
			if diff := cmp.Diff(m.Parameters, got.Metadata.Parameters); diff != "" {
				t.Errorf("parameters in the metadata -want +got:\n%s", diff)
			}
			for column := range got.PyArrow.Types {
				if _, of := got.Metadata.Columns[column]; !of && column != "started_at" && column != "ended_at" && column != "ongoing" {
					t.Errorf("the metadata does not say what %s is", column)
				}
			}
		})
	}
}

// counting passes requests on and counts the bytes of the answers' bodies.
type counting struct {
	bytes, requests atomic.Int64
}

func (c *counting) proxy(t *testing.T, to string) string {
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.requests.Add(1)
		forward.ServeHTTP(&countingWriter{w, c}, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

type countingWriter struct {
	http.ResponseWriter
	count *counting
}

func (w *countingWriter) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.count.bytes.Add(int64(n))
	return n, err
}

// TestRemoteColumn reads one column of a large report.parquet from the real server with fsspec and
// pyarrow: less than a tenth of the file crosses the wire. Meanwhile the CLI asks the same folders.
func TestRemoteColumn(t *testing.T) {
	t.Parallel()
	pythonTool(t, "python")
	dir := t.TempDir()
	program := filepath.Join(dir, "openhours")
	for _, command := range [][]string{
		{"go", "build", "-o", program, "."},
		{program, "generate", "--data", dir + "/data", "--stores", "12000", "--days", "1", "--ids", "uuid"},
		append([]string{program, "report", "--data", dir + "/data", "--reports", dir + "/reports"}, manyWindows(16)...),
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", command, err, out)
		}
	}
	all, err := report.List(dir + "/reports")
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	s := startServer(t, program, dir)
	info, err := os.Stat(filepath.Join(dir, "reports", all[0].ReportID, "report.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() < 1_000_000 {
		t.Errorf("report.parquet has %d bytes: it should be large", info.Size())
	}
	var count counting
	var got struct {
		Rows int
		Sum  float64
	}
	python(t, &got, "test/testdata/bi/remote_column.py", count.proxy(t, s.base)+"/api/v1/reports/"+all[0].ReportID+"/report.parquet", "downtime_seconds")
	var want float64
	for _, w := range all[0].Fleet {
		want += w.DowntimeSeconds
	}
	if int64(got.Rows) != all[0].Stores*16 || math.Abs(got.Sum-want) > 1 {
		t.Errorf("%d rows with %f seconds of downtime, the report says %f", got.Rows, got.Sum, want)
	}
	if read := count.bytes.Load(); read*10 >= info.Size() || read == 0 {
		t.Errorf("%d of %d bytes were read, in %d requests", read, info.Size(), count.requests.Load())
	} else {
		t.Logf("%d of %d bytes (%.1f %%) in %d requests", read, info.Size(), 100*float64(read)/float64(info.Size()), count.requests.Load())
	}
	c := newCLI(t, dir+"/data", dir+"/reports")
	// groups of a few columns' worth of a request, in the order of the stores, with statistics to skip them by
	if groups := c.ask("-list", ".headers off", `SELECT count(*) > 3, max(row_group_num_rows), bool_and(compression = 'ZSTD'),
			bool_and(stats_min_value IS NOT NULL), bool_and(follows)
		FROM (SELECT *, coalesce(stats_min_value >= lag(stats_max_value) OVER (ORDER BY row_group_id), true) AS follows
			FROM parquet_metadata('`+dir+`/reports/*/report.parquet') WHERE path_in_schema = 'store_id')`); groups != "true|40960|true|true|true\n" {
		t.Errorf("row groups: %s", groups)
	}
	if rows := c.ask("-list", ".headers off", "SELECT count(*) FROM report", "SELECT count(*) FROM reports"); rows != fmt.Sprintf("%d\n%d\n", all[0].Stores*3, all[0].Stores*16) {
		t.Errorf("beside the server the CLI counts %s", rows)
	}
}

func manyWindows(n int) (flags []string) {
	for i := range n {
		flags = append(flags, "--window", fmt.Sprintf("w%d=%dm", i, 90*(i+1)))
	}
	return flags
}
