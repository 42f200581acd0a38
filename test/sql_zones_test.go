package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/zoneinfo"
)

// TestCLIZonePeriods compares the periods of every zone in the CLI with those of the program.
func TestCLIZonePeriods(t *testing.T) {
	zones, err := zoneinfo.Open("")
	if err != nil {
		t.Fatal(err)
	}
	names, err := zones.Names()
	if err != nil {
		t.Fatal(err)
	}
	rows := "store_id,timezone_str\n"
	for i, name := range names {
		rows += fmt.Sprintf("%d,%s\n", i, name)
	}
	c := newCLI(t, folderOf(t, map[string]string{"store_status.csv": statusHead + "1,active,2024-10-08 15:10 UTC\n", "timezones.csv": rows}), t.TempDir())
	if got := c.ask("-csv", "SELECT zone FROM zone_names ORDER BY zone"); got != "zone\n"+strings.Join(names, "\n")+"\n" {
		t.Errorf("zone_names: %s", got)
	}
	want := "zone,starts_us,ends_us,offset_us\n"
	for _, name := range names {
		periods, err := zones.Bounded(name, 0, 4102444800000000)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range periods {
			want += fmt.Sprintf("%s,%d,%d,%d\n", name, p.StartUS, p.EndUS, p.OffsetUS)
		}
	}
	if diff := cmp.Diff(want, c.ask("-csv", "SELECT zone, starts_us, ends_us, offset_us FROM zone_periods ORDER BY zone, starts_us")); diff != "" {
		t.Errorf("-program +CLI:\n%s", diff)
	}
}

// TestCLIWithoutZoneRules has no file of the rules, or asks for times after its last change: ICU answers, and where
// the file is missing a line says so.
func TestCLIWithoutZoneRules(t *testing.T) {
	c := newCLI(t, folderOf(t, map[string]string{
		"store_status.csv": statusHead + "1,active,2023-11-05 15:10 UTC\n2,active,2123-11-08 15:10 UTC\n",
		"timezones.csv":    "store_id,timezone_str\n1,America/New_York\n",
	}), t.TempDir())
	windows := "CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until(as_of := '%s-11-08 15:10 UTC')"
	query := "SELECT zone, starts_us, offset_us FROM zone_periods WHERE zone = 'America/New_York' ORDER BY ALL"
	want := "zone,starts_us,offset_us\nAmerica/New_York,-1000000000000000000,-14400000000\nAmerica/New_York,%s,-18000000000\n"
	if diff := cmp.Diff(fmt.Sprintf(want, "4855010400000000"), c.ask("-csv", fmt.Sprintf(windows, "2123"), query)); diff != "" {
		t.Errorf("after the last change (-want +got):\n%s", diff)
	}
	c.env = []string{"OPENHOURS_ZONE_PERIODS=" + t.TempDir() + "/none"}
	stdout, stderr, code := c.run("-bail", "-init", "sql/init.sql", "-csv", "-c", fmt.Sprintf(windows, "2023"), "-c", query)
	if code != 0 || !strings.Contains(stderr, "time zone rules: those of DuckDB's ICU") {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if diff := cmp.Diff(fmt.Sprintf(want, "1699164000000000"), stdout); diff != "" {
		t.Errorf("without the file (-want +got):\n%s", diff)
	}
}
