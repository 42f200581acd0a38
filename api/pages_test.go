package api

import (
	"encoding/csv"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/queue"
)

// odd is a store id with everything that a path, a page or a spreadsheet could trip over.
const odd = `=a/b?c#d <img src=x onerror=alert(1)>`

const manyStatuses = "store_id,status,timestamp_utc\n" +
	"a,active,2024-10-07 10:00:00 UTC\n" +
	"a,inactive,2024-10-07 11:00:00 UTC\n" +
	"\"" + odd + "\",active,2024-10-07 10:30:00 UTC\n" +
	"silent,active,2024-01-01 10:30:00 UTC\n" + // nothing is known of it in the horizon
	"night,inactive,2024-10-07 02:00:00 UTC\n" // closed at as_of, down when last open

func TestPartsOfAReport(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", strings.Replace(manyStatuses, "a,inactive,2024-10-07 11:00:00 UTC\n", "", 1))
	c.put("timezones.csv", "store_id,timezone_str\na,Europe/London\nnight,UTC\n")
	c.put("menu_hours.csv", "store_id,day,start_time_local,end_time_local\nnight,0,01:00,03:00\n")
	early := c.report("")
	c.put("store_status.csv", manyStatuses)
	experiment := c.report(`{"as_of":"2024-10-07 10:45 UTC"}`)
	id := c.report("")
	path := "/api/v1/reports/" + id
	for query, want := range map[string]string{
		"": odd + " a night silent", "?status=down": "a night", "?status=down_and_open": "a", "?status=unknown": "silent", "?status=outage": "a night",
		"?status=closed": "", "?status=closed&window=last_hour": "night", "?zone=UTC": "night", "?search=B%3FC": odd, "?sort=downtime_seconds&order=desc&limit=1": "night a",
	} {
		var names []string
		page := c.want(200, c.do("GET", path+"/stores"+query, ""))
		for _, store := range field[[]map[string]any](t, page.text, "stores") {
			names = append(names, store["store_id"].(string))
		}
		rows, err := csv.NewReader(strings.NewReader(c.want(200, c.do("GET", path+"/stores.csv"+strings.Split(query, "&limit")[0], "")).text)).ReadAll()
		if err != nil || len(rows) == 0 {
			t.Fatal(rows, err)
		}
		var exported []string
		for _, row := range rows[1:] {
			exported = append(exported, row[0])
		}
		got := strings.Join(names, " ")
		if strings.Contains(query, "limit=1") {
			if len(names) != 1 || field[int](t, page.text, "total") != 4 || names[0] != exported[0] {
				t.Errorf("%s: got %s of %s", query, names, exported)
			}
			continue
		}
		if got != want || strings.Join(exported, " ") != want {
			t.Errorf("%s: got %q and %q, want %q", query, got, exported, want)
		}
	}
	if guarded := c.want(200, c.do("GET", path+"/stores.csv?excel=true", "")); !strings.Contains(guarded.text, "\n'=a/b") || !strings.HasPrefix(guarded.text, "\ufeffstore_id,") {
		t.Errorf("a formula is not guarded: %q", guarded.text)
	}
	store := path + "/stores/" + url.PathEscape(odd)
	if got := field[string](t, c.want(200, c.do("GET", store, "")).text, "store_id"); got != odd {
		t.Errorf("got %q", got)
	}
	links := field[map[string]string](t, c.do("GET", store, "").text, "links")
	c.want(200, c.do("GET", links["timeline"], ""))
	timeline := c.want(200, c.do("GET", path+"/stores/night/timeline", "")).text
	if hours := field[[]map[string]any](t, timeline, "hours"); len(hours) != 1 || hours[0]["opens"] != "01:00:00" || hours[0]["closes"] != "03:00:00" {
		t.Errorf("got %v", hours)
	}
	if clock := field[[]map[string]any](t, timeline, "clock"); len(clock) != 1 || clock[0]["offset_seconds"] != 0.0 {
		t.Errorf("got %v", clock)
	}
	zones := field[[]map[string]any](t, c.want(200, c.do("GET", path+"/zones", "")).text, "zones")
	if len(zones) != 3 || zones[0]["timezone"] != "UTC" || zones[0]["downtime_seconds"] != 7200.0 || zones[0]["stores"] != 1.0 {
		t.Errorf("got %v", zones)
	}
	points := field[[]map[string]any](t, c.want(200, c.do("GET", path+"/trend", "")).text, "points")
	if len(points) != 2 || points[0]["report_id"] != early || points[1]["report_id"] != id {
		t.Errorf("got %v", points)
	}
	if alone := field[[]map[string]any](t, c.want(200, c.do("GET", "/api/v1/reports/"+early+"/trend", "")).text, "points"); len(alone) != 1 {
		t.Errorf("a trend goes on after its report: %v", alone)
	}
	if alone := field[[]map[string]any](t, c.want(200, c.do("GET", "/api/v1/reports/"+experiment+"/trend", "")).text, "points"); len(alone) != 1 {
		t.Errorf("the trend of an experiment has reports that asked for no as_of: %v", alone)
	}
	attention := c.want(200, c.do("GET", path+"/attention?limit=1", "")).text
	if before := field[map[string]any](t, attention, "before"); before["report_id"] != early {
		t.Errorf("the report before is %v, want %s", before, early)
	}
	went := field[map[string]any](t, attention, "went_down")
	if stores := went["stores"].([]any); went["total"] != 1.0 || len(stores) != 1 || stores[0].(map[string]any)["store_id"] != "a" {
		t.Errorf("went down: %v", went)
	}
	if lines := strings.Split(c.want(200, c.do("GET", path+"/outages.csv?new=true", "")).text, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "a,") {
		t.Errorf("outages that the report before did not know of: %q", lines)
	}
	if refusal := c.want(400, c.do("GET", "/api/v1/reports/"+early+"/outages.csv?new=true", "")).text; !strings.Contains(refusal, "there is no earlier report") {
		t.Errorf("got %s", refusal)
	}
	for _, alone := range []string{early, experiment} {
		attention := c.want(200, c.do("GET", "/api/v1/reports/"+alone+"/attention", "")).text
		if !strings.Contains(attention, `"before":null`) || !strings.Contains(attention, `"went_down":null,"recovered":null`) {
			t.Errorf("no report is before: %s", attention)
		}
	}
	diff := c.want(200, c.do("GET", "/api/v1/reports/"+early+"/diff/"+id+"?window=last_hour&limit=1", ""))
	if rows := field[[]map[string]any](t, diff.text, "rows"); len(rows) != 1 || rows[0]["store_id"] != "a" ||
		field[int](t, diff.text, "more_downtime") != 1 || field[int](t, diff.text, "total") < 1 {
		t.Errorf("got %s", diff.text)
	}
	if week := field[[]map[string]any](t, c.want(200, c.do("GET", path, "")).text, "week_hours"); len(week) != 168 || week[1]["downtime_seconds"] != 3600.0 {
		t.Errorf("got %v", week[:min(3, len(week))])
	}
	days := field[[]map[string]any](t, c.want(200, c.do("GET", path, "")).text, "days")
	down := 0.0
	for _, day := range days {
		down += day["downtime_seconds"].(float64)
	}
	fleet := field[[]map[string]any](t, c.want(200, c.do("GET", path, "")).text, "fleet")
	if week := fleet[len(fleet)-1]; len(days) != 8 || down == 0 || down != week["downtime_seconds"] {
		t.Errorf("got %d days with %v seconds of downtime in all, want those of %v", len(days), down, week)
	}
	for request, says := range map[string]string{
		path + "/stores?status=sad": "down_and_open", path + "/stores?value=x": "needs an attribute", path + "/stores?attribute=&value=x": "needs an attribute",
		path + "/stores?attribute=a&attribute=b&value=x": "once for each attribute", path + "/stores?attribute=a&value=x&attribute=a&value=y": "a is given more than once", path + "/stores?zone=a&zone=b": "it is given more than once", path + "/stores.csv?sort=x": "store_id", path + "/zones?window=x": "last_hour",
		path + "/trend?limit=0": "from 1 to 500", path + "/attention?value=x": "needs an attribute", path + "/attention?attribute=x": "no store of the report has an attribute", path + "/diff/" + early + "?offset=-1": "from 0",
		path + "/diff/" + early + "?value=x": "needs an attribute", path + "/diff/" + early + "?attribute=x": "attribute", path + "/diff/" + early + "/stores.csv?only=worse": "more_downtime",
	} {
		if r := c.want(400, c.do("GET", request, "")); !strings.Contains(r.text, says) {
			t.Errorf("%s: got %s", request, r.text)
		}
	}
	c.want(404, c.do("GET", path+"/diff/nothing", ""))
	if files := field[[]map[string]any](t, c.want(200, c.do("GET", "/api/v1/data/files", "")).text, "files"); len(files) != 3 || files[0]["set"] != "hours" {
		t.Errorf("got %v", files)
	}
}

