package api

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLatest asks for every address of the fleet's report as a spreadsheet does that refreshes: by the same address, and
// only for what is new.
func TestLatest(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	c.put("stores.csv", "store_id,brand\na,North\n=b,South\n")
	const latest = "/api/v1/reports/latest"
	c.report(`{"interpolation":"next"}`)
	for _, path := range []string{"", "/report.csv", "/stores", "/stores.csv", "/trend"} {
		r := c.want(404, c.do("GET", latest+path, ""))
		if !strings.Contains(r.text, "no complete report has the default parameters: make one, with POST /api/v1/reports, or pin a report") || r.Header.Get("Content-Location") != "" {
			t.Errorf("%s: got %v %s", path, r.Header, r.text)
		}
	}
	first := c.report("")
	c.report(`{"as_of":"2024-10-07 10:30 UTC"}`)
	paths := []string{"", "/report.csv", "/report.csv?excel=true", "/report.parquet", "/outages.parquet", "/report.json", "/report.arrow",
		"/stores", "/stores?limit=1", "/stores.csv", "/stores.csv?excel=true", "/zones", "/trend", "/groups?attribute=brand",
		"/groups.csv?attribute=brand", "/group_days?attribute=brand", "/stores/a", "/stores/%3Db", "/stores/a/timeline", "/store?store_id=a"}
	paths = append(paths, addressesOfThePage(t, "../docs/bi.md")...)
	tags := map[string]string{}
	for _, path := range paths {
		r := c.want(200, c.do("GET", latest+path, ""))
		if want := "/api/v1/reports/" + first + path; r.Header.Get("Content-Location") != want {
			t.Errorf("%s: Content-Location %q, want %q", path, r.Header.Get("Content-Location"), want)
		}
		if r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: Cache-Control %q", path, r.Header.Get("Cache-Control"))
		}
		tags[path] = r.Header.Get("ETag")
		if same := c.want(200, c.do("GET", "/api/v1/reports/"+first+path, "")); same.text != r.text || same.Header.Get("ETag") != tags[path] {
			t.Errorf("%s: the report's own address answers otherwise", path)
		}
		if unchanged := c.want(304, c.do("GET", latest+path, "", "If-None-Match", tags[path])); unchanged.text != "" {
			t.Errorf("%s: 304 with %q", path, unchanged.text)
		}
		c.want(304, c.do("HEAD", latest+path, "", "If-None-Match", tags[path]))
		c.want(304, c.do("GET", latest+path, "", "If-None-Match", tags[path], "Accept-Encoding", "gzip"))
		if head := c.want(200, c.do("HEAD", latest+path, "")); head.Header.Get("ETag") != tags[path] || head.text != "" {
			t.Errorf("%s: HEAD has the tag %q", path, head.Header.Get("ETag"))
		}
	}
	if tags["/stores.csv"] == tags["/stores.csv?excel=true"] || tags["/stores"] == tags["/stores?limit=1"] {
		t.Error("different answers have one tag")
	}
	c.put("store_status.csv", statusCSV+"a,inactive,2024-10-07 12:00:00 UTC\n")
	second := c.report("")
	for _, path := range paths {
		r := c.want(200, c.do("GET", latest+path, "", "If-None-Match", tags[path]))
		if r.Header.Get("Content-Location") != "/api/v1/reports/"+second+path {
			t.Errorf("%s is %s", path, r.Header.Get("Content-Location"))
		}
	}
	diff := c.want(200, c.do("GET", "/api/v1/reports/"+first+"/diff/latest?limit=1", ""))
	if got := diff.Header.Get("Content-Location"); got != "/api/v1/reports/"+first+"/diff/"+second+"?limit=1" {
		t.Errorf("the difference is at %s", got)
	}
	for _, method := range []string{"DELETE", "PATCH"} {
		if r := c.want(400, c.do(method, latest, "")); !strings.Contains(r.text, `"field":"id","detail":"latest is another report soon: give the id`) {
			t.Errorf("%s: got %s", method, r.text)
		}
	}
	c.want(204, c.do("DELETE", "/api/v1/reports/"+second, ""))
	if r := c.want(200, c.do("GET", latest, "")); field[string](t, r.text, "report_id") != first {
		t.Errorf("after the removal: %s", r.text)
	}
}

// addressesOfThePage lists the paths below `latest` that a document names.
func addressesOfThePage(t *testing.T, file string) (paths []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`(?:reports/latest|\{latest\})(/[\w.]+(?:\?[\w=&]+)?)`).FindAllStringSubmatch(string(text), -1) {
		paths = append(paths, found[1])
	}
	slices.Sort(paths)
	if paths = slices.Compact(paths); len(paths) < 5 {
		t.Errorf("%s names only %v", file, paths)
	}
	return paths
}
