package api

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"openhours/analytics/engine"
	"openhours/analytics/explain"
	"openhours/analytics/ingest"
	"openhours/analytics/pipeline"
	"openhours/analytics/queue"
	"openhours/analytics/report"
)

const statusCSV = "store_id,status,timestamp_utc\na,active,2024-10-07 10:00:00 UTC\n=b,inactive,2024-10-07 11:00:00 UTC\n"

// client talks to a server over a real connection and holds every answer to openapi.json.
type client struct {
	t      *testing.T
	base   string
	dir    string
	router routers.Router
	token  string

	transport *http.Transport
	open      func() int32 // connections that the server has
	shutdown  func(context.Context) error
}

func serve(t *testing.T, change func(*Options, *queue.Options)) *client {
	t.Helper()
	dir := t.TempDir()
	data, reports := filepath.Join(dir, "data"), filepath.Join(dir, "reports")
	if err := os.MkdirAll(data, 0o755); err != nil {
		t.Fatal(err)
	}
	engine, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Threads: 1, Folders: []string{data, reports}})
	if err != nil {
		t.Fatal(err)
	}
	engines := pipeline.Engines{DuckDB: engine}
	log, metrics := slog.New(slog.DiscardHandler), NewMetrics()
	ro := queue.Options{Engines: engines, Data: data, Reports: reports, Version: "test", Log: log, Now: time.Now, Observe: metrics.Observer()}
	rows := &explain.RowCache{Engine: engine, Data: data, Dir: reports, Now: time.Now}
	o := Options{Engine: engines, Results: report.Reader{Engine: engine}, Data: &ingest.Folder{Engines: engines, Dir: data, Now: time.Now},
		Rows: rows, Reports: reports, Version: "test",
		Log: log, Now: time.Now, Metrics: metrics, Loopback: true, Private: []string{data, reports}}
	if change != nil {
		change(&o, &ro)
	}
	runner, err := queue.New(ro)
	if err != nil {
		t.Fatal(err)
	}
	o.Queue, o.Finished = runner, runner
	metrics.Watch(runner, engine)
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Listen(listener) }()
	t.Cleanup(func() {
		now, cancel := context.WithCancel(context.Background())
		cancel()
		runner.Stop(now)
		within, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(within); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	doc, err := openapi3.NewLoader().LoadFromData(s.doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{t: t, base: "http://" + listener.Addr().String(), dir: dir, router: router, transport: transport,
		open: s.app.Server().GetOpenConnectionsCount, shutdown: s.Shutdown}
}

type reply struct {
	*http.Response
	text string
}

// do sends a request with headers given as name and value in turn.
func (c *client) do(method, path, body string, headers ...string) reply {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	c.conforms(request, response, text)
	return reply{response, string(text)}
}

func (c *client) conforms(request *http.Request, response *http.Response, text []byte) {
	c.t.Helper()
	route, parameters, err := c.router.FindRoute(request)
	if err != nil {
		if response.StatusCode != http.StatusNotFound && response.StatusCode != http.StatusMethodNotAllowed {
			c.t.Errorf("%s %s answers %d and is not in openapi.json", request.Method, request.URL, response.StatusCode)
		}
		return
	}
	if response.Header.Get("Content-Type") == "application/json" || response.Header.Get("Content-Type") == "application/problem+json" {
		openapi3filter.RegisterBodyDecoder("application/problem+json", openapi3filter.JSONBodyDecoder)
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: parameters, Route: route},
		Status:                 response.StatusCode, Header: response.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, ExcludeResponseBody: !strings.Contains(response.Header.Get("Content-Type"), "json") || request.Method == "HEAD"},
	}
	input.SetBodyBytes(text)
	if err := openapi3filter.ValidateResponse(c.t.Context(), input); err != nil {
		c.t.Errorf("%s %s answers %d, against openapi.json: %v\n%s", request.Method, request.URL, response.StatusCode, err, text)
	}
}

func (c *client) want(status int, r reply) reply {
	c.t.Helper()
	if r.StatusCode != status {
		c.t.Fatalf("%s %s: status %d, want %d: %s", r.Request.Method, r.Request.URL, r.StatusCode, status, r.text)
	}
	return r
}

func field[T any](t *testing.T, text, name string) T {
	t.Helper()
	var all map[string]json.RawMessage
	var value T
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if err := json.Unmarshal(all[name], &value); err != nil {
		t.Fatalf("%s: %v: %s", name, err, text)
	}
	return value
}

func (c *client) put(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, "data", name), []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// report triggers a report and polls until it is there.
func (c *client) report(body string) string {
	c.t.Helper()
	id := field[string](c.t, c.want(202, c.do("POST", "/trigger_report", body)).text, "report_id")
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		r := c.do("GET", "/get_report?report_id="+id, "")
		if r.Header.Get("Report-Status") == "Complete" {
			return id
		}
		if c.want(200, r); field[string](c.t, r.text, "status") != "Running" || r.Header.Get("Retry-After") == "" {
			c.t.Fatalf("got %s", r.text)
		}
	}
	c.t.Fatal("the report does not end")
	return ""
}