// TestGroupsOfAReport: the groups of an attribute, sorted, in pages and as a file. b and d have no brand.
func TestGroupsOfAReport(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", "store_id,status,timestamp_utc\na,active,2024-10-07 10:00 UTC\nb,inactive,2024-10-07 10:00 UTC\nc,inactive,2024-10-07 10:00 UTC\nd,active,2024-10-07 10:00 UTC\n")
	if r := c.want(404, c.do("GET", "/api/v1/reports/"+c.report("")+"/groups.parquet", "")); !strings.Contains(r.text, "no attribute of its stores makes groups") {
		t.Errorf("got %s", r.text)
	}
	c.want(201, c.do("PUT", "/api/v1/data/stores/stores.csv", "store_id,brand\na,=X\nc,Y\n", "Content-Type", "application/octet-stream"))
	path := "/api/v1/reports/" + c.report("")
	if list := field[[]map[string]any](t, c.want(200, c.do("GET", path, "")).text, "attributes"); len(list) != 1 || list[0]["attribute"] != "brand" || list[0]["values"] != 2.0 {
		t.Errorf("got %v", list)
	}
	for query, want := range map[string]string{
		"": "|=X|Y", "&order=desc": "Y|=X|", "&sort=downtime_seconds&order=desc": "|Y|=X", "&sort=uptime_ratio": "Y||=X", "&limit=1&offset=1": "=X",
	} {
		page := c.want(200, c.do("GET", path+"/groups?attribute=brand&window=last_hour"+query, "")).text
		var values []string
		for _, group := range field[[]map[string]any](t, page, "groups") {
			values = append(values, group["value"].(string))
		}
		if got := strings.Join(values, "|"); got != want || field[int](t, page, "total") != 3 || field[string](t, page, "time_window") != "last_hour" {
			t.Errorf("%s: got %s", query, page)
		}
	}
	want := "\ufeffattribute,value,time_window,stores,stores_open,stores_unknown,open_seconds,uptime_seconds,downtime_seconds,unknown_seconds,planned_seconds," +
		"uptime_min_seconds,uptime_max_seconds,covered_seconds,uptime_ratio,observations,outages,target,verdict,budget_left_seconds\n" +
		"brand,,last_hour,2,2,0,7200,3600,3600,0,0,0,7200,7200,0.5,0,1,,,\n" +
		"brand,'=X,last_hour,1,1,0,3600,3600,0,0,0,0,3600,3600,1,0,0,,,\nbrand,Y,last_hour,1,1,0,3600,0,3600,0,0,0,3600,3600,0,0,1,,,\n"
	got := c.want(200, c.do("GET", path+"/groups.csv?attribute=brand&window=last_hour&excel=true", ""))
	if diff := cmp.Diff(want, got.text); diff != "" || !strings.Contains(got.Header.Get("Content-Disposition"), "-groups-last_hour.csv") {
		t.Errorf("%v: -want +got:\n%s", got.Header, diff)
	}
	if r := c.want(200, c.do("GET", path+"/groups.parquet", "")); !strings.HasPrefix(r.text, "PAR1") {
		t.Error("groups.parquet is no Parquet file")
	}
	c.want(400, c.do("GET", path+"/groups?attribute=Brand", ""))
}

