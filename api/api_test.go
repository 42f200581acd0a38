package api

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"openhours/analytics/enginetest"
)

func TestTriggerPollDownload(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	id := c.report("")
	poll := "/get_report?report_id=" + id
	csv := c.want(200, c.do("GET", poll, ""))
	if !strings.HasPrefix(csv.text, "store_id,uptime_last_hour,") || !strings.HasPrefix(csv.Header.Get("Content-Type"), "text/csv") ||
		!strings.HasPrefix(csv.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("got %v %q", csv.Header, csv.text)
	}
	if !strings.Contains(csv.text, "\n=b,") {
		t.Errorf("an id must reach the file unchanged: %q", csv.text)
	}
	if guarded := c.want(200, c.do("GET", poll+"&excel=true", "")); !strings.Contains(guarded.text, "\n'=b,") {
		t.Errorf("a formula is not guarded: %q", guarded.text)
	}
	for _, r := range []reply{c.do("GET", poll+"&format=parquet", ""), c.do("GET", poll, "", "Accept", parquetType)} {
		if c.want(200, r); !strings.HasPrefix(r.text, "PAR1") {
			t.Error("no Parquet file")
		}
	}
	for _, r := range []reply{c.do("GET", poll+"&format=json", ""), c.do("GET", poll, "", "Accept", "application/json")} {
		links := field[map[string]string](t, c.want(200, r).text, "links")
		for name, link := range links {
			c.want(200, c.do("GET", link, ""))
			if head := c.want(200, c.do("HEAD", link, "")); head.text != "" {
				t.Errorf("HEAD of %s has a body", name)
			}
		}
	}
	arrow, err := ipc.NewReader(strings.NewReader(c.want(200, c.do("GET", "/api/v1/reports/"+id+"/report.arrow", "")).text))
	if err != nil {
		t.Fatal(err)
	}
	var rows int64
	for arrow.Next() {
		rows += arrow.RecordBatch().NumRows()
	}
	if rows != 6 || arrow.Schema().Field(0).Name != "store_id" {
		t.Errorf("%d rows, %v", rows, arrow.Schema())
	}
	again := c.want(202, c.do("POST", "/trigger_report", ""))
	if !field[bool](t, again.text, "reused") || field[string](t, again.text, "report_id") != id {
		t.Errorf("an equal request is not answered by the report: %s", again.text)
	}
	if fresh := c.want(202, c.do("POST", "/trigger_report", `{"fresh":true}`)); field[string](t, fresh.text, "report_id") == id {
		t.Error("fresh is not heard")
	}
}

func TestFilesAreCachedAndResumed(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	path := "/api/v1/reports/" + c.report("") + "/report.csv"
	whole := c.want(200, c.do("GET", path, ""))
	tag, size := whole.Header.Get("ETag"), len(whole.text)
	c.want(304, c.do("GET", path, "", "If-None-Match", `"x", W/`+tag))
	c.want(200, c.do("GET", path, "", "If-None-Match", `"x"`))
	for header, want := range map[string]string{"bytes=0-7": whole.text[:8], "bytes=3-": whole.text[3:], "bytes=-5": whole.text[size-5:], fmt.Sprintf("bytes=%d-99999", size-1): whole.text[size-1:]} {
		part := c.want(206, c.do("GET", path, "", "Range", header))
		if part.text != want || !strings.HasSuffix(part.Header.Get("Content-Range"), fmt.Sprintf("/%d", size)) {
			t.Errorf("%s: got %q, %s", header, part.text, part.Header.Get("Content-Range"))
		}
	}
	if r := c.want(416, c.do("GET", path, "", "Range", "bytes=99999-")); r.Header.Get("Content-Range") != fmt.Sprintf("bytes */%d", size) {
		t.Errorf("got %q", r.Header.Get("Content-Range"))
	}
	for _, header := range []string{"bytes=5-2", "lines=1-2", "bytes=0-1,3-4", "bytes=-", "bytes=a-b"} {
		c.want(200, c.do("GET", path, "", "Range", header))
	}
	c.want(206, c.do("GET", path, "", "Range", "bytes=0-1", "If-Range", tag))
	c.want(200, c.do("GET", path, "", "Range", "bytes=0-1", "If-Range", `"other"`))
	if head := c.want(200, c.do("HEAD", path, "")); head.ContentLength != int64(size) || head.Header.Get("ETag") != tag {
		t.Errorf("got %v", head.Header)
	}
}

