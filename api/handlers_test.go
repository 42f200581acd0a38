package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/explain"
	"openhours/analytics/ingest"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/queue"
	"openhours/analytics/report"
)

const knownID = "0192a000-0000-7000-8000-000000000001"

// world answers the handlers from memory: no DuckDB, no files. A field that is set is the error of that part.
type world struct {
	engine, cluster, instant, submit, remove, rows, data, explain error

	reused    bool
	submitted queue.Submission
	query     report.StoreQuery
	groups    report.GroupQuery
	outages   report.OutageQuery
	put       string
	forgets   int
}

func (w *world) Name() string                      { return "spark" }
func (w *world) ZoneData() string                  { return "2026f" }
func (w *world) Ping(context.Context) error        { return w.engine }
func (w *world) PingCluster(context.Context) error { return w.cluster }
func (w *world) CheckInstant(context.Context, string, string) error {
	return w.instant
}

func (w *world) Submit(_ context.Context, s queue.Submission) (queue.Status, bool, error) {
	w.submitted = s
	return queue.Status{Record: queue.Record{ReportID: knownID, State: queue.Queued}}, w.reused, w.submit
}

func (w *world) Find(id string) (queue.Status, error) {
	if id != knownID {
		return queue.Status{}, report.ErrNoReport
	}
	return queue.Status{Record: queue.Record{ReportID: id, State: queue.Complete}}, nil
}

func (w *world) Latest() (queue.Status, error) { return w.Find(knownID) }

func (w *world) List(state queue.State, before string, limit int) ([]queue.Status, error) {
	var list []queue.Status
	for range min(limit, 3) {
		list = append(list, queue.Status{Record: queue.Record{ReportID: knownID, State: queue.Complete}})
	}
	return list, nil
}

func (w *world) Label(id string, _ queue.LabelChange) (queue.Status, error) { return w.Find(id) }

func (w *world) Remove(context.Context, string) (bool, error) { return false, w.remove }

func (w *world) Manifest(id string) (report.Manifest, error) {
	if id != knownID {
		return report.Manifest{}, report.ErrNoReport
	}
	return report.Manifest{ReportID: id, Parameters: params.Parameters{}.WithDefaults(),
		Attributes: []pipeline.Attribute{{Attribute: "Brand", Values: 2, Grouped: true}, {Attribute: "phone", Values: 1001}}}, nil
}

func (w *world) Folder(id string) string { return "/nowhere/" + id }

func (w *world) Trend(string, int) ([]queue.TrendPoint, error) { return nil, w.rows }

func (w *world) Before(string) (*report.Manifest, error) { return nil, w.rows }

func (w *world) Attention(context.Context, string, report.AttentionQuery) (report.Attention, error) {
	return report.Attention{}, w.rows
}

func (w *world) Stores(_ context.Context, _ string, q report.StoreQuery) (report.StorePage, error) {
	w.query = q
	return report.StorePage{Total: 1, Stores: []report.StoreRow{{StoreID: "a"}}}, w.rows
}

func (w *world) EachStore(context.Context, string, report.StoreQuery, func(report.StoreRow) error) error {
	return w.rows
}

func (w *world) Store(_ context.Context, _, store string) (report.StoreReport, error) {
	if store != "a/b" {
		return report.StoreReport{}, report.ErrNoStore
	}
	return report.StoreReport{StoreID: store}, w.rows
}

func (w *world) StoreID(ctx context.Context, folder, store string) (string, error) {
	found, err := w.Store(ctx, folder, store)
	return found.StoreID, err
}

func (w *world) AttributeValues(context.Context, string, int) ([]report.AttributeValues, error) {
	return []report.AttributeValues{{Attribute: "Brand", Total: 1, Values: []report.ValueCount{{Value: "X", Stores: 2}}}}, w.rows
}

func (w *world) EachOutage(_ context.Context, _ string, q report.OutageQuery, _ func(report.OutageRow) error) error {
	w.outages = q
	return w.rows
}

func (w *world) EachGroupDay(context.Context, string, report.GroupDayQuery, func(report.GroupDay) error) error {
	return w.rows
}

