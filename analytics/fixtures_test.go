package analytics_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/spark"
)

var update = flag.Bool("update", false, "write the golden files of the fixtures")

// TestFixtures runs the few rows of each folder, which is named for the rule it shows, and compares
// the sessions, measures and outages with want.txt. Times are UTC, lengths are seconds. Where there is a README.md, it
// says how want.txt was worked out by hand.
func TestFixtures(t *testing.T) {
	folders, err := filepath.Glob("testdata/reports/*")
	if err != nil || len(folders) < 10 {
		t.Fatalf("%d fixtures: %v", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			got := runFixture(t, folder, nil)
			golden := filepath.Join(folder, "want.txt")
			holdFile(t, golden, got)
		})
	}
}

// runFixture runs a fixture on DuckDB, or on a cluster when one is given.
func runFixture(t *testing.T, folder string, cluster *spark.Options) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "parameters.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p params.Parameters
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	e := enginetest.New(t, dir, 1)
	j, err := pipeline.New(t.Context(), on(t, e, cluster), pipeline.Request{ID: "test", Data: dir, Parameters: p, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Execute(t.Context()); err != nil {
		t.Fatal(err)
	}
	pullForTest(t, j)
	var b strings.Builder
	sessions, err := engine.QueryStrings(t.Context(), j.DB().Conn, `SELECT store_id || ' open ' || instant_text(opens_us) || ' to ' || instant_text(closes_us)
		FROM sessions JOIN stores USING (store_no) CROSS JOIN params
		WHERE closes_us > report_start_us ORDER BY store_no, opens_us`)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sessions {
		fmt.Fprintln(&b, s)
	}
	for _, m := range jobMeasures(t, j) {
		s := func(us int64) float64 { return float64(us) / 1e6 }
		fmt.Fprintf(&b, "%s %s: open %v up %v down %v unknown %v bounds %v to %v covered %v observations %d outages %d longest %v",
			m.Store, m.Window, s(m.Open), s(m.Uptime), s(m.Downtime), s(m.Unknown), s(m.UptimeMin), s(m.UptimeMax),
			s(m.Covered), m.Observations, m.Outages, s(m.LongestOutage))
		if m.Planned != 0 {
			fmt.Fprintf(&b, " planned %v", s(m.Planned))
		}
		fmt.Fprintln(&b)
	}
	for _, o := range jobOutages(t, j) {
		fmt.Fprintf(&b, "%s outage %s to %s open %v ongoing %v\n", o.Store, params.FormatInstant(o.StartUS), params.FormatInstant(o.EndUS), float64(o.OpenUS)/1e6, o.Ongoing)
	}
	cells, err := engine.QueryStrings(t.Context(), j.DB().Conn, `SELECT store_id || ' cells of ' || w.name || ': ' || uptime || ' up ' || downtime || ' down'
		FROM report_cells JOIN windows AS w USING (window_no) ORDER BY store_no, window_no`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		fmt.Fprintln(&b, c)
	}
	return b.String()
}
