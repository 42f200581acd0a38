package analytics_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestFixturesTogether runs the fixtures with the same parameters in one report: the stores of one say nothing
// about those of another.
func TestFixturesTogether(t *testing.T) {
	together, alone := fixtureGroups(t)
	if len(together) < 5 || len(alone) < 5 {
		t.Fatalf("%d groups, %d fixtures alone", len(together), len(alone))
	}
	for _, folders := range together {
		t.Run(filepath.Base(folders[0]), func(t *testing.T) { holdTogether(t, folders, nil) })
	}
}

// fixtureGroups parts the fixtures into groups with the same parameters and those that run alone: the only ones with
// their parameters, and those that need a folder of their own.
func fixtureGroups(t *testing.T) (together [][]string, alone []string) {
	t.Helper()
	groups := map[string][]string{}
	folders, err := filepath.Glob("testdata/reports/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if needsOwnFolder(t, folder) {
			alone = append(alone, folder)
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, "parameters.json"))
		if err != nil {
			t.Fatal(err)
		}
		groups[string(text)] = append(groups[string(text)], folder)
	}
	for _, text := range slices.Sorted(maps.Keys(groups)) {
		if folders := groups[text]; len(folders) > 1 {
			together = append(together, folders)
		} else {
			alone = append(alone, folders...)
		}
	}
	return together, alone
}

// needsOwnFolder reports whether a fixture has folders, or rows for all stores.
func needsOwnFolder(t *testing.T, folder string) bool {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			return true
		}
		if text, err := os.ReadFile(filepath.Join(folder, entry.Name())); err != nil || bytes.Contains(text, []byte("\n*,")) {
			return true
		}
	}
	return false
}

// holdTogether runs fixtures in one report and compares the part of each with its want.txt.
func holdTogether(t *testing.T, folders []string, cluster *spark.Options) {
	t.Helper()
	dir := t.TempDir()
	got := map[string]string{}
	for file, columns := range joinFixtures(t, folders) {
		columns.write(t, filepath.Join(dir, file))
	}
	text, err := os.ReadFile(filepath.Join(folders[0], "parameters.json"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "parameters.json"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(runFixture(t, dir, cluster)) {
		name, rest, _ := strings.Cut(line, ".")
		got[name] += rest
	}
	for _, folder := range folders {
		want, err := os.ReadFile(filepath.Join(folder, "want.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got[filepath.Base(folder)]); diff != "" {
			t.Errorf("%s: -want +got:\n%s", filepath.Base(folder), diff)
		}
	}
}

// joinedFile is a CSV file with the rows of several, whose columns may differ.
type joinedFile struct {
	head []string
	rows []map[string]string
}

// joinFixtures joins the files of each set. A store's id and the value of an attribute begin with the fixture's name.
func joinFixtures(t *testing.T, folders []string) map[string]*joinedFile {
	t.Helper()
	known := map[string]bool{"name": true, "opens_on": true, "closes_on": true}
	joined := map[string]*joinedFile{}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.csv"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no CSV file: %v", folder, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			base := filepath.Base(file)
			if joined[base] == nil {
				joined[base] = &joinedFile{}
			}
			for _, row := range rows[1:] {
				cells := map[string]string{}
				for i, column := range rows[0] {
					isOwn := column == "store_id" || column == "value" || base == "stores.csv" && !known[column]
					if isOwn && row[i] != "" && row[i] != "*" {
						row[i] = filepath.Base(folder) + "." + row[i]
					}
					cells[column] = row[i]
				}
				joined[base].rows = append(joined[base].rows, cells)
			}
			for _, column := range rows[0] {
				if !slices.Contains(joined[base].head, column) {
					joined[base].head = append(joined[base].head, column)
				}
			}
		}
	}
	return joined
}

func (f *joinedFile) write(t *testing.T, path string) {
	t.Helper()
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	rows := [][]string{f.head}
	for _, cells := range f.rows {
		row := make([]string, len(f.head))
		for i, column := range f.head {
			row[i] = cells[column]
		}
		rows = append(rows, row)
	}
	err := w.WriteAll(rows)
	if err == nil {
		err = os.WriteFile(path, text.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
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
		FROM sessions JOIN stores USING (store_no) JOIN store_spans USING (store_no)
		WHERE closes_us > start_us ORDER BY store_no, opens_us`)
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
