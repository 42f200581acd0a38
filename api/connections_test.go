package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"openhours/analytics/explain"
	"openhours/analytics/params"
	"openhours/analytics/queue"
)

// TestConnectionLimits opens more connections than the server takes, sends half a request on each, and asks again when
// they are gone.
func TestConnectionLimits(t *testing.T) {
	for name, limits := range map[string]Limits{
		"in all":           {Connections: 20},
		"from one address": {Connections: 100, PerAddress: 20},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, func(o *Options, _ *queue.Options) { o.Limits = limits })
			c.transport.DisableKeepAlives = true
			var held []*net.TCPConn
			for range 20 {
				conn := c.dial()
				if _, err := io.WriteString(conn, "GET /healthz HT"); err != nil {
					t.Fatal(err)
				}
				held = append(held, conn)
			}
			answer := c.exchange("", false)
			if !strings.HasPrefix(answer, "HTTP/1.1 503 ") || !strings.Contains(answer, "limit of 20 open connections") || !strings.Contains(answer, "\r\nRetry-After: 1\r\n") {
				t.Errorf("connection 21: answered %q", answer)
			}
			for i, conn := range held {
				if _, err := io.WriteString(conn, "TP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
					t.Fatal(err)
				}
				if text, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 200 ") {
					t.Fatalf("connection %d: %v %q", i, err, text)
				}
			}
			c.want(200, c.do("GET", "/healthz", ""))
		})
	}
	proxy := netip.MustParsePrefix("10.0.0.0/8")
	g := newGate(nil, Limits{Connections: 5, PerAddress: 1}, []netip.Prefix{proxy}, slog.New(slog.DiscardHandler))
	for _, step := range []struct {
		address string
		enters  bool
	}{
		{"10.0.0.1", true}, {"10.0.0.1", true}, {"192.0.2.1", true}, {"::ffff:192.0.2.1", false},
		{"2001:db8::1", true}, {"2001:db8::2", false}, {"2001:db8:0:1::1", true}, {"192.0.2.2", false},
	} {
		address := addressOf(&net.TCPAddr{IP: net.ParseIP(step.address)})
		if reason := g.enter(address); (reason == "") != step.enters {
			t.Errorf("%s: %q", step.address, reason)
		}
	}
}

// failing is a listener whose process has no descriptor left for a while.
type failing struct {
	net.Listener
	errors []error
}

func (f *failing) Accept() (net.Conn, error) {
	if len(f.errors) == 0 {
		return f.Listener.Accept()
	}
	err := f.errors[0]
	f.errors = f.errors[1:]
	return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", err)}
}

func TestAcceptGoesOn(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	g := newGate(&failing{listener, []error{syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED}}, Limits{}.withDefaults(), nil, slog.New(slog.NewTextHandler(&log, nil)))
	go func() { // is accepted after the errors
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err == nil {
			err = conn.Close()
		}
		if err != nil {
			t.Error(err)
		}
	}()
	conn, err := g.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(conn.Close(), listener.Close()); err != nil {
		t.Error(err)
	}
	if _, err := g.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v of a closed listener", err)
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), "too many open files") {
		t.Errorf("logged %q", log.String())
	}
}

// TestFewDescriptors lowers the limit on open files, as `ulimit -n` does, and holds as many connections as it allows.
func TestFewDescriptors(t *testing.T) {
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	few := syscall.Rlimit{Cur: 400, Max: before.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
			t.Error(err)
		}
	}()
	g := newGate(nil, Limits{}.withDefaults(), nil, slog.New(slog.DiscardHandler))
	if g.limits.Connections != 200 {
		t.Errorf("with 400 descriptors the limit is %d connections", g.limits.Connections)
	}
}

// manyStores is input whose reports are longer than the buffers between a server and its client.
func manyStores() string {
	var csv strings.Builder
	csv.WriteString("store_id,status,timestamp_utc\n")
	for i := range 60_000 {
		fmt.Fprintf(&csv, "store-%030d,active,2024-10-07 10:00:00 UTC\n", i)
	}
	return csv.String()
}

// TestStalledReaders asks for answers and does not read them: their connections end.
func TestStalledReaders(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.Limits.Stall = 200 * time.Millisecond })
	c.put("store_status.csv", manyStores())
	id := c.report("")
	defer func() { c.want(200, c.do("GET", "/api/v1/reports/"+id+"/report.arrow", "")) }() // their turns are over
	for _, file := range []string{"report.csv", "report.csv?excel=true", "report.arrow", "stores.csv"} {
		conn := c.dial()
		if err := conn.SetReadBuffer(4096); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "GET /api/v1/reports/"+id+"/"+file+" HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(10 * time.Second); c.open() > 1; time.Sleep(20 * time.Millisecond) { // 1: of the client that polled
			if time.Now().After(end) {
				t.Fatalf("%s: the connection is still open", file)
			}
		}
	}
}

// waiting is an explainer that says how the context of its work ended.
type waiting struct{ began, ended chan error }

func (w waiting) Explain(ctx context.Context, _ string, _ params.Parameters, _ explain.Page) (explain.Explanation, error) {
	w.began <- nil
	<-ctx.Done()
	w.ended <- context.Cause(ctx)
	return explain.Explanation{}, ctx.Err()
}

func TestClientLeaves(t *testing.T) {
	w := waiting{make(chan error, 1), make(chan error, 1)}
	c := serve(t, func(o *Options, _ *queue.Options) { o.Rows = w })
	c.put("store_status.csv", statusCSV)
	path := "/api/v1/reports/" + c.report("") + "/stores/a/timeline"
	conn := c.dial()
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-w.began
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-w.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the work ended with %v", err)
	}
}

// TestLostAnswers sends more than the server reads: the answer must arrive although the connection is closed.
func TestLostAnswers(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.MaxUpload = 1000 })
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			request, err := http.NewRequestWithContext(t.Context(), "PUT", c.base+"/api/v1/data/status/store_status.csv", bytes.NewReader(make([]byte, 3<<20)))
			if err != nil {
				t.Error(err)
				return
			}
			response, err := c.transport.RoundTrip(request)
			if err != nil {
				t.Error(err)
				return
			}
			if response.StatusCode != 413 {
				t.Errorf("status %d", response.StatusCode)
			}
			if err := response.Body.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// TestStreamsAtOnce holds as many streams as the server makes at once: the next waits, and is refused if none ends.
func TestStreamsAtOnce(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.Limits.Turn = 50 * time.Millisecond })
	c.put("store_status.csv", manyStores())
	path := "/api/v1/reports/" + c.report("") + "/report.arrow"
	var held []*net.TCPConn
	for range mostStreams {
		conn := c.dial()
		if err := conn.SetReadBuffer(4096); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	c.want(503, c.do("GET", path, ""))
	c.want(200, c.do("HEAD", path, ""))
	for _, conn := range held {
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(10 * time.Second); c.do("GET", path, "").StatusCode != 200; {
		if time.Now().After(end) {
			t.Fatal("the turns of clients that left are not over")
		}
	}
}

// TestCloseDoesNotWait closes connections whose clients stay, as a server does with all of them when it stops.
func TestCloseDoesNotWait(t *testing.T) {
	c := serve(t, nil)
	var held []*net.TCPConn
	for range 20 {
		conn := c.dial()
		if _, err := io.WriteString(conn, "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	within, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := c.shutdown(within); err != nil {
		t.Fatal(err)
	}
	if within.Err() != nil {
		t.Errorf("%d connections were closed one after the other", len(held))
	}
}
