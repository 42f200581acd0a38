package analytics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/ingest"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

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
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": enginetest.StatusHead + rows.String()})
	e := enginetest.New(t, dir, 2)
	want, before := reportFiles(t, e, dir, params.Parameters{})
	compact(t, e, dir)
	m := sameReport(t, e, dir, params.Parameters{}, want, before)
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
	got, m := reportFiles(t, e, dir, params.Parameters{})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the old days were needed: %s", diff)
	}
	if !slices.ContainsFunc(m.Quality.Findings, func(f pipeline.Finding) bool { return f.Code == "changed_days" && f.Count == 2 }) {
		t.Errorf("no finding of the days that have changed: %+v", m.Quality.Findings)
	}
	if _, err := report.Make(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: dir + "/data", Reports: dir + "/reports", Parameters: params.Parameters{AsOf: "2024-09-10 00:00:00 UTC"}, Now: enginetest.Now}); err == nil || !strings.Contains(err.Error(), "day=2024-09-04") {
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
		_, err := report.Make(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: dir + "/data", Reports: dir + "/reports", Now: enginetest.Now})
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
	if _, err := report.Make(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: dir + "/data", Reports: dir + "/reports", Now: enginetest.Now}); err == nil || !strings.Contains(err.Error(), "day=2024-10-05/compact-") {
		t.Errorf("zeros: %v", err)
	}
	back()
	// a copy of the folder has other times, and the same bytes
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(stored("2024-10-05"), later, later); err != nil {
		t.Fatal(err)
	}
	sameReport(t, e, dir, params.Parameters{}, want, before)
}

// TestCalendarWindowsReadOnlyTheDaysTheyNeed has windows of dates: the zones of the stores are not known when the days
// are picked, so two days more than needed are read, and no others.
func TestCalendarWindowsReadOnlyTheDaysTheyNeed(t *testing.T) {
	dir := t.TempDir()
	var rows strings.Builder
	for day := range 70 {
		for hour := range 24 {
			fmt.Fprintf(&rows, "store %d,%s,%s\n", (day+hour)%7, []string{"active", "inactive"}[hour%2],
				time.Date(2024, 8, 1+day, hour, 0, 0, 0, time.UTC).Format("2006-01-02 15:04:05 UTC"))
		}
	}
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": enginetest.StatusHead + rows.String(),
		"data/timezones.csv": "store_id,timezone_str\nstore 0,Pacific/Kiritimati\nstore 1,Pacific/Pago_Pago\n"})
	e := enginetest.New(t, dir, 2)
	type files struct {
		want   map[string]string
		before report.Manifest
	}
	cases := []struct {
		dates string
		read  int
	}{
		{"2024-10-08", 9}, // what no window needs: observations of seven days before as_of always count
		{"2024-W40", 12},  // Mon 30 Sep; the first midnight of it anywhere is 10:00 UTC of the 29th, evidence counts from a day before
		{"2024-09", 41},
		{"2024-08-01/2024-08-03", 70},
	}
	made := map[string]files{}
	windows := func(dates string) params.Parameters {
		w, err := params.ParseWindow(dates)
		if err != nil {
			t.Fatal(err)
		}
		return params.Parameters{Windows: []params.Window{w}}
	}
	for _, c := range cases {
		want, before := reportFiles(t, e, dir, windows(c.dates))
		made[c.dates] = files{want, before}
	}
	compact(t, e, dir)
	for _, c := range cases {
		m := sameReport(t, e, dir, windows(c.dates), made[c.dates].want, made[c.dates].before)
		if len(m.History.Read) != c.read || m.History.NotRead.Files != 70-c.read {
			t.Errorf("%s: read %d days from %s on, %d not, want %d", c.dates, len(m.History.Read), m.History.Read[0].File, m.History.NotRead.Files, c.read)
		}
	}
}