func (w *world) EachChange(context.Context, string, string, string, report.DiffQuery, func(report.ChangedRow) error) error {
	return w.rows
}

func (w *world) Zones(context.Context, string, string) ([]report.ZoneWindow, error) {
	return []report.ZoneWindow{}, w.rows
}

func (w *world) Groups(_ context.Context, _ string, q report.GroupQuery) (report.GroupPage, error) {
	w.groups = q
	return report.GroupPage{Total: 1, Groups: []report.GroupRow{{Value: "X"}}}, w.rows
}

func (w *world) EachGroup(context.Context, string, report.GroupQuery, func(report.GroupRow) error) error {
	return w.rows
}

func (w *world) GroupDays(_ context.Context, _ string, q report.GroupDayQuery) (report.GroupDayPage, error) {
	return report.GroupDayPage{Total: int64(q.Limit), Days: []report.GroupDay{{Value: q.Attribute, Date: "2024-10-07"}}}, w.rows
}

func (w *world) DiffPage(context.Context, string, string, string, report.DiffQuery) (report.DiffPage, error) {
	return report.DiffPage{}, w.rows
}

func (w *world) Check(context.Context) (report.Check, error)        { return report.Check{}, w.data }
func (w *world) Files(context.Context) ([]ingest.DataFile, error)   { return nil, w.data }
func (w *world) Readable(context.Context) error                     { return w.data }
func (w *world) Delete(string, string) error                        { return w.data }
func (w *world) Deleted(context.Context) ([]ingest.DataFile, error) { return nil, w.data }
func (w *world) Restore(string, string) error                       { return w.data }
func (w *world) Forget(context.Context) error {
	w.forgets++
	if errors.Is(w.submit, syscall.ENOSPC) { // there is room now
		w.submit = nil
	}
	return nil
}
func (w *world) Sets() ([]ingest.SetInfo, error)         { return nil, w.data }
func (w *world) Template(string) (string, []byte, error) { return "", nil, w.data }
func (w *world) Recognise(context.Context, string, io.Reader) (ingest.Recognised, error) {
	return ingest.Recognised{Set: "zones"}, w.data
}
func (w *world) Put(_ context.Context, set, name string, body io.Reader, _ int64, _ bool) (ingest.Upload, error) {
	text, err := io.ReadAll(body)
	w.put = set + "/" + name + ": " + string(text)
	return ingest.Upload{Stored: true}, errors.Join(err, w.data)
}

func (w *world) Explain(context.Context, string, params.Parameters, explain.Page) (explain.Explanation, error) {
	return explain.Explanation{}, w.explain
}

