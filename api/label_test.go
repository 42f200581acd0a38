package api

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"openhours/analytics/queue"
)

// TestLabels names, annotates and pins reports, and finds that in their answers and in the list.
func TestLabels(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	fleet, next := c.report(""), c.report(`{"interpolation":"next"}`)
	path := "/api/v1/reports/" + next
	plain := c.want(200, c.do("GET", path, ""))
	if field[string](t, plain.text, "name") != "" || field[bool](t, plain.text, "pinned") {
		t.Errorf("got %s", plain.text)
	}
	c.want(200, c.do("PATCH", path, `{"name":"Next <b>","note":"two\nlines"}`))
	c.want(200, c.do("PATCH", path, `{"pinned":true}`))
	if r := c.want(200, c.do("GET", "/api/v1/reports/latest", "", "If-None-Match", plain.Header.Get("ETag"))); field[string](t, r.text, "report_id") != next {
		t.Errorf("the pinned one is not the latest: %s", r.text)
	}
	page := c.want(200, c.do("GET", "/api/v1/reports", "")).text
	if field[string](t, page, "latest") != next {
		t.Errorf("got %s", page)
	}
	list := field[[]map[string]any](t, page, "reports")
	got, other := list[0], list[1]
	if got["name"] != "Next <b>" || got["note"] != "two\nlines" || got["pinned"] != true || other["report_id"] != fleet || other["pinned"] != false {
		t.Errorf("listed as %v and %v", got, other)
	}
	longest := got["longest_window"].(map[string]any)
	if got["as_of"] != "2024-10-07 11:00:00Z" || got["stores"] != 2.0 || longest["time_window"] != "last_week" || longest["uptime_ratio"] == nil || got["requested_by"] != "api" {
		t.Errorf("listed as %v", got)
	}
	c.want(200, c.do("PATCH", path, `{"name":"","pinned":false}`))
	if r := c.want(200, c.do("GET", path, "")); field[string](t, r.text, "name") != "" || field[string](t, r.text, "note") != "two\nlines" {
		t.Errorf("got %s", r.text)
	}
	if r := c.want(200, c.do("GET", "/api/v1/reports/latest", "")); field[string](t, r.text, "report_id") != fleet {
		t.Errorf("the latest is %s", r.text)
	}
	change := reflect.TypeFor[labelChange]()
	for name, most := range map[string]int{"Name": queue.LongestName, "Note": queue.LongestNote} {
		if field, _ := change.FieldByName(name); field.Tag.Get("characters") != strconv.Itoa(most) {
			t.Errorf("openapi.json allows %s characters of %s, the queue %d", field.Tag.Get("characters"), name, most)
		}
	}
	for body, says := range map[string]string{
		`{"name":"` + strings.Repeat("x", 101) + `"}`: `"field":"name","detail":"name: it has 101 characters: at most 100 are kept"`,
		`{"name":"a\nb"}`: `"field":"name"`, `{"note":7}`: `"field":"note"`, `{"pinned":"yes"}`: `"field":"pinned"`, `{"title":"x"}`: `"field":"title","detail":"there is no such field"`,
	} {
		if r := c.want(400, c.do("PATCH", path, body)); !strings.Contains(r.text, says) {
			t.Errorf("%.30s: got %s", body, r.text)
		}
	}
	if page := c.do("POST", "/api/v1/reports", `{"fresh":true}`, "Origin", c.base); field[string](t,
		c.want(200, c.do("GET", "/api/v1/reports/"+field[string](t, page.text, "report_id"), "")).text, "requested_by") != "page" {
		t.Error("a request of the page is not known as one")
	}
}
