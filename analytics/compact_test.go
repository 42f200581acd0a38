package analytics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// reportFiles makes a report and gives the bytes of the files that must be the same for the same data,
// and what report.json says of the reading.
func reportFiles(t rapid.TB, e *Engine, dir string, p Parameters) (map[string]string, Manifest) {
	t.Helper()
	reports := filepath.Join(dir, "reports")
	m, err := e.Report(context.Background(), Request{Data: filepath.Join(dir, "data"), Reports: reports, Parameters: p, Now: testNow})
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
func sameReport(t rapid.TB, e *Engine, dir string, p Parameters, want map[string]string, before Manifest) Manifest {
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

func compact(t rapid.TB, e *Engine, dir string) Compacted {
	t.Helper()
	c, err := e.Compact(context.Background(), CompactRequest{Data: filepath.Join(dir, "data"), Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// messyFolder has what compact must not lose: rejected rows, also ones with line breaks, repeated and
// conflicting rows in one file and in two, stores that were only seen long ago, number and UUID ids.
func messyFolder() map[string]string {
	return map[string]string{
		"data/store_status.csv": head +
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
	writeFiles(t, dir, messyFolder())
	e := testEngine(t, dir, 2)
	length := func(text string) *Length {
		l, err := ParseLength(text)
		if err != nil {
			t.Fatal(err)
		}
		return &l
	}
	parameters := []Parameters{
		{},
		{AsOf: "2024-10-08 00:00:00 UTC"},
		{AsOf: "2024-10-07 23:59:59.999999 UTC"},
		{AsOf: "2023-01-03 00:00:00 UTC"},
		{AsOf: "2022-01-01 00:00:00 UTC"},
		{AsOf: "2030-01-01 00:00:00 UTC"},
		{AsOf: "2024-10-16 10:00:00 UTC", MaxGap: length("2h"), Unobserved: "unknown"}, // the horizon begins within a day
		{AsOf: "2024-10-16 00:00:00 UTC"},                                              // and at the first instant of one
		{Windows: []Window{{"two_years", Length(730 * Day)}, {"last_hour", Length(Day / 24)}}},
		{Stores: []string{"long ago", "a"}},
	}
	want := make([]map[string]string, len(parameters))
	before := make([]Manifest, len(parameters))
	for i, p := range parameters {
		want[i], before[i] = reportFiles(t, e, dir, p)
	}
	check, err := e.Check(t.Context(), filepath.Join(dir, "data"), Parameters{}, testNow, nil)
	if err != nil {
		t.Fatal(err)
	}
	why, err := e.Explain(t.Context(), filepath.Join(dir, "data"), "a", Parameters{}, testNow, nil)
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
	after, err := e.Check(t.Context(), filepath.Join(dir, "data"), Parameters{}, testNow, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{check.AsOf, check.Quality, check.Rejects}, []any{after.AsOf, after.Quality, after.Rejects}); diff != "" {
		t.Errorf("check (-before +after):\n%s", diff)
	}
	again, err := e.Explain(t.Context(), filepath.Join(dir, "data"), "a", Parameters{}, testNow, nil)
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
	late := head + "a,active,2024-10-07 10:00:00 UTC\nlate,active,2024-10-07 12:00:00 UTC\n" +
		"long ago,inactive,2022-12-31 00:00:00 UTC\na,never,2024-10-07 10:00:00 UTC\na,active,2024-10-20 10:00:00 UTC\n"
	writeFiles(t, apart, files)
	e := testEngine(t, apart, 2)
	compact(t, e, apart)
	writeFiles(t, apart, map[string]string{"data/store_status.csv": late})
	all := testEngine(t, together, 2)
	files["data/store_status_late.csv"] = late
	writeFiles(t, together, files)
	check := func(when string) {
		t.Helper()
		for _, p := range []Parameters{{}, {AsOf: "2024-10-08 12:00:00 UTC"}, {AsOf: "2023-01-02 00:00:00 UTC"}} {
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
	e := testEngine(t, top, 1)
	worlds := rapid.Custom(refDrawWorld)
	for seed := range 12 {
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		w := worlds.Example(seed)
		files := worldFiles(w)
		rows := strings.SplitAfter(strings.TrimPrefix(files["store_status.csv"], head), "\n")
		rows = append(rows[:len(rows)-1], "a,perhaps,2010-01-01 00:00:00 UTC\n")
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		parts := make([]string, 1+random.IntN(3))
		for i := range parts {
			parts[i] = head
		}
		for i, row := range rows {
			parts[i%len(parts)] += row
		}
		name := func(dir string, i int) string { return fmt.Sprintf("%s/data/store_status_%d.csv", dir, i) }
		delete(files, "store_status.csv")
		whole, dir := fmt.Sprintf("world %d", seed), fmt.Sprintf("world %d by day", seed)
		for _, d := range []string{whole, dir} {
			for file, text := range files {
				writeFiles(t, top, map[string]string{d + "/data/" + file: text})
			}
		}
		for i, text := range parts {
			writeFiles(t, top, map[string]string{name(whole, i): text, name(dir, i): text})
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
		return parquetOf(t, "SELECT '"+id+"' AS store_id, 'active' AS status, '"+at+"' AS timestamp_utc")
	}
	writeFiles(t, dir, map[string]string{
		"data/store_status.parquet":            row("p", "2024-10-07 10:00:00 UTC"),
		"data/store_status_new.csv":            head + "n,active,2024-10-08 00:00:00 UTC\n",
		"data/store_status_bad.csv":            head + "n,active,x\n",
		"data/store_status_none.csv":           head,
		"data/status/day=2024-10-07/x.parquet": row("x", "2024-10-07 10:00:00 UTC"),
		"elsewhere.csv":                        head + "l,active,2024-10-06 00:00:00 UTC\n",
	})
	if err := os.Symlink(filepath.Join(dir, "elsewhere.csv"), filepath.Join(dir, "data/store_status_link.csv")); err != nil {
		t.Fatal(err)
	}
	e := testEngine(t, dir, 2)
	want, before := reportFiles(t, e, dir, Parameters{})
	c, err := e.Compact(t.Context(), CompactRequest{Data: dir + "/data", Before: "2024-10-08 00:00:00 UTC", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, f := range c.Left {
		left = append(left, f.File+": "+f.Reason)
	}
	if diff := cmp.Diff([]string{
		"status/day=2024-10-07/x.parquet: it is in a folder by day already, written by another program",
		"store_status_link.csv: it is a link, and its file may be needed elsewhere",
		"store_status_new.csv: it has observations that are not before 2024-10-08 00:00:00Z",
	}, left); diff != "" || len(c.Files) != 3 || c.Days != 1 {
		t.Errorf("got %+v\n%s", c, diff)
	}
	sameReport(t, e, dir, Parameters{}, want, before)
	if _, err := e.Compact(t.Context(), CompactRequest{Data: dir + "/data", Before: "soon", Now: testNow}); err == nil || !strings.Contains(err.Error(), `before "soon" is not a timestamp`) {
		t.Errorf("got %v", err)
	}
}

// TestReportsReadOnlyTheDaysTheyNeed spoils days: beyond the horizon that is a finding, inside it an
// error that names the file.
func TestReportsReadOnlyTheDaysTheyNeed(t *testing.T) {
	dir := t.TempDir()
	var rows strings.Builder
	for day := range 40 {
		for hour := range 24 {
			fmt.Fprintf(&rows, "store %d,active,%s\n", day%7, time.Date(2024, 9, 1+day, hour, 0, 0, 0, time.UTC).Format("2006-01-02 15:04:05 UTC"))
		}
	}
	writeFiles(t, dir, map[string]string{"data/store_status.csv": head + rows.String()})
	e := testEngine(t, dir, 2)
	want, before := reportFiles(t, e, dir, Parameters{})
	compact(t, e, dir)
	m := sameReport(t, e, dir, Parameters{}, want, before)
	if len(m.History.Read) != 9 || m.History.NotRead.Files != 31 || m.History.NotRead.Rows != 31*24 {
		t.Errorf("got %+v", m.History)
	}
	stored := func(day string) string {
		files, err := filepath.Glob(filepath.Join(dir, "data/status/day="+day+"/*.parquet"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %v, %v", day, files, err)
		}
		return files[0]
	}
	spoil := func(day string, change func(text []byte) []byte) func() {
		path := stored(day)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if changed := change(slices.Clone(text)); changed == nil {
			err = os.Remove(path)
		} else {
			err = os.WriteFile(path, changed, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		return func() {
			if err := errors.Join(os.WriteFile(path, text, 0o644), os.Chtimes(path, time.Time{}, info.ModTime())); err != nil {
				t.Fatal(err)
			}
		}
	}
	gone := func([]byte) []byte { return nil }
	longer := func(text []byte) []byte { return append(text, 'x') }
	flipped := func(text []byte) []byte { text[len(text)/2] ^= 1; return text }
	old := spoil("2024-09-05", longer)
	older := spoil("2024-09-04", gone)
	got, m := reportFiles(t, e, dir, Parameters{})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the old days were needed: %s", diff)
	}
	if !slices.ContainsFunc(m.Quality.Findings, func(f Finding) bool { return f.Code == "changed_days" && f.Count == 2 }) {
		t.Errorf("no finding of the days that have changed: %+v", m.Quality.Findings)
	}
	if _, err := e.Report(t.Context(), Request{Data: dir + "/data", Reports: dir + "/reports", Parameters: Parameters{AsOf: "2024-09-10 00:00:00 UTC"}, Now: testNow}); err == nil || !strings.Contains(err.Error(), "day=2024-09-04") {
		t.Errorf("an old report did without its days: %v", err)
	}
	old()
	older()
	for name, c := range map[string]struct {
		change func([]byte) []byte
		want   string
	}{
		"missing": {gone, "is missing: status/manifest.json says that its 24 rows count"},
		"longer":  {longer, "it was changed; put the right one back"},
		"flipped": {flipped, "is not what compact wrote: its SHA-256"},
	} {
		back := spoil("2024-10-05", c.change)
		_, err := e.Report(t.Context(), Request{Data: dir + "/data", Reports: dir + "/reports", Now: testNow})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "status/day=2024-10-05/compact-") {
			t.Errorf("%s: %v", name, err)
		}
		back()
	}
	// bytes that are spoilt behind its back show when they are read
	info, err := os.Stat(stored("2024-10-05"))
	if err != nil {
		t.Fatal(err)
	}
	back := spoil("2024-10-05", func(text []byte) []byte { return make([]byte, len(text)) })
	if err := os.Chtimes(stored("2024-10-05"), time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Report(t.Context(), Request{Data: dir + "/data", Reports: dir + "/reports", Now: testNow}); err == nil || !strings.Contains(err.Error(), "day=2024-10-05/compact-") {
		t.Errorf("zeros: %v", err)
	}
	back()
	// a copy of the folder has other times, and the same bytes
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(stored("2024-10-05"), later, later); err != nil {
		t.Fatal(err)
	}
	sameReport(t, e, dir, Parameters{}, want, before)
}

// TestManifestOfStatus has what must not be believed.
func TestManifestOfStatus(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, messyFolder())
	e := testEngine(t, dir, 2)
	compact(t, e, dir)
	path := filepath.Join(dir, "data", historyFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(h *history) any
		want   string
	}{
		"version": {func(h *history) any { h.Version = 2; return h }, "status/manifest.json: its version is 2, this program reads 1"},
		"outside": {func(h *history) any { h.Days[0].File = "../x.parquet"; return h }, `"../x.parquet" is not a file of status/`},
		"rows":    {func(h *history) any { h.Days = h.Days[1:]; return h }, "its days have 10 rows, the files that went into them 11"},
		"no JSON": {func(*history) any { return "x" }, "compact alone writes it"},
	} {
		var h history
		if err := json.Unmarshal(text, &h); err != nil {
			t.Fatal(err)
		}
		changed, err := json.Marshal(c.change(&h))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, changed, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Check(t.Context(), dir+"/data", Parameters{}, testNow, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := e.Compact(t.Context(), CompactRequest{Data: dir + "/data", Now: testNow}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: compact went on: %v", name, err)
		}
	}
	// without a manifest the days are read as those of any other program
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	found, err := e.Check(t.Context(), dir+"/data", Parameters{}, testNow, nil)
	if err != nil || found.Quality.RowsRead != 11+4+2 {
		t.Errorf("%d rows, %v", found.Quality.RowsRead, err)
	}
}

func TestTwoCompacts(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, messyFolder())
	unlock, err := lockHistory(dir + "/data")
	if err != nil {
		t.Fatal(err)
	}
	e := testEngine(t, dir, 1)
	if _, err := e.Compact(t.Context(), CompactRequest{Data: dir + "/data", Now: testNow}); !errors.Is(err, ErrCompacting) {
		t.Errorf("got %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	compact(t, e, dir)
	if _, err := e.Compact(t.Context(), CompactRequest{Data: dir + "/none", Now: testNow}); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir + "/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder was made")
	}
}

// TestCompactWhileAReportReads lets a whole compact happen between the look at the folder and the
// reading of its files: first CSV files go away, then days that are made anew.
func TestCompactWhileAReportReads(t *testing.T) {
	dir := t.TempDir()
	files := messyFolder()
	writeFiles(t, dir, files)
	e, other := testEngine(t, dir, 2), testEngine(t, dir, 1)
	for round, late := range []string{"", head + "a,active,2024-10-07 12:00:00 UTC\na,active,2024-10-08 12:00:00 UTC\n"} {
		if late != "" {
			writeFiles(t, dir, map[string]string{"data/store_status_late.csv": late})
		}
		want, before := reportFiles(t, e, dir, Parameters{})
		done := false
		m, err := e.Report(t.Context(), Request{Data: dir + "/data", Reports: dir + "/reports", Now: testNow, Progress: func(step string, _, _ int) {
			if step == "read" && !done {
				done = true
				if c := compact(t, other, dir); len(c.Files) == 0 {
					t.Error("nothing was compacted")
				}
			}
		}})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for name, text := range want {
			got, err := os.ReadFile(filepath.Join(dir, "reports", m.ReportID, name))
			if err != nil || string(got) != text {
				t.Errorf("round %d: %s has other bytes, %v", round, name, err)
			}
		}
		if diff := cmp.Diff(before.Quality, m.Quality); diff != "" {
			t.Errorf("round %d: %s", round, diff)
		}
		if m.Steps[0].Name != "read" || m.Steps[1].Name == "read" {
			t.Errorf("steps %v", m.Steps)
		}
	}
}

// TestCompactedFolderOfAServer changes fingerprint and checks with the manifest, and leaves a file
// alone that is on its way to the archive.
func TestCompactedFolderOfAServer(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, messyFolder())
	e := testEngine(t, dir, 2)
	data := &DataFolder{Engine: e, Dir: dir + "/data", Now: func() time.Time { return testNow }}
	fingerprint := func() string {
		f, err := inputsFingerprint(data.Dir)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	before := fingerprint()
	found, err := data.Check(t.Context())
	if err != nil || found.History != nil {
		t.Fatalf("%+v, %v", found.History, err)
	}
	compact(t, e, dir)
	if fingerprint() == before {
		t.Error("the fingerprint does not know of the manifest")
	}
	if found, err = data.Check(t.Context()); err != nil || found.History == nil || found.Inputs[2].Archive != "archive/store_status.csv" {
		t.Errorf("%+v, %v", found, err)
	}
	var compacted *CompactedFileError
	if err := data.Delete("status", "store_status.csv"); !errors.As(err, &compacted) || !strings.Contains(err.Error(), "archive/store_status.csv") {
		t.Errorf("delete of a compacted file: %v", err)
	}
	if err := data.Delete("status", "store_status_x.csv"); !errors.Is(err, ErrNoFile) {
		t.Errorf("delete of no file: %v", err)
	}
	// as after a crash between the switch and the move
	h, err := readHistory(data.Dir)
	if err != nil {
		t.Fatal(err)
	}
	h.Originals[1].Archived = false
	original := h.Originals[1]
	if err := errors.Join(h.save(data.Dir), os.Rename(filepath.Join(data.Dir, original.Archive), filepath.Join(data.Dir, original.File))); err != nil {
		t.Fatal(err)
	}
	if err := data.Delete("status", original.File); !errors.As(err, &compacted) {
		t.Errorf("delete of a file that waits for the archive: %v", err)
	}
	if found, err = data.Check(t.Context()); err != nil || found.Quality.RowsRead != 15+6 {
		t.Errorf("%d rows, %v", found.Quality.RowsRead, err)
	}
	// another file of its name counts, and goes as always
	if _, err := data.Put(t.Context(), "status", original.File, strings.NewReader(head+goodRow), 0, false); err != nil {
		t.Fatal(err)
	}
	if found, err = data.Check(t.Context()); err != nil || found.Quality.RowsRead != 15+6+1 {
		t.Errorf("%d rows, %v", found.Quality.RowsRead, err)
	}
	if c := compact(t, e, dir); len(c.Files) != 1 {
		t.Errorf("got %+v", c)
	}
}
