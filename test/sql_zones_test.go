package test

import (
	"encoding/csv"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/zoneinfo"
)

// zonePeriods asks for the periods in the calendar of a report with a window of 400 days.
func zonePeriods(t *testing.T, c duckdbCLI, asOf string) [][]string {
	t.Helper()
	answer := c.ask("-csv", "CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until(as_of := '"+asOf+" 12:00 UTC', lengths := MAP {'all': '400d'})",
		`SELECT z.zone, CASE WHEN z.starts_us <= p.earliest_us THEN -forever_us() ELSE z.starts_us END AS starts_us,
			CASE WHEN z.ends_us >= p.latest_us THEN forever_us() ELSE z.ends_us END AS ends_us, z.offset_us, p.earliest_us, p.latest_us
		FROM zone_periods AS z JOIN report_bounds AS p ON z.ends_us > p.earliest_us AND z.starts_us < p.latest_us ORDER BY z.zone, starts_us`)
	rows, err := csv.NewReader(strings.NewReader(answer)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// TestCLIZonePeriods compares the periods of every zone in the CLI with those of the program.
func TestCLIZonePeriods(t *testing.T) {
	t.Parallel()
	rules, err := zoneinfo.Open("")
	if err != nil {
		t.Fatal(err)
	}
	names, err := rules.Names()
	if err != nil {
		t.Fatal(err)
	}
	stores := "store_id,timezone_str\n"
	for i, name := range names {
		stores += fmt.Sprintf("%d,%s\n", i, name)
	}
	c := newCLI(t, folderOf(t, map[string]string{"store_status.csv": statusHead + "1,active,2024-10-08 15:10 UTC\n", "timezones.csv": stores}), t.TempDir())
	if got := c.ask("-csv", "SELECT zone FROM zone_names ORDER BY zone"); got != "zone\n"+strings.Join(names, "\n")+"\n" {
		t.Errorf("zone_names: %s", got)
	}
	for _, asOf := range []string{"1971-06-01", "2026-11-05", "2087-06-01", "2099-09-30"} {
		got := zonePeriods(t, c, asOf)
		var earliest, latest int64
		if _, err := fmt.Sscan(got[0][4]+" "+got[0][5], &earliest, &latest); err != nil {
			t.Fatal(err)
		}
		var want [][]string
		for _, name := range names {
			periods, err := rules.Bounded(name, earliest, latest)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range periods {
				want = append(want, []string{name, fmt.Sprint(p.StartUS), fmt.Sprint(p.EndUS), fmt.Sprint(p.OffsetUS), got[0][4], got[0][5]})
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -program +CLI:\n%s", asOf, diff)
		}
	}
}

// TestCLIWithoutZoneRules has no file of the rules: ICU answers, and a line says so.
func TestCLIWithoutZoneRules(t *testing.T) {
	c := newCLI(t, folderOf(t, map[string]string{
		"store_status.csv": statusHead + "1,active,2023-11-05 15:10 UTC\n",
		"timezones.csv":    "store_id,timezone_str\n1,America/New_York\n2,IST\n",
	}), t.TempDir())
	c.env = []string{"OPENHOURS_ZONE_PERIODS=" + filepath.Join(t.TempDir(), "absent.csv")}
	stdout, stderr, code := c.run("-bail", "-init", "sql/init.sql", "-csv", "-c", "SELECT zone, starts_us, offset_us FROM zone_periods ORDER BY ALL")
	if code != 0 || !strings.Contains(stderr, "DuckDB's ICU") {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{"America/New_York,-1000000000000000000,-14400000000\n", "America/New_York,1699164000000000,-18000000000\n"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is missing in %s", want, stdout)
		}
	}
}

// TestCLILocalTime asks for local times that DuckDB's own zone data may not have.
func TestCLILocalTime(t *testing.T) {
	c := newCLI(t, folderOf(t, map[string]string{"store_status.csv": statusHead + "1,active,2024-10-08 15:10 UTC\n"}), t.TempDir())
	got := c.ask("-csv", `SELECT local_time(instant, zone) AS local FROM (VALUES (1, TIMESTAMPTZ '2024-07-01 12:00:00+00', 'Europe/Dublin'),
		(2, TIMESTAMPTZ '1970-01-01 00:00:00+00', 'Africa/Monrovia'), (3, TIMESTAMPTZ '2026-12-01 00:00:00+00', 'America/Winnipeg'),
		(4, TIMESTAMPTZ '2099-01-01 00:00:00+00', 'Australia/Lord_Howe'), (5, TIMESTAMPTZ '9999-07-01 12:00:00+00', 'America/New_York'),
		(6, NULL, 'UTC')) AS v(n, instant, zone) ORDER BY n`)
	if diff := cmp.Diff("local\n2024-07-01 13:00:00\n1969-12-31 23:15:30\n2026-11-30 19:00:00\n2099-01-01 11:00:00\n9999-07-01 08:00:00\nNULL\n", got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