func TestWrongRequests(t *testing.T) {
	c := serve(t, nil)
	c.want(409, c.do("POST", "/trigger_report", "")) // no status file yet
	c.put("store_status.csv", statusCSV)
	id := c.report("")
	report := "/api/v1/reports/" + id
	for _, w := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "/get_report", "", 400, `"field":"report_id"`},
		{"GET", "/get_report?report_id=nothing", "", 404, "No such report"},
		{"GET", "/get_report?report_id=..%2F..%2Fetc%2Fpasswd", "", 404, "No such report"},
		{"GET", "/get_report?report_id=" + strings.ToUpper(id), "", 404, "No such report"},
		{"GET", "/get_report?format=xls&report_id=" + id, "", 400, "csv, parquet or json"},
		{"POST", "/trigger_report", "{", 400, "body"},
		{"POST", "/trigger_report", "[]", 400, "body"},
		{"POST", "/trigger_report", "{} {}", 400, "after top-level value"},
		{"POST", "/trigger_report", `{"intrapolation":"next"}`, 400, `"field":"intrapolation"`},
		{"POST", "/trigger_report", `{"Interpolation":"next"}`, 400, `"field":"Interpolation","detail":"there is no such field"`},
		{"POST", "/trigger_report", `{"FRESH":true}`, 400, `"field":"FRESH"`},
		{"POST", "/trigger_report", `{"fresh":true,"fresh":false}`, 400, `"field":"fresh","detail":"it is given more than once"`},
		{"POST", "/trigger_report", `{"windows":[{"name":"a","Length":"1h"}]}`, 400, `"field":"windows.Length"`},
		{"POST", "/trigger_report", `{"windows":[{"name":"a","length":"1h","name":"b"}]}`, 400, `"field":"windows.name","detail":"it is given more than once"`},
		{"POST", "/trigger_report", `{"windows":[{"name":"a","length":"1h","x":1}]}`, 400, `"field":"windows.x"`},
		{"POST", "/trigger_report", `{"Parameters":{}}`, 400, `"field":"Parameters"`},
		{"POST", "/trigger_report", `{"fr\u0065sh":true,"fresh":true}`, 400, `"field":"fresh"`},
		{"POST", "/trigger_report", `{"stores":[7]}`, 400, `"field":"stores"`},
		{"POST", "/trigger_report", `{"fresh":1e999}`, 400, `"field":"fresh"`},
		{"POST", "/trigger_report", strings.Repeat("[", 100000), 400, `"field":"body"`},
		{"POST", "/trigger_report", `{"interpolation":7}`, 400, `"field":"interpolation"`},
		{"POST", "/trigger_report", `{"interpolation":"linear","unobserved":"x"}`, 400, `"field":"unobserved"`},
		{"POST", "/trigger_report", `{"max_gap":"soon"}`, 400, `"field":"max_gap","detail":"\"soon\" is not a length`},
		{"POST", "/trigger_report", `{"join_gap":60}`, 400, `"field":"join_gap","detail":"60 is not a length: write it like \"90s\"`},
		{"POST", "/trigger_report", `{"windows":[{"name":"last_day","length":"a day"}]}`, 400, `"field":"windows.length","detail":"\"a day\" is not a length`},
		{"POST", "/trigger_report", `{"target":"100"}`, 400, `"field":"target","detail":"\"100\" is not a target: write a percentage above 0 and below 100, such as 98 or 99.95"`},
		{"POST", "/trigger_report", `{"target":98}`, 400, `"field":"target","detail":"98 is not a target: write a percentage above 0 and below 100 in quotes, like`},
		{"POST", "/trigger_report", `{"target":98}`, 400, `"field":"target","detail":"98 is not a target`},
		{"POST", "/trigger_report", `{"windows":{}}`, 400, `"field":"windows","detail":"a JSON object is there; array is needed"`},
		{"POST", "/trigger_report", `{"fresh":"yes","windows":["1h"]}`, 400, `"field":"fresh","detail":"a JSON string is there; boolean is needed"`},
		{"POST", "/trigger_report", `{"windows":[{"name":7}]}`, 400, `"field":"windows.name","detail":"a JSON number is there; string is needed"`},
		{"POST", "/trigger_report", "{\"stores\":[\"\xff\"]}", 400, `"field":"body","detail":"the body is not valid UTF-8"`},
		{"POST", "/trigger_report", `{"as_of":"yesterday"}`, 400, `"field":"as_of"`},
		{"POST", "/trigger_report", `{"windows":[{"name":"Last Hour","length":"1h"}]}`, 400, "window name"},
		{"POST", "/trigger_report", `{"as_of":"` + strings.Repeat("x", maxJSONBody) + `"}`, 413, "the limit is 1048576 bytes"},
		{"POST", "/trigger_report", "null", 400, "found null"},
		{"PUT", "/trigger_report", "", 405, "use POST"},
		{"QUERY", "/trigger_report", "", 405, "QUERY is not allowed for this path; use POST"},
		{"DELETE", "/healthz", "", 405, "use GET or HEAD"},
		{"GET", "/nowhere", "", 404, "No such page"},
		{"GET", "/api/v1/reports?limit=1&limit=2", "", 400, `"field":"limit"`},
		{"GET", "/api/v1/reports?limt=1", "", 400, `"field":"limt","detail":"there is no such parameter: must be one of state, cursor, limit"`},
		{"GET", report + "?x=", "", 400, "this path takes none"},
		{"POST", "/trigger_report?as_of=2024-10-07", "{}", 400, `"field":"as_of"`},
		{"GET", "/api/v1/reports?limit=0", "", 400, "from 1 to 500"},
		{"GET", "/api/v1/reports?limit=", "", 400, "from 1 to 500"},
		{"GET", "/api/v1/reports?state=done", "", 400, "queued"},
		{"GET", report + "/passwd", "", 404, "not a file of a report"},
		{"GET", report + "/job.json", "", 404, "not a file of a report"},
		{"GET", report + "/..%2F..%2Fdata%2Fstore_status.csv", "", 404, ""},
		{"GET", report + "/stores?sort=salary", "", 400, "store_id"},
		{"GET", report + "/stores?window=x", "", 400, "last_hour"},
		{"GET", report + "/stores?order=up", "", 400, "asc or desc"},
		{"GET", report + "/stores/nobody", "", 404, "no such store"},
		{"GET", report + "/stores/nobody/timeline", "", 404, "no such store"},
		{"GET", report + "/stores/%FF", "", 400, `"field":"store"`},
		{"GET", report + "/stores?search=%FF", "", 400, `"field":"search","detail":"it is not UTF-8"`},
		{"GET", report + "/stores?%FF=1", "", 400, "it is not UTF-8"},
		{"GET", "/get_report?report_id=%FF", "", 400, `"field":"report_id"`},
		{"PUT", "/api/v1/data/status/store_status%FF.csv", "x", 400, `"field":"file"`},
		{"DELETE", "/api/v1/reports/x", "", 404, "No such report"},
		{"PUT", "/api/v1/data/menu/x.csv", "x", 400, "status, hours, zones"},
		{"PUT", "/api/v1/data/status/x.csv", "x", 400, "store_status.csv"},
		{"PUT", "/api/v1/data/status/store_status%2F..%2Fx.csv", "x", 400, "is not named like"},
		{"PUT", "/api/v1/data/status/store_status.csv?dry_run=yes", "x", 400, "true or false"},
		{"DELETE", "/api/v1/data/status/store_status_9.csv", "", 404, "no such file"},
	} {
		r := c.do(w.method, w.path, w.body)
		if r.StatusCode != w.status || !strings.Contains(r.text, w.says) || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s %.60s: got %d %s, want %d with %q", w.method, w.path, w.body, r.StatusCode, r.text, w.status, w.says)
		}
		if strings.Contains(r.text, c.dir) {
			t.Errorf("%s %s tells a path of the server: %s", w.method, w.path, r.text)
		}
	}
	if r := c.do("POST", "/trigger_report", "{}", "Content-Type", "text/plain"); r.StatusCode != 415 {
		t.Errorf("got %d", r.StatusCode)
	}
	host := strings.TrimPrefix(c.base, "http://")
	for _, from := range []struct {
		name, value string
		status      int
	}{
		{"Sec-Fetch-Site", "cross-site", 403}, {"Sec-Fetch-Site", "same-site", 403}, {"Sec-Fetch-Site", "same-origin", 202}, {"Sec-Fetch-Site", "none", 202},
		{"Origin", "http://evil.example", 403}, {"Origin", "null", 403}, {"Origin", "http://" + host + "0", 403}, {"Origin", "%", 403}, {"Origin", "http://" + host, 202},
	} {
		if r := c.do("POST", "/trigger_report", "", from.name, from.value); r.StatusCode != from.status {
			t.Errorf("%s: %s: got %d, want %d", from.name, from.value, r.StatusCode, from.status)
		}
	}
	c.want(200, c.do("GET", "/healthz", "", "Sec-Fetch-Site", "cross-site"))
	request, err := http.NewRequestWithContext(t.Context(), "GET", c.base+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "evil.example"
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != 421 {
		t.Errorf("another host name: got %d", response.StatusCode)
	}
}