// TestTargetsOfAReport: a report counts the stores by verdict, and has the file, only if a store has a target.
func TestTargetsOfAReport(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", "store_id,status,timestamp_utc\na,active,2024-10-07 08:59 UTC\na,active,2024-10-07 10:00 UTC\nb,inactive,2024-10-07 08:59 UTC\nb,inactive,2024-10-07 10:00 UTC\n")
	path := "/api/v1/reports/" + c.report("")
	if r := c.want(404, c.do("GET", path+"/targets.parquet", "")); !strings.Contains(r.text, "none of its stores has a target") {
		t.Errorf("got %s", r.text)
	}
	if r := c.want(200, c.do("GET", path, "")); strings.Contains(r.text, `"targets":`) {
		t.Errorf("got %s", r.text)
	}
	if r := c.want(422, c.do("PUT", "/api/v1/data/targets/targets.csv", "store_id,target\na,100\n", "Content-Type", "application/octet-stream")); !strings.Contains(r.text, "not a percentage above 0") {
		t.Errorf("got %s", r.text)
	}
	c.want(201, c.do("PUT", "/api/v1/data/targets/targets.csv", "store_id,target,window\na,99.5%,last_hour\n", "Content-Type", "application/octet-stream"))
	path = "/api/v1/reports/" + c.report(`{"target":"98","windows":[{"name":"last_hour","length":"1h"}]}`)
	want := []map[string]any{{"time_window": "last_hour", "stores_met": 1.0, "stores_likely_met": 0.0, "stores_likely_missed": 0.0, "stores_missed": 1.0, "stores_verdict_unknown": 0.0,
		"stores": 2.0, "least_target": 98.0, "greatest_target": 99.5}}
	if diff := cmp.Diff(want, field[[]map[string]any](t, c.want(200, c.do("GET", path, "")).text, "targets")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if r := c.want(200, c.do("GET", path+"/targets.parquet", "")); !strings.HasPrefix(r.text, "PAR1") {
		t.Error("targets.parquet is no Parquet file")
	}
	c.want(204, c.do("DELETE", "/api/v1/data/targets/targets.csv", ""))
}

// TestPages asks for each path of the page, and for every file that one names.
func TestPages(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.ReadTokens = []string{"secret"} }) // pages are for everybody
	for _, path := range []string{"/", "/reports", "/reports/x", "/reports/x/stores", "/reports/x/stores/" + url.PathEscape(odd), "/reports/x/compare/y", "/data"} {
		r := c.want(200, c.do("GET", path, ""))
		if r.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: got %v", path, r.Header)
		}
		c.want(304, c.do("GET", path, "", "If-None-Match", r.Header.Get("ETag")))
	}
	for _, encoding := range []string{"br", "gzip", "identity"} {
		if r := c.want(200, c.do("GET", "/app/api.js", "", "Accept-Encoding", encoding)); r.Header.Get("Content-Encoding") != strings.TrimSuffix(encoding, "identity") || r.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%q: got %v", encoding, r.Header)
		}
	}
	c.want(404, c.do("GET", "/app/missing.js", ""))
	c.want(404, c.do("GET", "/app/..%2F..%2Fapi_test.go", ""))
	names := regexp.MustCompile(`(?:src|href|from) ?=? ?['"](\.?/(?:(?:app|vendor)/)?[a-zA-Z0-9._-]+\.[a-z]+)(?:#[a-z-]+)?['"]`)
	files, err := filepath.Glob("web/app/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range append(files, "web/plain.html", "web/index.html") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if inline := regexp.MustCompile(`<script>|<style>| style="| on[a-z]+="|innerHTML`).Find(text); inline != nil {
			t.Errorf("%s has %s, which the page's own rules forbid", file, inline)
		}
		for _, name := range names.FindAllSubmatch(text, -1) {
			path := strings.Replace(string(name[1]), "./", "/app/", 1)
			if _, built := os.Stat("web/vendor/bootstrap.min.css"); strings.HasPrefix(path, "/vendor/") && built != nil {
				continue // a bare clone: the page that names it is not served
			}
			c.want(200, c.do("GET", path, ""))
		}
	}
}
