package test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/ingest"
)

// folderOf is a data folder of a few lines.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const statusHead = "store_id,status,timestamp_utc\n"

// TestCLIFaults: what the CLI cannot read, or is asked wrongly, is an error that says what and where.
func TestCLIFaults(t *testing.T) {
	good := "a,active,2024-10-08 10:14:00 UTC\n"
	for name, c := range map[string]struct {
		files map[string]string
		ask   string
		want  string
	}{
		"no column":                      {map[string]string{"store_status.csv": "store_id,status\n"}, "FROM report", "store_status.csv: no column timestamp_utc"},
		"column twice":                   {map[string]string{"store_status.csv": "timestamp," + statusHead}, "FROM report", "store_status.csv: several columns mean timestamp_utc"},
		"empty file":                     {map[string]string{"store_status.csv": ""}, "FROM report", "store_status.csv: no column store_id"},
		"fewer cells":                    {map[string]string{"store_status.csv": statusHead + good + "b,active\n"}, "FROM report", "CSV Error on Line: 3"},
		"no UTF-8":                       {map[string]string{"store_status.csv": statusHead + "\xff,active,2024-10-08 10:14:00 UTC\n"}, "FROM report", "Invalid unicode"},
		"no UTF-8 behind another column": {map[string]string{"store_status.csv": "note," + statusHead + "1,a,active,2024-10-08 10:14:00\xff\n"}, "FROM report", "Invalid unicode"},
		"not TEMP":                       {map[string]string{"store_status.csv": statusHead + good}, "CREATE VIEW params AS FROM parameters(max_gap := '2h'); FROM report", "replace params by CREATE OR REPLACE TEMP VIEW params"},
		"interpolation":                  {map[string]string{"store_status.csv": statusHead + good}, "FROM parameters(interpolation := 'linear')", `interpolation "linear": must be nearest, previous or next`},
		"length":                         {map[string]string{"store_status.csv": statusHead + good}, "FROM parameters(max_gap := '2 hours')", `"2 hours" is not a length: write it like 90s, 45m, 1h30m or 7d`},
		"no polls":                       {map[string]string{"store_status.csv": statusHead}, "SELECT count(*) FROM report", "no status row was accepted, so there is no latest observation: give as_of"},
		"no status":                      {map[string]string{"menu_hours.csv": "store_id,day,start_time_local,end_time_local\n"}, "SELECT count(*) FROM report", "holds no status file: one named store_status*.csv"},
		"as_of":                          {map[string]string{"store_status.csv": statusHead + good}, "FROM windows_until(as_of := 'yesterday')", `as_of "yesterday" is not a timestamp of a known form`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, stderr, code := newCLI(t, folderOf(t, c.files), t.TempDir()).run("-bail", "-init", "sql/init.sql", "-c", c.ask)
			if code == 0 || !strings.Contains(stderr, c.want) {
				t.Errorf("exit code %d: %s\nwant: %s", code, stderr, c.want)
			}
		})
	}
}

// TestCLIBareFolders: other sets and reports that are not there are empty, and rows that DuckDB cannot
// take apart can be left out.
func TestCLIBareFolders(t *testing.T) {
	ask := func(c duckdbCLI, statements ...string) string {
		return strings.TrimSpace(c.ask("-list", append([]string{".headers off"}, statements...)...))
	}
	if got := ask(newCLI(t, t.TempDir(), t.TempDir()), "SELECT count(*) FROM zones_rows", "SELECT count(*) FROM reports"); got != "0\n0" {
		t.Errorf("an empty folder: %s", got)
	}
	if got := ask(newCLI(t, folderOf(t, map[string]string{"store_status.csv": statusHead}), t.TempDir()),
		"CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until(as_of := '2024-10-08 10:14:00 UTC')", "SELECT count(*) FROM report"); got != "0" {
		t.Errorf("without polls, up to an instant given: %s", got)
	}
	data := folderOf(t, map[string]string{"store_status.csv": statusHead +
		"a,active,2024-10-08 10:14:00 UTC\nb,active\nc,active,2024-10-08 10:14:00 UTC,x\nd,inactive,2024-10-08 11:14:00 UTC\n"})
	got := ask(newCLI(t, data, t.TempDir()), "SET VARIABLE skip_bad_rows = true", "SELECT store_id, timezone, uptime_seconds FROM report WHERE time_window = 'last_hour'")
	if diff := cmp.Diff("a|America/Chicago|3600.0\nd|America/Chicago|0.0", got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestCLIMissesDays: an answer from other days than compact wrote would be a wrong number.
func TestCLIMissesDays(t *testing.T) {
	data := folderOf(t, map[string]string{"store_status.csv": statusHead +
		"a,active,2024-10-07 10:14:00 UTC\na,inactive,2024-10-08 10:14:00 UTC\nb,inactive,2024-10-08 11:14:00 UTC\n"})
	e, folders := sqlEngine(t, data)
	if _, err := ingest.Compact(t.Context(), e, ingest.CompactRequest{Data: folders[0], Now: sqlTestNow}); err != nil {
		t.Fatal(err)
	}
	days, err := filepath.Glob(filepath.Join(data, "status", "day=*", "*.parquet"))
	if err != nil || len(days) != 2 {
		t.Fatal(days, err)
	}
	cli := newCLI(t, data, t.TempDir())
	const asked = "SELECT sum(downtime_seconds) FROM report"
	cli.ask("-list", asked)
	refused := func(want string) {
		t.Helper()
		_, stderr, code := cli.run("-bail", "-init", "sql/init.sql", "-c", asked)
		if code == 0 || !strings.Contains(stderr, "status/day=2024-10-07/") || !strings.Contains(stderr, want) {
			t.Errorf("exit code %d: %s\nwant: %s", code, stderr, want)
		}
	}
	other, err := os.ReadFile(days[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(days[0], other, 0o644); err != nil {
		t.Fatal(err)
	}
	refused("that compact wrote: it was changed; put the right one back")
	if err := os.Remove(days[0]); err != nil {
		t.Fatal(err)
	}
	refused("is missing: status/manifest.json says that its 1 rows count; put it back")
}

// TestOtherParameters runs what docs/sql.md says of parameters, and goes back to the defaults.
func TestOtherParameters(t *testing.T) {
	page, err := os.ReadFile("docs/sql.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)## Other parameters\n.*?```sql\n(.*?)```").FindSubmatch(page)
	if found == nil {
		t.Fatal("docs/sql.md has no example of other parameters")
	}
	asked := "SELECT DISTINCT time_window, window_end, interpolation, unobserved, max_gap_us FROM report CROSS JOIN params ORDER BY ALL"
	got := newCLI(t, "test/testdata/sql", t.TempDir()).ask("-list", ".headers off", string(found[1]), asked, ".read sql/init.sql", asked,
		".read sql/keep.sql", asked, "CREATE OR REPLACE TEMP VIEW wanted_stores AS SELECT '1001' AS store_id", "SELECT DISTINCT store_id FROM report")
	other := func(window string) string {
		return window + "|2024-10-12 04:00:00+00|previous|unknown|7200000000\n"
	}
	usual := ""
	for _, window := range []string{"last_day", "last_hour", "last_week"} {
		usual += window + "|2024-10-14 21:50:00+00|nearest|nearest|1000000000000000000\n"
	}
	if diff := cmp.Diff(other("last_hour")+other("october")+usual+usual+"1001\n", got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
