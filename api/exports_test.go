package api

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExports downloads each table of a report in which a is up, =b is down, and c changes between two reports.
func TestExports(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV+"c,active,2024-10-07 10:30:00 UTC\n")
	c.put("stores.csv", "store_id,name,brand,outages\na,+Name,-X,many\nc,C,Y,\n")
	c.put("targets.csv", "store_id,target,window\n*,98,last_hour\n")
	before := c.report(`{"as_of":"2024-10-07 11:00 UTC"}`)
	c.put("store_status.csv", statusCSV+"c,inactive,2024-10-07 10:30:00 UTC\n")
	path := "/api/v1/reports/" + c.report(`{"as_of":"2024-10-07 11:00 UTC"}`)
	read := func(file string) [][]string {
		t.Helper()
		r := c.want(200, c.do("GET", path+"/"+file, ""))
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.text, byteOrderMark))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if kind, name := r.Header.Get("Content-Type"), r.Header.Get("Content-Disposition"); kind != "text/csv; charset=utf-8" || !strings.HasSuffix(name, `.csv"`) {
			t.Errorf("%s: %s, %s", file, kind, name)
		}
		if got := strings.HasPrefix(r.text, byteOrderMark); got != strings.Contains(file, "excel=true") {
			t.Errorf("%s: byte order mark %t", file, got)
		}
		return rows
	}
	measures := "open_seconds uptime_seconds downtime_seconds unknown_seconds planned_seconds uptime_min_seconds uptime_max_seconds covered_seconds"
	for file, want := range map[string][]string{
		"stores.csv?window=last_hour&sort=downtime_seconds": {"store_id name timezone time_window " + measures + " uptime_ratio observations outages longest_outage_seconds" +
			" target verdict budget_left_seconds down_since brand attribute outages",
			"a +Name America/Chicago last_hour 3600 3600 0 0 0 0 3600 3600 1 1 0 0 98 likely_met 72  -X many",
			"=b  America/Chicago last_hour 3600 0 3600 0 0 0 3600 3600 0 0 1 3600 98 likely_missed -3528 2024-09-30 11:00:00Z  ",
			"c C America/Chicago last_hour 3600 0 3600 0 0 0 3600 3600 0 1 1 3600 98 likely_missed -3528 2024-09-30 11:00:00Z Y "},
		"stores.csv?window=last_hour&search=a&excel=true": {"", "a '+Name America/Chicago last_hour 3600 3600 0 0 0 0 3600 3600 1 1 0 0 98 likely_met 72  '-X many"},
		"stores.csv?window=last_hour&search=c&excel=true": {"", "c C America/Chicago last_hour 3600 0 3600 0 0 0 3600 3600 0 1 1 3600 98 likely_missed -3528 2024-09-30 11:00:00 Y "},
		"groups.csv?window=last_hour&attribute=brand":     {"attribute value time_window stores stores_open stores_unknown " + measures + " uptime_ratio observations outages target verdict budget_left_seconds"},
		"zones.csv?window=last_hour": {"timezone time_window stores stores_open stores_unknown " + measures + " uptime_ratio uptime_ratio_min uptime_ratio_max coverage outages",
			"America/Chicago last_hour 3 3 0 10800 3600 7200 0 0 0 10800 10800 0.3333333333333333 0 1 1 2"},
		"outages.csv?excel=true": {"store_id name timezone started_at ended_at open_seconds ongoing",
			"'=b  America/Chicago 2024-09-30 11:00:00 2024-10-07 11:00:00 604800 true",
			"c C America/Chicago 2024-09-30 11:00:00 2024-10-07 11:00:00 604800 true"},
		"outages.csv?attribute=brand&value=Y":        {"", "c C America/Chicago 2024-09-30 11:00:00Z 2024-10-07 11:00:00Z 604800 true"},
		"outages.csv?store_id=%3Db&window=last_hour": {"", "=b  America/Chicago 2024-09-30 11:00:00Z 2024-10-07 11:00:00Z 604800 true"},
		"diff/" + before + "/stores.csv?window=last_hour": {"store_id name time_window change a_timezone b_timezone a_open_seconds b_open_seconds a_uptime_seconds b_uptime_seconds" +
			" a_downtime_seconds b_downtime_seconds a_unknown_seconds b_unknown_seconds a_planned_seconds b_planned_seconds a_uptime_min_seconds b_uptime_min_seconds a_uptime_max_seconds b_uptime_max_seconds" +
			" a_covered_seconds b_covered_seconds a_longest_outage_seconds b_longest_outage_seconds a_observations b_observations a_outages b_outages",
			"c C last_hour changed America/Chicago America/Chicago 3600 3600 0 3600 3600 0 0 0 0 0 0 0 3600 3600 3600 3600 3600 0 1 1 1 0"},
	} {
		rows := read(file)
		var got []string
		for _, row := range rows {
			got = append(got, strings.Join(row, " "))
		}
		if want[0] == "" {
			got[0] = ""
		}
		if len(want) == 1 {
			got = got[:1]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", file, diff)
		}
	}
	if rows := read("groups.csv?attribute=brand&excel=true"); len(rows) != 4 || rows[2][1] != "'-X" || rows[3][1] != "Y" {
		t.Errorf("groups: got %q", rows)
	}
	days := read("days.csv")
	if len(days) != 9 || strings.Join(days[0], " ") != "date "+measures+" uptime_ratio uptime_ratio_min uptime_ratio_max coverage" || days[1][0] != "2024-09-30" {
		t.Errorf("days: got %q", days)
	}
	groupDays := read("days.csv?attribute=brand&excel=true")
	if len(groupDays) != 25 || strings.Join(groupDays[0], " ") != "attribute value date "+measures+" observations" || strings.Join(groupDays[9][:3], " ") != "brand '-X 2024-09-30" {
		t.Errorf("days of groups: got %q", groupDays)
	}
	c.want(400, c.do("GET", path+"/outages.csv?attribute=Brand", ""))
}

// TestManyIDs asks for a thousand stores by their ids, in one address.
func TestManyIDs(t *testing.T) {
	c := serve(t, nil)
	status := "store_id,status,timestamp_utc\n"
	var ids []string
	for i := range 1100 {
		id := fmt.Sprintf("5f0d6bcb-3a3e-4d4e-9a5e-%012d", i)
		status += id + ",active,2024-10-07 10:00:00 UTC\n"
		if i < 1000 {
			ids = append(ids, id)
		}
	}
	c.put("store_status.csv", status)
	path := "/api/v1/reports/" + c.report("") + "/"
	search := "?limit=1&search=" + url.QueryEscape(strings.Join(append(ids, "nobody"), " "))
	r := c.want(200, c.do("GET", path+"stores"+search, ""))
	if total := field[int](t, r.text, "total"); total != 1000 {
		t.Errorf("%d stores", total)
	}
	if missing := field[[]string](t, r.text, "missing_ids"); len(missing) != 1 || missing[0] != "nobody" {
		t.Errorf("missing %q", missing)
	}
	c.want(200, c.do("GET", "/reports/x/stores"+search, "")) // the page itself
}
