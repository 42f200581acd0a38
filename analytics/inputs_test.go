package analytics_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/ingest"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// TestOddFolder: what nobody can read is a finding under any other name, and an error under that of a set.
func TestOddFolder(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "caf\xe9.txt": "x", "notes.txt": enginetest.StatusHead + enginetest.StatusRow,
		"status/day=2024-10-07": "no folder", "menu_hours_old/.part.crc": "x", "timezones/part-0.txt": "x", "timezones/more/part.csv": "x", "status/other.parquet": "x", "status/day=2024-10-08/x.csv": enginetest.StatusHead})
	for name, make := range map[string]func(string) error{
		"loop":     func(path string) error { return os.Symlink("loop", path) },
		"nowhere":  func(path string) error { return os.Symlink("gone", path) },
		"pipe.csv": func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"day.csv":  func(path string) error { return os.Symlink("store_status.csv", path) },
	} {
		if err := make(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	found, err := report.CheckData(context.Background(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}, report.Request{Data: dir, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	var unread []string
	for _, f := range found.Unread {
		unread = append(unread, f.File)
	}
	slices.Sort(unread)
	want := []string{"caf\ufffd.txt", "day.csv", "loop", "menu_hours_old/", "notes.txt", "nowhere", "pipe.csv", "status/day=2024-10-07",
		"status/day=2024-10-08/x.csv", "status/other.parquet", "timezones/more", "timezones/part-0.txt"}
	if diff := cmp.Diff(want, unread); diff != "" {
		t.Error(diff)
	}
	if _, err := input.Fingerprint(t.Context(), dir); err != nil {
		t.Error(err)
	}
	if i := slices.IndexFunc(found.Unread, func(f input.UnreadFile) bool { return f.File == "notes.txt" }); !strings.Contains(found.Unread[i].Hint, "store_status.csv would be read") {
		t.Errorf("hint %q", found.Unread[i].Hint)
	}
	for name, want := range map[string]string{"store_status_b.csv": "no regular file", "store_status_\xff.csv": "not UTF-8", "store_status_gone.csv": "no such file"} {
		path := filepath.Join(dir, name)
		var err error
		switch want {
		case "no regular file":
			err = syscall.Mkfifo(path, 0o600)
		case "no such file":
			err = os.Symlink("gone", path)
		default:
			err = os.WriteFile(path, []byte(enginetest.StatusHead), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := input.ReadFolder(t.Context(), dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPackedAsItsNameSays also where the name is that of a link.
func TestPackedAsItsNameSays(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	enginetest.WriteFiles(t, outside, map[string]string{"blob": enginetest.Gzip(t, enginetest.StatusHead+enginetest.StatusRow)})
	if err := os.Symlink(filepath.Join(outside, "blob"), filepath.Join(dir, "store_status.csv.gz")); err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Folders: []string{dir}, Files: input.LinkedFiles(t.Context(), dir)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	found, err := report.CheckData(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: dir, Now: enginetest.Now})
	if err != nil || len(found.Inputs) != 1 || found.Inputs[0].Rows != 1 || found.Inputs[0].Rejected != 0 {
		t.Errorf("%v %v", found.Inputs, err)
	}
}

// TestFoldersWithSignsOfPatterns: a folder may have any name, also one that is a pattern to DuckDB.
func TestFoldersWithSignsOfPatterns(t *testing.T) {
	root := t.TempDir()
	data, reports := filepath.Join(root, "q[1]*?'%"), filepath.Join(root, "r[2]")
	enginetest.WriteFiles(t, data, map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "timezones.parquet": enginetest.Parquet(t, "SELECT 'a' AS store_id, 'UTC' AS timezone_str")})
	if err := os.Mkdir(reports, 0o755); err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Folders: []string{data, reports}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, step := range []string{"as files", "by day"} {
		m, err := report.Make(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: data, Reports: reports, Now: enginetest.Now})
		if err != nil || m.Stores != 1 || m.Quality.RowsRead != 2 {
			t.Fatalf("%s: %d stores, %d rows, %v", step, m.Stores, m.Quality.RowsRead, err)
		}
		if _, err := (report.Reader{Engine: e}).Zones(t.Context(), filepath.Join(reports, m.ReportID), "last_hour"); err != nil {
			t.Errorf("%s: %v", step, err)
		}
		if _, err := ingest.Compact(t.Context(), e, ingest.CompactRequest{Data: data, Now: enginetest.Now}); err != nil {
			t.Errorf("%s: %v", step, err)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no_status_file":     {map[string]string{"menu_hours.csv": "x"}, "holds no status file"},
		"empty_file":         {map[string]string{"store_status.csv": ""}, "store_status.csv: the file is empty"},
		"only_blank_lines":   {map[string]string{"store_status.csv": "\n\n"}, "store_status.csv: the file is empty"},
		"missing_column":     {map[string]string{"store_status.csv": "store_id,status\n"}, "store_status.csv: no column timestamp_utc (also known as timestamp)"},
		"two_aliases":        {map[string]string{"store_status.csv": "store_id,status,timestamp,timestamp_utc\n"}, `store_status.csv: columns "timestamp" and "timestamp_utc" both mean timestamp_utc`},
		"bad_gzip":           {map[string]string{"store_status.csv.gz": "not packed"}, "store_status.csv.gz: it is not compressed with gzip, as its name says"},
		"bad_parquet":        {map[string]string{"store_status.parquet": "PAR1 no"}, "store_status.parquet: "},
		"quote_in_header":    {map[string]string{"store_status.csv": "\"store_id,status,timestamp\nx\n"}, "line 1, the header: quote that never closes"},
		"header_of_zone_set": {map[string]string{"store_status.csv": enginetest.StatusHead, "timezones.csv": "store_id,zone\na,b\n"}, "timezones.csv: no column timezone_str"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			enginetest.WriteFiles(t, dir, c.files)
			if _, err := report.CheckData(t.Context(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}, report.Request{Data: dir, Now: enginetest.Now}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
	e := enginetest.New(t, t.TempDir(), 1)
	if _, err := report.CheckData(context.Background(), pipeline.Engines{DuckDB: e}, report.Request{Data: "/no/such/folder", Now: enginetest.Now}); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("got %v", err)
	}
	var parameter *params.Error
	if _, err := report.CheckData(context.Background(), pipeline.Engines{DuckDB: e}, report.Request{Data: ".", Parameters: params.Parameters{Interpolation: "linear"}, Now: enginetest.Now}); !errors.As(err, &parameter) {
		t.Errorf("got %v", err)
	}
}
