package test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/params"
)

// TestQueriesByAttribute runs what docs/sql.md says of attributes: the view of groups, and the sums over two files of a
// report by two attributes. a is up for half an hour and down for another, b is up, and nothing is known of c.
func TestQueriesByAttribute(t *testing.T) {
	page, err := os.ReadFile("docs/sql.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## By attribute\n")
	section, _, _ = strings.Cut(section, "\n## ")
	queries := regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(queries) != 2 {
		t.Fatalf("%d queries, not two", len(queries))
	}
	data := folderOf(t, map[string]string{
		"store_status.csv": statusHead + "a,active,2024-10-07 11:10 UTC\na,inactive,2024-10-07 11:50 UTC\nb,active,2024-10-07 11:10 UTC\nb,active,2024-10-07 12:00 UTC\n",
		"menu_hours.csv":   "store_id,day,start_time_local,end_time_local\na,0,11:00,12:00\nb,0,11:00,12:00\nc,0,11:00,12:00\nd,0,13:00,14:00\n",
		"timezones.csv":    "store_id,timezone_str\na,UTC\nb,UTC\nc,UTC\nd,UTC\n",
		"stores.csv":       "store_id,brand,region\na,X,North\nb,X,North\nc,X,South\nd,Y,South\n",
	})
	reports := t.TempDir()
	folder := makeReport(t, data, reports, params.Parameters{})
	want := "brand,time_window,stores,uptime_ratio,down_hours,planned_hours\n"
	for _, row := range []string{"X,last_hour,3,0.75,0.5,0.0", "X,last_day,3,0.75,0.5,0.0", "X,last_week,3,0.75,0.5,0.0",
		"Y,last_hour,1,NULL,0.0,0.0", "Y,last_day,1,NULL,0.0,0.0", "Y,last_week,1,NULL,0.0,0.0"} {
		want += row + "\n"
	}
	if diff := cmp.Diff(want, newCLI(t, data, reports).ask("-csv", queries[0][1])); diff != "" {
		t.Errorf("groups: -want +got:\n%s", diff)
	}
	command := exec.CommandContext(t.Context(), pythonTool(t, "duckdb"), "-init", os.DevNull, "-csv", "-c", queries[1][1])
	command.Dir = folder
	got, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	want = "brand,region,stores,open_hours,down_hours,uptime_percent,least_percent,most_percent\n" +
		"X,North,2,2.0,0.5,75.0,0.0,100.0\nX,South,1,1.0,0.0,NULL,0.0,100.0\nY,South,1,0.0,0.0,NULL,NULL,NULL\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("two attributes: -want +got:\n%s", diff)
	}
}
