package api

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"openhours/analytics/queue"
)

// TestFailedSignIns guesses tokens: after ten of them an address waits, others do not.
func TestFailedSignIns(t *testing.T) {
	var later atomic.Int64
	var log bytes.Buffer
	c := serve(t, func(o *Options, _ *queue.Options) {
		o.ReadTokens, o.WriteTokens = []string{"r"}, []string{"w"}
		o.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	for range 20 { // a page that was opened without a token guesses nothing
		c.want(401, c.do("GET", "/api/v1/reports", ""))
	}
	for i := range mostFailures {
		c.token = fmt.Sprint("guess", i)
		c.want(401, c.do("GET", "/api/v1/reports", ""))
	}
	for _, token := range []string{"guess", "r", "w"} {
		c.token = token
		r := c.want(429, c.do("GET", "/api/v1/reports", ""))
		if after, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || after < 1 || after > 60 {
			t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
		}
	}
	c.want(200, c.do("GET", "/healthz", ""))
	elsewhere := &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext}
	defer elsewhere.CloseIdleConnections()
	here := c.transport
	c.transport, c.token = elsewhere, "r"
	c.want(200, c.do("GET", "/api/v1/reports", ""))
	c.transport = here
	later.Store(int64(failureTime))
	c.want(200, c.do("GET", "/api/v1/reports", ""))
	if n := strings.Count(log.String(), "sign-in failed"); n != mostFailures || !strings.Contains(log.String(), "address=127.0.0.1 request_id=") {
		t.Errorf("%d failures are logged: %s", n, log.String())
	}
	if strings.Contains(log.String(), "guess") {
		t.Error("a token is logged")
	}
}

func TestSignInsAreBounded(t *testing.T) {
	s, now := signIns{failed: map[netip.Addr]failures{}}, time.Now()
	attacker := netip.MustParseAddr("192.0.2.1")
	at := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
	for i := range mostAddresses + 10 {
		s.fail(at(i), now.Add(time.Duration(i)))
	}
	for range mostFailures {
		s.fail(attacker, now.Add(time.Second))
	}
	if len(s.failed) > mostAddresses || s.wait(attacker, now.Add(time.Second)) == 0 || s.wait(at(mostAddresses), now) != 0 {
		t.Errorf("%d addresses, %v", len(s.failed), s.failed[attacker])
	}
	s.fail(at(0), now.Add(2*failureTime))
	if len(s.failed) != 1 {
		t.Errorf("%d addresses are remembered after their minute", len(s.failed))
	}
}

// TestForwardedSignIns guesses behind a proxy, with addresses made up: the one that the proxy adds counts.
func TestForwardedSignIns(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) {
		o.ReadTokens, o.TrustedProxies = []string{"r"}, []string{"127.0.0.0/8", "10.1.1.1"}
	})
	c.token = "wrong"
	for i := range mostFailures {
		c.want(401, c.do("GET", "/api/v1/reports", "", "X-Forwarded-For", fmt.Sprintf("192.0.2.%d, 198.51.100.7, 10.1.1.1", i)))
	}
	c.token = "r"
	c.want(429, c.do("GET", "/api/v1/reports", "", "X-Forwarded-For", "192.0.2.99,198.51.100.7"))
	c.want(200, c.do("GET", "/api/v1/reports", "", "X-Forwarded-For", "198.51.100.7, 192.0.2.99"))
	c.want(200, c.do("GET", "/api/v1/reports", ""))
}

// TestAudit finds in the log who changed what, and in answers no keys of others.
func TestAudit(t *testing.T) {
	var log bytes.Buffer
	c := serve(t, func(o *Options, _ *queue.Options) {
		o.ReadTokens, o.WriteTokens = []string{"r"}, []string{"w"}
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	c.token = "w"
	path, binary := "/api/v1/data/status/store_status.csv", []string{"Content-Type", "application/octet-stream"}
	logged := func(r reply, want string) {
		t.Helper()
		for line := range strings.Lines(log.String()) {
			if strings.Contains(line, want) && strings.Contains(line, "address=127.0.0.1 request_id="+r.Header.Get("X-Request-Id")) {
				return
			}
		}
		t.Errorf("%q is not logged: %s", want, log.String())
	}
	logged(c.want(201, c.do("PUT", path, statusCSV, binary...)), `msg="file uploaded" set=status file=store_status.csv bytes=`+strconv.Itoa(len(statusCSV)))
	logged(c.want(422, c.do("PUT", path, "x", binary...)), `msg="upload refused" set=status file=store_status.csv bytes=1`)
	id := field[string](t, c.want(202, c.do("POST", "/trigger_report", "", "Idempotency-Key", "secret-key")).text, "report_id")
	for _, page := range []string{"/api/v1/reports", "/api/v1/reports/" + id} {
		c.token = "w"
		if r := c.want(200, c.do("GET", page, "")); !strings.Contains(r.text, "secret-key") {
			t.Errorf("%s: a write token does not see the key: %s", page, r.text)
		}
		c.token = "r"
		if r := c.want(200, c.do("GET", page, "")); strings.Contains(r.text, "secret-key") {
			t.Errorf("%s: a read token sees the key: %s", page, r.text)
		}
	}
	logged(c.want(403, c.do("DELETE", path, "")), `msg="read-only token refused" method=DELETE path=`+path)
	c.token = "w"
	c.report(`{"fresh":true}`)
	if r := c.want(200, c.do("GET", "/api/v1/reports/latest", "")); !strings.Contains(r.text, "report_id") {
		t.Errorf("got %s", r.text)
	}
	removed := c.do("DELETE", "/api/v1/reports/"+id, "")
	logged(removed, `msg="report removed or cancelled" report_id=`+id)
	logged(c.want(204, c.do("DELETE", path, "")), `msg="file deleted" set=status file=store_status.csv`)
}

// TestReadyWithoutToken watches the report folder: those who may not read here make nothing in it.
func TestReadyWithoutToken(t *testing.T) {
	var later atomic.Int64
	c := serve(t, func(o *Options, _ *queue.Options) {
		o.ReadTokens = []string{"r"}
		o.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	reports := filepath.Join(c.dir, "reports")
	written := func() bool {
		t.Helper()
		long := time.Now().Add(-time.Hour)
		if err := os.Chtimes(reports, long, long); err != nil {
			t.Fatal(err)
		}
		c.want(200, c.do("GET", "/readyz", ""))
		info, err := os.Stat(reports)
		if err != nil {
			t.Fatal(err)
		}
		return !info.ModTime().Equal(long)
	}
	if written() {
		t.Error("a request without a token wrote to the report folder")
	}
	c.token = "wrong"
	if written() {
		t.Error("a request with a wrong token wrote to the report folder")
	}
	c.token = "r"
	if written() {
		t.Error("a request with a token wrote to the report folder")
	}
	c.token = ""
	if err := os.Rename(reports, reports+".away"); err != nil {
		t.Fatal(err)
	}
	c.want(200, c.do("GET", "/readyz", "")) // as 10 seconds ago: the checks run seldom
	later.Store(int64(lookTime))
	if r := c.want(503, c.do("GET", "/readyz", "")); !strings.Contains(r.text, `"report_folder":"not ready"`) {
		t.Errorf("got %s", r.text)
	}
	if err := os.Rename(reports+".away", reports); err != nil {
		t.Fatal(err)
	}
}
