package analytics_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/explain"
	"openhours/analytics/ingest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// reportFiles makes a report and gives the bytes of the files that must be the same for the same data,
// and what report.json says of the reading.
func reportFiles(t rapid.TB, e *engine.Engine, dir string, p params.Parameters) (map[string]string, report.Manifest) {
	t.Helper()
	reports := filepath.Join(dir, "reports")
	m, err := report.Make(context.Background(), pipeline.Engines{DuckDB: e}, report.Request{Data: filepath.Join(dir, "data"), Reports: reports, Parameters: p, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range []string{"report.csv", "report.parquet", "outages.parquet", "rejects.csv"} {
		text, err := os.ReadFile(filepath.Join(reports, m.ReportID, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	return files, m
}

// sameReport holds the report of a folder to the one from before it was compacted.
func sameReport(t rapid.TB, e *engine.Engine, dir string, p params.Parameters, want map[string]string, before report.Manifest) report.Manifest {
	t.Helper()
	got, m := reportFiles(t, e, dir, p)
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s has other bytes:\n%s", name, cmp.Diff(text, got[name]))
		}
	}
	if diff := cmp.Diff(before.Quality, m.Quality); diff != "" {
		t.Errorf("quality (-before +after):\n%s", diff)
	}
	if m.AsOf != before.AsOf || m.Stores != before.Stores {
		t.Errorf("%d stores up to %s, before %d up to %s", m.Stores, m.AsOf, before.Stores, before.AsOf)
	}
	inputs := slices.Clone(m.Inputs)
	for i := range inputs {
		inputs[i].Archive = ""
	}
	if diff := cmp.Diff(before.Inputs, inputs); diff != "" {
		t.Errorf("inputs (-before +after):\n%s", diff)
	}
	return m
}

func compact(t rapid.TB, e *engine.Engine, dir string) ingest.Compacted {
	t.Helper()
	c, err := ingest.Compact(context.Background(), e, ingest.CompactRequest{Data: filepath.Join(dir, "data"), Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// messyFolder has what compact must not lose: rejected rows, also ones with line breaks, repeated and
// conflicting rows in one file and in two, stores that were only seen long ago, number and UUID ids.
func messyFolder() map[string]string {
	return map[string]string{
		"data/store_status.csv": enginetest.StatusHead +
			"a,active,2024-10-07 10:00:00 UTC\n" +
			"a,active,2024-10-07 10:00:00 UTC\n" + // repeated
			"a,inactive,2024-10-07 10:00:00 UTC\n" + // conflict
			"b,maybe,2024-10-07 11:00:00 UTC\n" +
			"\"z,active,2024-10-07 09:00:00 UTC\n" +
			"a,inactive,2024-10-07 23:59:59.999999 UTC\n" + // the last instant of a day
			"a,active,2024-10-08 00:00:00 UTC\n" + // and the first
			"1481966498820158979,active,2024-10-08T03:00:00+05:30\n" +
			"f6e4d870-a273-49cf-be4d-000000000001,inactive,1728388800\n" +
			"long ago,active,2023-01-01 00:00:00 UTC\n" +
			"é,active\n",
		"data/store_status 2.csv": "note,store_id,status,timestamp_utc\r\n" +
			"\"two\r\r\nlines \u2028\",,active,2024-10-08 10:00:00 UTC\r\n" +
			"x,a,active,2024-10-07 10:00:00 UTC\r\n" + // repeated over two files
			"x,b,inactive,2024-10-09 11:00:00 UTC\r\n" +
			"x,first,active,2024-10-01 00:00:00 UTC\r\n",
		"data/menu_hours.csv": "store_id,day,start_time_local,end_time_local\n" +
			"a,0,09:00,17:00\na,1,22:00,03:00\nb,9,09:00,17:00\nonly hours,2,00:00,24:00\n",
		"data/timezones.csv": "store_id,timezone_str\na,America/New_York\nb,Mars/Base\n",
	}
}

// TestCompactChangesNothing compares reports with all kinds of parameters before and after, byte for byte.
func TestCompactChangesNothing(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, messyFolder())
	e := enginetest.New(t, dir, 2)
	length := func(text string) *params.Length {
		l, err := params.ParseLength(text)
		if err != nil {
			t.Fatal(err)
		}
		return &l
	}
	parameters := []params.Parameters{
		{},
		{AsOf: "2024-10-08 00:00:00 UTC"},
		{AsOf: "2024-10-07 23:59:59.999999 UTC"},
		{AsOf: "2023-01-03 00:00:00 UTC"},
		{AsOf: "2022-01-01 00:00:00 UTC"},
		{AsOf: "2030-01-01 00:00:00 UTC"},
		{AsOf: "2024-10-16 10:00:00 UTC", MaxGap: length("2h"), Unobserved: "unknown"}, // the horizon begins within a day
		{AsOf: "2024-10-16 00:00:00 UTC"},                                              // and at the first instant of one
		{Windows: []params.Window{{Name: "two_years", Length: params.Length(730 * params.Day)}, {Name: "last_hour", Length: params.Length(params.Day / 24)}}},
		{Stores: []string{"long ago", "a"}},
	}
	want := make([]map[string]string, len(parameters))
	before := make([]report.Manifest, len(parameters))
	for i, p := range parameters {
		want[i], before[i] = reportFiles(t, e, dir, p)
	}
	check, err := report.CheckData(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: filepath.Join(dir, "data"), Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	why, err := explain.Store(t.Context(), e, explain.Request{Data: filepath.Join(dir, "data"), Store: "a", Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	c := compact(t, e, dir)
	if len(c.Files) != 2 || c.Rows != 15 || c.Rejected != 4 || c.Days != 5 || len(c.Left) != 0 {
		t.Errorf("got %+v", c)
	}
	for i, p := range parameters {
		m := sameReport(t, e, dir, p, want[i], before[i])
		if h := m.History; h == nil || len(h.Read)+h.NotRead.Files != 5 || h.Rows != 11 {
			t.Errorf("%+v: %+v", p, h)
		}
	}
	after, err := report.CheckData(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: filepath.Join(dir, "data"), Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{check.AsOf, check.Quality, check.Rejects}, []any{after.AsOf, after.Quality, after.Rejects}); diff != "" {
		t.Errorf("check (-before +after):\n%s", diff)
	}
	again, err := explain.Store(t.Context(), e, explain.Request{Data: filepath.Join(dir, "data"), Store: "a", Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	why.Inputs, again.Inputs = nil, nil
	if diff := cmp.Diff(why, again); diff != "" {
		t.Errorf("explain (-before +after):\n%s", diff)
	}
	for name, text := range messyFolder() {
		if strings.Contains(name, "status") {
			name = strings.Replace(name, "data/", "data/archive/", 1)
		}
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != text {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c := compact(t, e, dir); len(c.Files)+len(c.Left)+len(c.Recovered) > 0 {
		t.Errorf("the second run did something: %+v", c)
	}
}

// TestCompactLateRows lets rows come for old and new days, in files of names that were used before.
func TestCompactLateRows(t *testing.T) {
	together, apart := t.TempDir(), t.TempDir()
	files := messyFolder()
	late := enginetest.StatusHead + "a,active,2024-10-07 10:00:00 UTC\nlate,active,2024-10-07 12:00:00 UTC\n" +
		"long ago,inactive,2022-12-31 00:00:00 UTC\na,never,2024-10-07 10:00:00 UTC\na,active,2024-10-20 10:00:00 UTC\n"
	enginetest.WriteFiles(t, apart, files)
	e := enginetest.New(t, apart, 2)
	compact(t, e, apart)
	enginetest.WriteFiles(t, apart, map[string]string{"data/store_status.csv": late})
	all := enginetest.New(t, together, 2)
	files["data/store_status_late.csv"] = late
	enginetest.WriteFiles(t, together, files)
	check := func(when string) {
		t.Helper()
		for _, p := range []params.Parameters{{}, {AsOf: "2024-10-08 12:00:00 UTC"}, {AsOf: "2023-01-02 00:00:00 UTC"}} {
			want, before := reportFiles(t, all, together, p)
			got, m := reportFiles(t, e, apart, p)
			for _, name := range []string{"report.csv", "report.parquet", "outages.parquet"} {
				if got[name] != want[name] {
					t.Errorf("%s, %+v: %s has other bytes", when, p, name)
				}
			}
			renamed := strings.ReplaceAll(want["rejects.csv"], "store_status_late.csv", "store_status.csv")
			if got["rejects.csv"] != renamed {
				t.Errorf("%s: rejects\n%s", when, cmp.Diff(renamed, got["rejects.csv"]))
			}
			if m.Quality.RowsRead != before.Quality.RowsRead || len(m.Quality.Findings) != len(before.Quality.Findings) {
				t.Errorf("%s: quality\n%s", when, cmp.Diff(before.Quality, m.Quality))
			}
		}
	}
	check("beside the days")
	c := compact(t, e, apart)
	if len(c.Files) != 1 || c.Files[0].Archive != "archive/store_status.2.csv" || c.Days != 3 {
		t.Errorf("got %+v", c)
	}
	check("in the days")
	days, err := filepath.Glob(filepath.Join(apart, "data/status/day=*/*"))
	if err != nil || len(days) != 7 {
		t.Errorf("one file per day: %v, %v", days, err)
	}
}

// TestCompactOfRandomFolders compares reports before and after over random worlds, cut into random
// files of which some are compacted earlier than others.
func TestCompactOfRandomFolders(t *testing.T) {
	top := t.TempDir()
	e := enginetest.New(t, top, 1)
	worlds := rapid.Custom(refDrawWorld)
	for seed := range 12 {
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		w := worlds.Example(seed)
		files := worldFiles(w)
		rows := strings.SplitAfter(strings.TrimPrefix(files["store_status.csv"], enginetest.StatusHead), "\n")
		rows = append(rows[:len(rows)-1], "a,perhaps,2010-01-01 00:00:00 UTC\n")
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		parts := make([]string, 1+random.IntN(3))
		for i := range parts {
			parts[i] = enginetest.StatusHead
		}
		for i, row := range rows {
			parts[i%len(parts)] += row
		}
		name := func(dir string, i int) string { return fmt.Sprintf("%s/data/store_status_%d.csv", dir, i) }
		delete(files, "store_status.csv")
		whole, dir := fmt.Sprintf("world %d", seed), fmt.Sprintf("world %d by day", seed)
		for _, d := range []string{whole, dir} {
			for file, text := range files {
				enginetest.WriteFiles(t, top, map[string]string{d + "/data/" + file: text})
			}
		}
		for i, text := range parts {
			enginetest.WriteFiles(t, top, map[string]string{name(whole, i): text, name(dir, i): text})
			if i == 0 || random.IntN(2) == 0 {
				compact(t, e, filepath.Join(top, dir))
			}
		}
		p := worldParameters(w)
		want, before := reportFiles(t, e, filepath.Join(top, whole), p)
		sameReport(t, e, filepath.Join(top, dir), p, want, before)
	}
}

// TestCompactKeepsFilesApart has what compact must leave alone, and what it takes besides CSV.
func TestCompactKeepsFilesApart(t *testing.T) {
	dir := t.TempDir()
	row := func(id, at string) string {
		return enginetest.Parquet(t, "SELECT '"+id+"' AS store_id, 'active' AS status, '"+at+"' AS timestamp_utc")
	}
	enginetest.WriteFiles(t, dir, map[string]string{
		"data/store_status.parquet":            row("p", "2024-10-07 10:00:00 UTC"),
		"data/store_status_new.csv":            enginetest.StatusHead + "n,active,2024-10-08 00:00:00 UTC\n",
		"data/store_status_bad.csv":            enginetest.StatusHead + "n,active,x\n",
		"data/store_status_none.csv":           enginetest.StatusHead,
		"data/status/day=2024-10-07/x.parquet": row("x", "2024-10-07 10:00:00 UTC"),
		"elsewhere.csv":                        enginetest.StatusHead + "l,active,2024-10-06 00:00:00 UTC\n",
	})
	if err := os.Symlink(filepath.Join(dir, "elsewhere.csv"), filepath.Join(dir, "data/store_status_link.csv")); err != nil {
		t.Fatal(err)
	}
	e := enginetest.New(t, dir, 2)
	want, before := reportFiles(t, e, dir, params.Parameters{})
	c, err := ingest.Compact(t.Context(), e, ingest.CompactRequest{Data: dir + "/data", Before: "2024-10-08 00:00:00 UTC", Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, f := range c.Left {
		left = append(left, f.File+": "+f.Reason)
	}
	if diff := cmp.Diff([]string{
		"status/day=2024-10-07/x.parquet: it is in a folder that another program wrote",
		"store_status_link.csv: it is a link, and its file may be needed elsewhere",
		"store_status_new.csv: it has observations that are not before 2024-10-08 00:00:00Z",
	}, left); diff != "" || len(c.Files) != 3 || c.Days != 1 {
		t.Errorf("got %+v\n%s", c, diff)
	}
	sameReport(t, e, dir, params.Parameters{}, want, before)
	if _, err := ingest.Compact(t.Context(), e, ingest.CompactRequest{Data: dir + "/data", Before: "soon", Now: enginetest.Now}); err == nil || !strings.Contains(err.Error(), `before "soon" is not a timestamp`) {
		t.Errorf("got %v", err)
	}
}