// TestHandlers asks the handlers alone: each answers what the parts behind it do, and names the field at fault.
func TestHandlers(t *testing.T) {
	const one = "/api/v1/reports/" + knownID
	for name, c := range map[string]struct {
		world        world
		method, path string
		body         string
		status       int
		want         string // in the body
	}{
		"accepted":                   {world{}, "POST", "/api/v1/reports", `{"max_gap":"2h"}`, 202, knownID},
		"reused":                     {world{reused: true}, "POST", "/api/v1/reports", "", 202, `"reused":true`},
		"wrong field":                {world{}, "POST", "/api/v1/reports", `{"max_gapp":"2h"}`, 400, "max_gapp"},
		"wrong length":               {world{}, "POST", "/api/v1/reports", `{"max_gap":"2 hours"}`, 400, "max_gap"},
		"wrong as_of":                {world{instant: params.Errorf("as_of %q is no timestamp", "x")}, "POST", "/api/v1/reports", `{"as_of":"x"}`, 400, `"field":"as_of"`},
		"queue full":                 {world{submit: queue.ErrQueueFull}, "POST", "/api/v1/reports", "", 503, "too many reports"},
		"stopping":                   {world{submit: queue.ErrStopping}, "POST", "/api/v1/reports", "", 503, "stopping"},
		"key conflict":               {world{submit: queue.ErrKeyConflict}, "POST", "/api/v1/reports", "", 422, "Idempotency-Key"},
		"no data":                    {world{submit: input.NewError(errors.New("no status file"))}, "POST", "/api/v1/reports", "", 409, "no status file"},
		"unknown fault":              {world{submit: errors.New("disk /secret is gone")}, "POST", "/api/v1/reports", "", 500, "Internal error"},
		"list":                       {world{}, "GET", "/api/v1/reports?limit=2", "", 200, knownID},
		"list of a wrong state":      {world{}, "GET", "/api/v1/reports?state=done", "", 400, "state"},
		"list with a wrong limit":    {world{}, "GET", "/api/v1/reports?limit=0", "", 400, "limit"},
		"no such report":             {world{}, "GET", "/api/v1/reports/x", "", 404, "No such report"},
		"removed":                    {world{}, "DELETE", one, "", 204, ""},
		"stores":                     {world{}, "GET", one + "/stores?sort=downtime_seconds&window=last_day", "", 200, `"store_id":"a"`},
		"stores by a wrong column":   {world{}, "GET", one + "/stores?sort=colour", "", 400, "sort"},
		"stores of a wrong status":   {world{}, "GET", one + "/stores?status=asleep", "", 400, "status"},
		"stores of a wrong window":   {world{}, "GET", one + "/stores?window=last_year", "", 400, "window"},
		"stores of no attribute":     {world{}, "GET", one + "/stores.csv?attribute=brand", "", 400, `"field":"attribute","detail":"attribute: no store of the report has the attribute brand (did you mean Brand?): must be one of Brand, phone"`},
		"stores of a bare value":     {world{}, "GET", one + "/stores?value=X", "", 400, `"field":"value","detail":"needs an attribute"`},
		"stores of a wrong verdict":  {world{}, "GET", one + "/stores?verdict=bad", "", 400, "must be one of met, likely_met, unknown, likely_missed, missed"},
		"stores without a target":    {world{}, "GET", one + "/stores.csv?verdict=met", "", 400, "no store of the report has a target"},
		"attributes":                 {world{}, "GET", one + "/attributes?limit=7", "", 200, `"attributes":[{"attribute":"Brand","total":1,"stores_without":0,"values":[{"value":"X","stores":2}]}]`},
		"too many values":            {world{}, "GET", one + "/attributes?limit=1001", "", 400, "limit"},
		"outages of no store":        {world{}, "GET", one + "/outages.csv?store_id=zzz", "", 404, "no such store"},
		"outages of no attribute":    {world{}, "GET", one + "/outages.csv?attribute=colour", "", 400, "must be one of Brand, phone"},
		"outages of a bare value":    {world{}, "GET", one + "/outages.csv?value=X", "", 400, "needs an attribute"},
		"outages of a wrong window":  {world{}, "GET", one + "/outages.csv?window=last_year", "", 400, "window"},
		"days of many values":        {world{}, "GET", one + "/days.csv?attribute=phone", "", 400, "1001 values"},
		"zones of a wrong window":    {world{}, "GET", one + "/zones.csv?window=last_year", "", 400, "window"},
		"a wrong kind of CSV":        {world{}, "GET", one + "/zones.csv?excel=yes", "", 400, "true or false"},
		"changed stores of none":     {world{}, "GET", one + "/diff/x/stores.csv", "", 404, "No such report"},
		"groups":                     {world{}, "GET", one + "/groups?attribute=Brand&sort=outages&window=last_day", "", 200, `"value":"X"`},
		"groups of nothing":          {world{}, "GET", one + "/groups", "", 400, `"field":"attribute","detail":"missing: must be one of Brand"`},
		"groups in another case":     {world{}, "GET", one + "/groups?attribute=brand", "", 400, "did you mean Brand?"},
		"groups of many values":      {world{}, "GET", one + "/groups.csv?attribute=phone", "", 400, "1001 values"},
		"groups by a wrong column":   {world{}, "GET", one + "/groups?attribute=Brand&sort=colour", "", 400, "sort"},
		"groups in a wrong order":    {world{}, "GET", one + "/groups?attribute=Brand&order=up", "", 400, "asc or desc"},
		"groups of a wrong window":   {world{}, "GET", one + "/groups.csv?attribute=Brand&window=last_year", "", 400, "window"},
		"what matters of a group":    {world{}, "GET", one + "/attention?attribute=Brand&value=X&limit=3", "", 200, `"value":"X","limit":3,"before":null,"group":[{"value":"X"`},
		"what matters of no groups":  {world{}, "GET", one + "/attention?attribute=phone", "", 400, "too many for groups"},
		"what matters, wrong window": {world{}, "GET", one + "/attention?window=last_year", "", 400, "window"},
		"dates of groups":            {world{}, "GET", one + "/group_days?attribute=Brand&limit=7", "", 200, `"limit":7,"total":7,"days":[{"value":"Brand"`},
		"dates of no groups":         {world{}, "GET", one + "/group_days?attribute=brand", "", 400, "did you mean Brand?"},
		"too many dates of groups":   {world{}, "GET", one + "/group_days?attribute=Brand&limit=10001", "", 400, "limit"},
		"store with a slash":         {world{}, "GET", one + "/stores/a%2Fb", "", 200, "a/b"},
		"no such store":              {world{}, "GET", one + "/stores/zzz", "", 404, "no such store"},
		"why, while it stops":        {world{explain: explain.ErrClosed}, "GET", one + "/stores/a%2Fb/timeline", "", 503, "stopping"},
		"difference to none":         {world{}, "GET", one + "/diff/x", "", 404, "No such report"},
		"upload":                     {world{}, "PUT", "/api/v1/data/status/store_status.csv", "x", 201, `"stored":true`},
		"upload of a wrong file":     {world{data: &ingest.InvalidFileError{Reason: "no column status", Rejects: []load.Reject{{Line: 2}}}}, "PUT", "/api/v1/data/status/store_status.csv", "x", 422, "no column status"},
		"recognised":                 {world{}, "POST", "/api/v1/data/recognise?file=x.csv", "x", 200, `"set":"zones"`},
		"recognise without a name":   {world{}, "POST", "/api/v1/data/recognise", "x", 400, `"field":"file"`},
		"deleted":                    {world{}, "DELETE", "/api/v1/data/status/store_status.csv", "", 204, ""},
		"delete of none":             {world{data: ingest.ErrNoFile}, "DELETE", "/api/v1/data/status/store_status.csv", "", 404, "no such file"},
		"delete of a compacted file": {world{data: &ingest.CompactedFileError{File: "store_status.csv", Archive: "archive/store_status.csv"}}, "DELETE", "/api/v1/data/status/store_status.csv", "", 409, "archive/store_status.csv"},
		"not ready":                  {world{cluster: errors.New("away")}, "GET", "/readyz", "", 503, "cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &c.world
			s, err := New(Options{Engine: w, Queue: w, Finished: w, Results: w, Data: w, Rows: w, Reports: t.TempDir(), Version: "test",
				Log: slog.New(slog.DiscardHandler), Now: time.Now, Metrics: NewMetrics(), Loopback: true})
			if err != nil {
				t.Fatal(err)
			}
			request := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			request.Host = "localhost"
			if c.body != "" && c.method == "POST" {
				request.Header.Set("Content-Type", "application/json")
			}
			response, err := s.app.Test(request, -1)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != c.status || !strings.Contains(string(text), c.want) {
				t.Fatalf("got %d %s, want %d with %q", response.StatusCode, text, c.status, c.want)
			}
			if strings.Contains(string(text), "/secret") {
				t.Errorf("an internal cause is shown: %s", text)
			}
			if kind := response.Header.Get("Content-Type"); c.status >= 400 && kind != "application/problem+json" && !strings.HasPrefix(c.path, "/readyz") {
				t.Errorf("an error as %s", kind)
			}
		})
	}
}

