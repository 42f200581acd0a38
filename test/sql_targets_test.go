package test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQueriesByTarget runs what docs/sql.md says of targets. a is up and b down throughout the hour.
func TestQueriesByTarget(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("docs/sql.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)## By target\n.*?```sql\n(.*?)```.*?`(SELECT .*?)`").FindSubmatch(page)
	if found == nil {
		t.Fatal("docs/sql.md has no queries by target")
	}
	data := folderOf(t, map[string]string{
		"store_status.csv": statusHead + "a,active,2024-10-07 11:00 UTC\na,active,2024-10-07 12:00 UTC\nb,inactive,2024-10-07 11:00 UTC\nb,inactive,2024-10-07 12:00 UTC\n",
		"menu_hours.csv":   "store_id,day,start_time_local,end_time_local\na,0,11:00,13:00\nb,0,11:00,13:00\n",
		"timezones.csv":    "store_id,timezone_str\na,UTC\nb,UTC\n",
		"stores.csv":       "store_id,brand\na,X\nb,X\n",
		"targets.csv":      "store_id,target,window\n*,75,last_hour\n",
	})
	c := newCLI(t, data, t.TempDir())
	if diff := cmp.Diff("store_id,time_window,target,hours_over_budget,burn_rate\nb,last_hour,75.0,0.75,4.0\n", c.ask("-csv", string(found[1]))); diff != "" {
		t.Errorf("stores: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff("value,verdict,stores_met,stores_missed\nX,missed,1,1\n", c.ask("-csv", string(found[2]))); diff != "" {
		t.Errorf("groups: -want +got:\n%s", diff)
	}
	const asked = "CREATE OR REPLACE TEMP VIEW params AS FROM parameters(target := 100)"
	if stdout, stderr, code := c.run("-bail", "-init", "sql/init.sql", "-c", asked, "-c", "FROM targets"); code == 0 ||
		!strings.Contains(stderr, `target "100": must be a percentage above 0 and below 100, such as 98 or 99.95`) {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
}