func TestReportsAsResources(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	c.want(404, c.do("GET", "/api/v1/reports/latest", ""))
	id := c.report(`{"windows":[{"name":"last_day","length":"1d"}],"max_gap":"2h"}`)
	path := "/api/v1/reports/" + id
	second := c.report(`{"fresh":true}`)
	first := c.want(200, c.do("GET", "/api/v1/reports?limit=1&state=complete", ""))
	if list := field[[]map[string]any](t, first.text, "reports"); len(list) != 1 || list[0]["report_id"] != second {
		t.Errorf("got %s", first.text)
	}
	rest := c.want(200, c.do("GET", "/api/v1/reports?cursor="+field[string](t, first.text, "next"), ""))
	if list := field[[]map[string]any](t, rest.text, "reports"); len(list) != 1 || list[0]["report_id"] != id {
		t.Errorf("got %s", rest.text)
	}
	page := c.want(200, c.do("GET", path+"/stores?sort=downtime_seconds&order=desc&limit=1", ""))
	if stores := field[[]map[string]any](t, page.text, "stores"); len(stores) != 1 || stores[0]["store_id"] != "=b" || field[int](t, page.text, "total") != 2 {
		t.Errorf("got %s", page.text)
	}
	store := c.want(200, c.do("GET", path+"/stores/=b", ""))
	if outages := field[[]map[string]any](t, store.text, "outages"); len(outages) != 1 {
		t.Errorf("got %s", store.text)
	}
	timeline := c.want(200, c.do("GET", path+"/stores/a/timeline", ""))
	if field[bool](t, timeline.text, "inputs_changed") || !strings.Contains(timeline.text, "max_gap is 2h") {
		t.Errorf("got %s", timeline.text)
	}
	c.put("store_status_2.csv", statusCSV)
	if changed := c.want(200, c.do("GET", path+"/stores/a/timeline", "")); !field[bool](t, changed.text, "inputs_changed") {
		t.Error("the timeline does not say that the inputs have changed")
	}
	failing := field[string](t, c.want(202, c.do("POST", "/api/v1/reports", `{"stores":["nobody"]}`)).text, "report_id")
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		r := c.do("GET", "/get_report?report_id="+failing, "")
		if r.StatusCode == 409 {
			if !strings.Contains(r.text, "no store nobody in the data") {
				t.Errorf("got %s", r.text)
			}
			break
		}
	}
	c.want(409, c.do("GET", "/api/v1/reports/"+failing+"/report.csv", ""))
	c.want(204, c.do("DELETE", path, ""))
	c.want(404, c.do("GET", path, ""))
	for _, page := range []string{"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/api/v1/data"} {
		c.want(200, c.do("GET", page, ""))
	}
	if metrics := c.do("GET", "/metrics", "").text; !strings.Contains(metrics, `openhours_http_request_seconds_count{method="GET",route="/api/v1/reports/{id}/stores/{store}",status="200"}`) ||
		!strings.Contains(metrics, `openhours_reports_finished_total{state="failed"} 1`) {
		t.Errorf("got %s", metrics)
	}
}

