//go:build spark

package analytics_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
	"openhours/analytics/spark"
)

// reportOn makes a report on one engine and reads what it wrote.
func reportOn(t *testing.T, e *engine.Engine, cluster *spark.Options, r report.Request) (report.Manifest, map[string][]byte) {
	t.Helper()
	r.Now = enginetest.Now
	m, err := report.Make(t.Context(), on(t, e, cluster), r)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, file := range m.Outputs {
		text, err := os.ReadFile(filepath.Join(r.Reports, m.ReportID, file.File))
		if err != nil {
			t.Fatal(err)
		}
		files[file.File] = text
	}
	return m, files
}

// sameOnBoth makes a report on each engine and compares all their bytes, and of report.json all that
// is no time and no version.
func sameOnBoth(t *testing.T, data string, p params.Parameters) report.Manifest {
	t.Helper()
	dir := t.TempDir()
	e, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Folders: []string{dir, data}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	cluster := testCluster(t)
	cluster.Staging = dir
	want, wantFiles := reportOn(t, e, nil, report.Request{Data: data, Reports: dir, Parameters: p})
	got, gotFiles := reportOn(t, e, cluster, report.Request{Data: data, Reports: dir, Parameters: p})
	if got.Versions.Engine != spark.EngineName || want.Versions.Engine != pipeline.DuckDB || got.Versions.Spark == "" {
		t.Errorf("versions: %+v and %+v", want.Versions, got.Versions)
	}
	for _, m := range []*report.Manifest{&want, &got} {
		m.ReportID, m.Steps, m.Versions = "", nil, engine.Versions{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report.json (-DuckDB +Spark):\n%s", diff)
	}
	for name, text := range wantFiles {
		if !bytes.Equal(text, gotFiles[name]) {
			t.Errorf("%s differs: %d bytes and %d", name, len(text), len(gotFiles[name]))
		}
	}
	return got
}

// parityData is 50,000 polls around the end of summer time, with a file of every set, and files of each that are hard to read.
func parityData(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 460, Days: 8, Seed: 7, IDs: generate.UUIDs, Calendar: true,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, data, map[string]string{"targets.csv": "store_id,attribute,value,target,window\n*,,,98,last_day\n,brand," + someBrand(t, data) + ",99.5%,\n" + someStores(t, data, 1)[0] + ",,,90,last_week\nzz,,,50,\n"})
	writeAwkward(t, data)
	return data
}

// TestSparkParity compares reports with all at once, because one takes half a minute of a cluster: every set, what is rejected
// of it with line and reason, targets, hours, windows of both kinds. The soak has more parameters.
func TestSparkParity(t *testing.T) {
	t.Parallel()
	length, target := func(l params.Length) *params.Length { return &l }, params.Target(995_000)
	data := parityData(t)
	m := sameOnBoth(t, data, params.Parameters{AsOf: "2024-11-06 03:07:00 UTC", By: "hour", Interpolation: "previous", Unobserved: "unknown", MaxGap: length(40 * params.Minute),
		FreshWithin: length(20 * params.Minute), JoinGap: length(0), CollectorGap: length(params.Hour), Target: &target,
		Windows: []params.Window{{Name: "last_day", Length: params.Day}, {Name: "odd", Length: 90 * params.Second}, {Name: "november", Dates: "2024-11"}}})
	if m.Quality.RowsRead < 50_000 || m.Quality.RowsRejected < 50 {
		t.Errorf("only %d rows, %d rejected", m.Quality.RowsRead, m.Quality.RowsRejected)
	}
}

// someStores are the first ids of the zones file.
func someStores(t *testing.T, data string, n int) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "timezones.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, line := range strings.Split(string(text), "\n")[1 : n+1] {
		id, _, _ := strings.Cut(line, ",")
		ids = append(ids, id)
	}
	return ids
}

// someBrand is the brand of the last store of the stores file.
func someBrand(t *testing.T, data string) string { return lastStore(t, data, "brand") }

func lastStore(t *testing.T, data, column string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "stores.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	place := slices.Index(rows[0], column)
	if place < 0 {
		t.Fatalf("no %s in the columns %v", column, rows[0])
	}
	return rows[len(rows)-1][place]
}
