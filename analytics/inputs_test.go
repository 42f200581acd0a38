package analytics

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
)

// TestOddFolder: what nobody can read is a finding under any other name, and an error under that of a set.
func TestOddFolder(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"store_status.csv": head + goodRow, "caf\xe9.txt": "x", "notes.txt": head + goodRow,
		"status/day=2024-10-07": "no folder", "status/other.parquet": "x", "status/day=2024-10-08/x.csv": head})
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
	found, err := CheckData(context.Background(), Engines{DuckDB: testEngine(t, dir, 1)}, dir, Parameters{}, testNow, nil)
	if err != nil {
		t.Fatal(err)
	}
	var unread []string
	for _, f := range found.Unread {
		unread = append(unread, f.File)
	}
	slices.Sort(unread)
	want := []string{"caf\ufffd.txt", "day.csv", "loop", "notes.txt", "nowhere", "pipe.csv", "status/day=2024-10-07",
		"status/day=2024-10-08/x.csv", "status/other.parquet"}
	if diff := cmp.Diff(want, unread); diff != "" {
		t.Error(diff)
	}
	if _, err := inputsFingerprint(t.Context(), dir); err != nil {
		t.Error(err)
	}
	if i := slices.IndexFunc(found.Unread, func(f UnreadFile) bool { return f.File == "notes.txt" }); !strings.Contains(found.Unread[i].Hint, "store_status.csv would be read") {
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
			err = os.WriteFile(path, []byte(head), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lookAt(t.Context(), dir); err == nil || !strings.Contains(err.Error(), want) {
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
	writeFiles(t, outside, map[string]string{"blob": gzipped(t, head+goodRow)})
	if err := os.Symlink(filepath.Join(outside, "blob"), filepath.Join(dir, "store_status.csv.gz")); err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(t.Context(), Options{SQL: os.DirFS("../sql"), Folders: []string{dir}, Files: LinkedFiles(t.Context(), dir)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	found, err := CheckData(t.Context(), Engines{DuckDB: e}, dir, Parameters{}, testNow, nil)
	if err != nil || len(found.Inputs) != 1 || found.Inputs[0].Rows != 1 || found.Inputs[0].Rejected != 0 {
		t.Errorf("%v %v", found.Inputs, err)
	}
}

// TestFoldersWithSignsOfPatterns: a folder may have any name, also one that is a pattern to DuckDB.
func TestFoldersWithSignsOfPatterns(t *testing.T) {
	root := t.TempDir()
	data, reports := filepath.Join(root, "q[1]*?'%"), filepath.Join(root, "r[2]")
	writeFiles(t, data, map[string]string{"store_status.csv": head + goodRow, "timezones.parquet": parquetOf(t, "SELECT 'a' AS store_id, 'UTC' AS timezone_str")})
	if err := os.Mkdir(reports, 0o755); err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(t.Context(), Options{SQL: os.DirFS("../sql"), Folders: []string{data, reports}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, step := range []string{"as files", "by day"} {
		m, err := MakeReport(t.Context(), Engines{DuckDB: e}, Request{Data: data, Reports: reports, Now: testNow})
		if err != nil || m.Stores != 1 || m.Quality.RowsRead != 2 {
			t.Fatalf("%s: %d stores, %d rows, %v", step, m.Stores, m.Quality.RowsRead, err)
		}
		if _, err := (Reader{Engine: e}).Zones(t.Context(), filepath.Join(reports, m.ReportID), "last_hour"); err != nil {
			t.Errorf("%s: %v", step, err)
		}
		if _, err := Compact(t.Context(), e, CompactRequest{Data: data, Now: testNow}); err != nil {
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
		"bad_gzip":           {map[string]string{"store_status.csv.gz": "not packed"}, "store_status.csv.gz: gzip: invalid header"},
		"bad_parquet":        {map[string]string{"store_status.parquet": "PAR1 no"}, "store_status.parquet: "},
		"quote_in_header":    {map[string]string{"store_status.csv": "\"store_id,status,timestamp\nx\n"}, "line 1, the header: quote that never closes"},
		"header_of_zone_set": {map[string]string{"store_status.csv": head, "timezones.csv": "store_id,zone\na,b\n"}, "timezones.csv: no column timezone_str"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := load(t, c.files); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
	e := testEngine(t, t.TempDir(), 1)
	if _, err := CheckData(context.Background(), Engines{DuckDB: e}, "/no/such/folder", Parameters{}, testNow, nil); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("got %v", err)
	}
	var parameter *ParameterError
	if _, err := CheckData(context.Background(), Engines{DuckDB: e}, ".", Parameters{Interpolation: "linear"}, testNow, nil); !errors.As(err, &parameter) {
		t.Errorf("got %v", err)
	}
}