// TestManyClients lets a hundred clients ask, poll and download at once.
func TestManyClients(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for i := range 100 {
		all.Go(func() {
			body := fmt.Sprintf(`{"fresh_within":"%dm"}`, 10+i%5)
			var id string
			for id == "" {
				r := c.do("POST", "/trigger_report", body)
				if r.StatusCode == 202 {
					id = field[string](t, r.text, "report_id")
				} else if r.StatusCode != 503 {
					t.Errorf("got %d %s", r.StatusCode, r.text)
					return
				}
			}
			for end := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
				r := c.do("GET", "/get_report?report_id="+id, "")
				if r.Header.Get("Report-Status") == "Complete" {
					break
				}
				if r.StatusCode != 200 || time.Now().After(end) {
					t.Errorf("got %d %s", r.StatusCode, r.text)
					return
				}
			}
			mu.Lock()
			seen[id] = true
			mu.Unlock()
		})
	}
	all.Wait()
	if len(seen) != 5 {
		t.Errorf("%d reports for 5 kinds of request", len(seen))
	}
	if !bytes.Contains([]byte(c.do("GET", "/metrics", "").text), []byte("openhours_queue_length 0")) {
		t.Error("the queue is not empty")
	}
}

// TestDotsAsIDs follows links to stores that a path cannot hold, with a client that resolves . and .. in it.
func TestDotsAsIDs(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", "store_id,status,timestamp_utc\n.,active,2024-10-07 10:00:00 UTC\n..,active,2024-10-07 10:00:00 UTC\n...,active,2024-10-07 10:00:00 UTC\n")
	id := c.report("")
	for _, store := range []string{".", "..", "..."} {
		first := "/api/v1/reports/" + id + "/store?store_id=" + store
		links := field[map[string]string](t, c.want(200, c.do("GET", first, "")).text, "links")
		for name, link := range links {
			path, _, _ := strings.Cut(link, "?")
			for part := range strings.SplitSeq(path, "/") {
				if plain, err := url.PathUnescape(part); err != nil || plain == "." || plain == ".." {
					t.Errorf("a browser changes the link %s", link)
				}
			}
			if got := field[string](t, c.want(200, c.do("GET", link, "")).text, "store_id"); got != store {
				t.Errorf("%s: %s leads to %q", store, name, got)
			}
		}
	}
	for _, path := range []string{"/store", "/store?store_id=", "/store/timeline"} {
		c.want(400, c.do("GET", "/api/v1/reports/"+id+path, ""))
	}
	c.want(404, c.do("GET", "/api/v1/reports/"+id+"/store?store_id=none", ""))
	c.want(200, c.do("GET", "/reports/"+id+"/store?store_id=..", ""))
}

// TestNoPathsOfTheServer: answers name files as the data folder has them, not where that is.
func TestNoPathsOfTheServer(t *testing.T) {
	c := serve(t, nil)
	enginetest.WriteFiles(t, c.dir, map[string]string{"data/notes.txt": "nothing",
		"data/store_status.csv": enginetest.StatusHead + enginetest.StatusRow})
	for _, path := range []string{"/api/v1/data", "/api/v1/data/files"} {
		r := c.do("GET", path, "")
		c.want(200, r)
		if !strings.Contains(r.text, "notes.txt") || strings.Contains(r.text, c.dir) {
			t.Errorf("%s: %s", path, r.text)
		}
	}
}