// TestManifestOfStatus has what must not be believed.
func TestManifestOfStatus(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, messyFolder())
	e := enginetest.New(t, dir, 2)
	compact(t, e, dir)
	path := filepath.Join(dir, "data", input.ManifestFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(h *input.History) any
		want   string
	}{
		"version": {func(h *input.History) any { h.Version = 2; return h }, "status/manifest.json: its version is 2, this program reads 1"},
		"outside": {func(h *input.History) any { h.Days[0].File = "../x.parquet"; return h }, `"../x.parquet" is not a file of status/`},
		"rows":    {func(h *input.History) any { h.Days = h.Days[1:]; return h }, "its days have 10 rows, the files that went into them 11"},
		"no JSON": {func(*input.History) any { return "x" }, "compact alone writes it"},
	} {
		var h input.History
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
		if _, err := report.CheckData(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: dir + "/data", Now: enginetest.Now}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := ingest.Compact(t.Context(), e, ingest.CompactRequest{Data: dir + "/data", Now: enginetest.Now}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: compact went on: %v", name, err)
		}
	}
	// without a manifest the days are read as those of any other program
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	found, err := report.CheckData(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: dir + "/data", Now: enginetest.Now})
	if err != nil || found.Quality.RowsRead != 11+4+2 {
		t.Errorf("%d rows, %v", found.Quality.RowsRead, err)
	}
}

func TestTwoCompacts(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, messyFolder())
	unlock, err := ingest.LockHistory(dir + "/data")
	if err != nil {
		t.Fatal(err)
	}
	e := enginetest.New(t, dir, 1)
	if _, err := ingest.Compact(t.Context(), e, ingest.CompactRequest{Data: dir + "/data", Now: enginetest.Now}); !errors.Is(err, ingest.ErrCompacting) {
		t.Errorf("got %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	compact(t, e, dir)
	if _, err := ingest.Compact(t.Context(), e, ingest.CompactRequest{Data: dir + "/none", Now: enginetest.Now}); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir + "/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder was made")
	}
}

// TestCompactWhileAReportReads lets a whole compact happen between the look at the folder and the
// reading of its files: first CSV files go away, then days that are rewritten.
func TestCompactWhileAReportReads(t *testing.T) {
	dir := t.TempDir()
	files := messyFolder()
	enginetest.WriteFiles(t, dir, files)
	e, other := enginetest.New(t, dir, 2), enginetest.New(t, dir, 1)
	for round, late := range []string{"", enginetest.StatusHead + "a,active,2024-10-07 12:00:00 UTC\na,active,2024-10-08 12:00:00 UTC\n"} {
		if late != "" {
			enginetest.WriteFiles(t, dir, map[string]string{"data/store_status_late.csv": late})
		}
		want, before := reportFiles(t, e, dir, params.Parameters{})
		done := false
		m, err := report.Make(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: dir + "/data", Reports: dir + "/reports", Now: enginetest.Now, Progress: func(step string, _, _ int) {
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
	enginetest.WriteFiles(t, dir, messyFolder())
	e := enginetest.New(t, dir, 2)
	data := &ingest.Folder{Engines: pipeline.Engines{DuckDB: e}, Dir: dir + "/data", Now: func() time.Time { return enginetest.Now }}
	fingerprint := func() string {
		f, err := input.Fingerprint(t.Context(), data.Dir)
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
	var compacted *ingest.CompactedFileError
	if err := data.Delete("status", "store_status.csv"); !errors.As(err, &compacted) || !strings.Contains(err.Error(), "archive/store_status.csv") {
		t.Errorf("delete of a compacted file: %v", err)
	}
	if err := data.Delete("status", "store_status_x.csv"); !errors.Is(err, ingest.ErrNoFile) {
		t.Errorf("delete of no file: %v", err)
	}
	// as after a crash between the switch and the move
	h, err := input.ReadHistory(data.Dir)
	if err != nil {
		t.Fatal(err)
	}
	h.Originals[1].Archived = false
	original := h.Originals[1]
	if err := errors.Join(h.Save(data.Dir), os.Rename(filepath.Join(data.Dir, original.Archive), filepath.Join(data.Dir, original.File))); err != nil {
		t.Fatal(err)
	}
	if err := data.Delete("status", original.File); !errors.As(err, &compacted) {
		t.Errorf("delete of a file that waits for the archive: %v", err)
	}
	if found, err = data.Check(t.Context()); err != nil || found.Quality.RowsRead != 15+6 {
		t.Errorf("%d rows, %v", found.Quality.RowsRead, err)
	}
	// another file of its name counts, and goes as always
	if _, err := data.Put(t.Context(), "status", original.File, strings.NewReader(enginetest.StatusHead+enginetest.StatusRow), 0, false); err != nil {
		t.Fatal(err)
	}
	if found, err = data.Check(t.Context()); err != nil || found.Quality.RowsRead != 15+6+1 {
		t.Errorf("%d rows, %v", found.Quality.RowsRead, err)
	}
	if c := compact(t, e, dir); len(c.Files) != 1 {
		t.Errorf("got %+v", c)
	}
}
