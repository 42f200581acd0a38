package api

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openhours/analytics/queue"
)

// TestLinksAndHeaders tries to leave the folders by links and the answer by line ends.
func TestLinksAndHeaders(t *testing.T) {
	c := serve(t, nil)
	outside := filepath.Join(c.dir, "outside.csv")
	if err := os.WriteFile(outside, []byte(statusCSV), 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(c.dir, "data", "store_status_link.csv")
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	path, binary := "/api/v1/data/status/store_status_link.csv", []string{"Content-Type", "application/octet-stream"}
	c.want(200, c.do("PUT", path, statusCSV+"c,active,2024-10-07 10:00:00 UTC\n", binary...))
	if text, err := os.ReadFile(outside); err != nil || string(text) != statusCSV {
		t.Errorf("an upload went through a link: %v %q", err, text)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	c.want(204, c.do("DELETE", path, ""))
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("a removal went through a link: %v", err)
	}
	c.put("store_status.csv", statusCSV)
	id := c.report("")
	// a folder of another place in the guise of a report
	if err := os.Symlink(filepath.Join(c.dir, "data"), filepath.Join(c.dir, "reports", "01a20bfc-b815-77b0-82e1-565cb8f363a0")); err != nil {
		t.Fatal(err)
	}
	c.want(404, c.do("GET", "/api/v1/reports/01a20bfc-b815-77b0-82e1-565cb8f363a0/report.csv", ""))
	for _, path := range []string{
		"/get_report?report_id=" + id + "%0d%0aX-Evil:%201",
		"/api/v1/reports/" + id + "%0d%0aX-Evil:%201/report.csv",
		"/api/v1/reports/" + id + "/stores/a%0d%0aX-Evil:%201",
		"/api/v1/reports/" + id + "/report.csv%0d%0aX-Evil:%201",
	} {
		if r := c.want(404, c.do("GET", path, "")); r.Header.Get("X-Evil") != "" {
			t.Errorf("%s makes a header", path)
		}
	}
	for _, key := range []string{"a\tb", strings.Repeat("k", 201)} {
		if r := c.do("POST", "/trigger_report", "", "Idempotency-Key", key); r.StatusCode >= 500 {
			t.Errorf("key %.10q: got %d", key, r.StatusCode)
		}
	}
}

func TestTokens(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) {
		o.ReadTokens, o.WriteTokens = []string{"r"}, []string{"w"}
	})
	c.put("store_status.csv", statusCSV)
	c.want(200, c.do("GET", "/healthz", ""))
	if r := c.want(401, c.do("GET", "/api/v1/reports", "")); r.Header.Get("WWW-Authenticate") == "" {
		t.Error("no WWW-Authenticate")
	}
	c.token = "r"
	c.want(200, c.do("GET", "/api/v1/reports", ""))
	c.want(403, c.do("POST", "/trigger_report", ""))
	c.token = "w"
	c.report("")
	c.token = "wrong"
	c.want(401, c.do("GET", "/api/v1/reports", ""))
}

func TestRateLimit(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.Rate = 3 })
	var limited bool
	for range 20 {
		if r := c.do("GET", "/get_report?report_id=x", ""); r.StatusCode == 429 {
			limited = r.Header.Get("Retry-After") != ""
		}
	}
	if !limited {
		t.Error("no request was limited")
	}
}

// TestNoServerPaths makes everything fail that reads or writes a folder: no answer says where the folders are, and
// none holds the words of a library alone.
func TestNoServerPaths(t *testing.T) {
	c := serve(t, nil)
	binary := []string{"Content-Type", "application/octet-stream"}
	look := func(r reply) {
		t.Helper()
		if strings.Contains(r.text, c.dir) || r.text == "" {
			t.Errorf("got %s", r.text)
		}
	}
	data := filepath.Join(c.dir, "data")
	everything := func() {
		for _, page := range []string{"/api/v1/data", "/readyz", "/api/v1/reports", "/api/v1/timeline/a"} {
			look(c.do("GET", page, ""))
		}
		look(c.do("POST", "/api/v1/reports", "{}"))
	}
	everything()
	for name, text := range map[string]string{"store_status.parquet": "PAR1 and so on PAR1", "store_status.csv.zst": "no zstd", "store_status.csv.gz": "no gzip at all", "store_status.csv": "PK\x03\x04"} {
		r := c.want(422, c.do("PUT", "/api/v1/data/status/"+name, text, binary...))
		look(r)
		if detail := field[string](t, r.text, "detail"); !strings.Contains(detail, "it is") && !strings.Contains(detail, "it again") {
			t.Errorf("%s: %s", name, detail)
		}
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		everything()
	}
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	everything()
	look(c.do("PUT", "/api/v1/data/status/store_status.csv", statusCSV, binary...))
}

// TestHostsAndProxies asks as a page whose name was pointed at this machine would: X-Forwarded-Host does not help.
func TestHostsAndProxies(t *testing.T) {
	ask := func(c *client, headers ...string) int {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), "GET", c.base+"/api/v1/reports", nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(headers); i += 2 {
			if headers[i] == "Host" {
				request.Host = headers[i+1]
			}
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return response.StatusCode
	}
	plain := serve(t, nil)
	named := serve(t, func(o *Options, _ *queue.Options) { o.AllowedHosts = []string{"reports.example"} })
	behind := serve(t, func(o *Options, _ *queue.Options) {
		o.AllowedHosts, o.TrustedProxies = []string{"reports.example"}, []string{"127.0.0.1"}
	})
	for name, c := range map[string]struct {
		server  *client
		headers []string
		want    int
	}{
		"own name":                       {plain, nil, 200},
		"other name":                     {plain, []string{"Host", "evil.example"}, 421},
		"other name, forwarded":          {plain, []string{"Host", "evil.example", "X-Forwarded-Host", "localhost"}, 421},
		"allowed":                        {named, []string{"Host", "reports.example:8080"}, 200},
		"allowed, in capitals":           {named, []string{"Host", "Reports.Example"}, 200},
		"not allowed":                    {named, []string{"Host", "evil.example"}, 421},
		"forwarded by nobody":            {named, []string{"Host", "evil.example", "X-Forwarded-Host", "reports.example"}, 421},
		"forwarded by the trusted proxy": {behind, []string{"Host", "inside:1", "X-Forwarded-Host", "reports.example"}, 200},
		"something else is forwarded":    {behind, []string{"Host", "localhost", "X-Forwarded-Host", "evil.example"}, 421},
	} {
		if got := ask(c.server, c.headers...); got != c.want {
			t.Errorf("%s: status %d, want %d", name, got, c.want)
		}
	}
}