// TestHandlersPassOn: what a request asks for reaches the parts behind the handlers.
func TestHandlersPassOn(t *testing.T) {
	w := &world{}
	s, err := New(Options{Engine: w, Queue: w, Finished: w, Results: w, Data: w, Rows: w, Reports: t.TempDir(), Version: "test",
		Log: slog.New(slog.DiscardHandler), Now: time.Now, Metrics: NewMetrics(), Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, body string, headers ...string) {
		t.Helper()
		request := httptest.NewRequest(method, path, strings.NewReader(body))
		request.Host = "localhost"
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := s.app.Test(request, -1)
		if err != nil || response.StatusCode >= 300 {
			t.Fatalf("%s %s: %v, %v", method, path, response, err)
		}
	}
	ask("POST", "/api/v1/reports", `{"interpolation":"next","stores":["a","b"],"fresh":true}`, "Content-Type", "application/json", "Idempotency-Key", "k")
	if p := w.submitted; p.Parameters.Interpolation != "next" || !slices.Equal(p.Parameters.Stores, []string{"a", "b"}) || !p.Fresh || p.IdempotencyKey != "k" {
		t.Errorf("submitted %+v", p)
	}
	ask("GET", "/api/v1/reports/"+knownID+"/stores?sort=outages&order=desc&search=x&zone=UTC&status=down&attribute=phone&value=7&attribute=Brand&value=&limit=7&offset=14&window=last_day", "")
	want := report.StoreQuery{Window: "last_day", Sort: "outages", Descending: true, Search: "x", Zone: "UTC", Status: "down", Of: []report.AttributeValue{{Attribute: "phone", Value: "7"}, {Attribute: "Brand"}}, Limit: 7, Offset: 14}
	if diff := cmp.Diff(want, w.query); diff != "" {
		t.Errorf("asked for -want +got:\n%s", diff)
	}
	ask("GET", "/api/v1/reports/"+knownID+"/groups?attribute=Brand&sort=outages&order=desc&limit=7&offset=14&window=last_day", "")
	if want := (report.GroupQuery{Attribute: "Brand", Window: "last_day", Sort: "outages", Descending: true, Limit: 7, Offset: 14}); w.groups != want {
		t.Errorf("asked for %+v", w.groups)
	}
	ask("GET", "/api/v1/reports/"+knownID+"/outages.csv?store_id=a%2Fb&window=last_day&attribute=Brand&value=X", "")
	if want := (report.OutageQuery{Store: "a/b", Window: "last_day", Attribute: "Brand", Value: "X"}); w.outages != want {
		t.Errorf("asked for %+v", w.outages)
	}
	ask("PUT", "/api/v1/data/hours/menu_hours.csv", "rows")
	if w.put != "hours/menu_hours.csv: rows" {
		t.Errorf("put %q", w.put)
	}
}

// TestProblemsOfTheMachine: a full disk and a taken lock are not the client's fault, and not ours either.
func TestProblemsOfTheMachine(t *testing.T) {
	for err, want := range map[error]int{
		&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}: 507,
		fmt.Errorf("put: %w", input.ErrBusy):                       503,
		fmt.Errorf("report folder: %w", queue.ErrTaken):            503,
		fmt.Errorf("read: %w", load.ErrChanged):                    503,
	} {
		if p := problemOf(err); p.Status != want || p.Detail == "" {
			t.Errorf("%v: %+v", err, p)
		}
	}
}

// TestFullDiskEndsTheUndo: on a full disk no report is made, which would end it.
func TestFullDiskEndsTheUndo(t *testing.T) {
	w := &world{submit: syscall.ENOSPC}
	s, err := New(Options{Engine: w, Queue: w, Finished: w, Results: w, Data: w, Rows: w, Reports: t.TempDir(), Version: "test",
		Log: slog.New(slog.DiscardHandler), Now: time.Now, Metrics: NewMetrics()})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string, status, forgets int) {
		t.Helper()
		response, err := s.app.Test(httptest.NewRequest(method, path, strings.NewReader("")), -1)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != status || w.forgets != forgets {
			t.Errorf("%s %s: %s, forgot %d times", method, path, response.Status, w.forgets)
		}
	}
	ask("POST", "/api/v1/reports", 202, 1)
	w.data = syscall.ENOSPC
	ask("PUT", "/api/v1/data/status/store_status.csv", 507, 2)
	w.data, w.reused = nil, true
	ask("POST", "/api/v1/reports", 202, 2)
}
