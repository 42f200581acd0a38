package api

import (
	"fmt"
	"io"
	"net"
	"openhours/analytics/queue"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// dial opens a connection on which a test writes the bytes itself.
func (c *client) dial() *net.TCPConn {
	c.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.base, "http://"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	return conn.(*net.TCPConn)
}

// exchange sends text, ends the sending side if cut, and returns all that the server answers until it closes.
func (c *client) exchange(text string, cut bool) string {
	c.t.Helper()
	conn := c.dial()
	if _, err := io.WriteString(conn, text); err != nil {
		c.t.Fatal(err)
	}
	if cut {
		if err := conn.CloseWrite(); err != nil {
			c.t.Fatal(err)
		}
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		c.t.Fatalf("the server neither answers nor closes: %v, after %q and then %q", err, text, answer)
	}
	return string(answer)
}

// statuses are the codes of the answers in a text, in order.
func statuses(text string) (codes []string) {
	for _, answer := range strings.Split(text, "HTTP/1.1 ")[1:] {
		codes = append(codes, answer[:3])
	}
	return codes
}

func chunks(parts ...string) string {
	var text strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&text, "%x\r\n%s\r\n", len(part), part)
	}
	return text.String()
}

const uploadLine = "PUT /api/v1/data/status/store_status.csv HTTP/1.1\r\nHost: localhost\r\n"

// TestChunkedBodies sends whole and cut bodies: only a body whose end was seen counts.
func TestChunkedBodies(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	stored := func() string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(c.dir, "data", "store_status.csv"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	head, row := statusCSV[:strings.IndexByte(statusCSV, '\n')+1], "b,active,2024-10-07 12:00:00 UTC\n"
	chunked := uploadLine + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
	for name, text := range map[string]string{
		"at the border of a chunk":  chunked + chunks(head, row),
		"within a chunk":            chunked + "fff\r\n" + head + row,
		"within a size":             chunked + chunks(head, row) + "1",
		"after the last chunk":      chunked + chunks(head, row) + "0\r\n",
		"within the trailer":        chunked + chunks(head, row) + "0\r\nX-A: b\r\n",
		"before the content length": uploadLine + "Content-Length: 2000\r\nConnection: close\r\n\r\n" + head + row,
		"long before the content length": uploadLine + "Content-Length: 2000000\r\nConnection: close\r\n\r\n" +
			head + strings.Repeat(row, 500),
	} {
		answer := c.exchange(text, true)
		if got := statuses(answer); len(got) > 1 || len(got) == 1 && got[0] != "400" {
			t.Errorf("cut %s: answered %q", name, got)
		}
		if text := stored(); text != statusCSV {
			t.Fatalf("a body cut %s replaced the file: %q", name, text)
		}
	}
	whole := chunked + chunks(head, row) + "0\r\n\r\n"
	if got := statuses(c.exchange(whole, false)); len(got) != 1 || got[0] != "200" {
		t.Errorf("whole upload: answered %q", got)
	}
	if text := stored(); text != head+row {
		t.Errorf("whole upload: stored %q", text)
	}
	trigger := "POST /trigger_report HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
	two := trigger + "\r\n" + chunks(`{"fresh":`, `true}`) + "0\r\n\r\n" + trigger + "Connection: close\r\n\r\n" + chunks(`{}`) + "0\r\nX-Trailer: x\r\n\r\n"
	if got := statuses(c.exchange(two, false)); len(got) != 2 || got[0] != "202" || got[1] != "202" {
		t.Errorf("two triggers on one connection: answered %q", got)
	}
}

// TestMalformedRequests sends what two servers could read in two ways. Each is refused, and what follows on the
// connection is not taken for a request.
func TestMalformedRequests(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	const next = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	post := "POST /trigger_report HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	chunked := post + "Transfer-Encoding: chunked\r\n\r\n"
	for name, text := range map[string]string{
		"two lengths":               post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		"a list of lengths":         post + "Content-Length: 2, 3\r\n\r\n{}",
		"signed length":             post + "Content-Length: +2\r\n\r\n{}",
		"negative length":           post + "Content-Length: -2\r\n\r\n{}",
		"hexadecimal length":        post + "Content-Length: 0x2\r\n\r\n{}",
		"length and chunks":         post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"chunks and length":         post + "Transfer-Encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"unknown coding":            post + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"chunked is not last":       post + "Transfer-Encoding: chunked, gzip\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"chunked twice":             post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"identity":                  post + "Transfer-Encoding: identity\r\n\r\n",
		"identity and length":       post + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
		"chunks in HTTP/1.0":        strings.Replace(chunked, "HTTP/1.1", "HTTP/1.0", 1) + "2\r\n{}\r\n0\r\n\r\n",
		"size 0x2":                  chunked + "0x2\r\n{}\r\n0\r\n\r\n",
		"size +2":                   chunked + "+2\r\n{}\r\n0\r\n\r\n",
		"size -1":                   chunked + "-1\r\n{}\r\n0\r\n\r\n",
		"blank before a size":       chunked + " 2\r\n{}\r\n0\r\n\r\n",
		"size that overflows":       chunked + "ffffffffffffffff2\r\n{}\r\n0\r\n\r\n",
		"size ended by LF":          chunked + "2\n{}\r\n0\r\n\r\n",
		"data longer than the size": chunked + "1\r\n{}\r\n0\r\n\r\n",
		"folded header":             post + "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
		"blank before a colon":      post + "Content-Length : 2\r\n\r\n{}",
		"header without a colon":    post + "Content-Length\r\n\r\n",
		"NUL in a header":           post + "X-A: \x00\r\nContent-Length: 2\r\n\r\n{}",
		"CR in a header":            post + "X-A: b\rContent-Length: 7\r\n\r\n",
		"two hosts":                 "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
		"no host":                   "GET /healthz HTTP/1.1\r\n\r\n",
		"lines ended by LF":         "GET /healthz HTTP/1.1\nHost: localhost\n\n",
		"a header line ended by LF": "GET /healthz HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n",
		"unknown version of HTTP":   "GET /healthz HTTP/1.9x\r\nHost: localhost\r\n\r\n",
		"blank in the path":         "GET /healthz x HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		answer := c.exchange(text+next, false)
		if got := statuses(answer); len(got) != 1 || got[0] != "400" && got[0] != "501" && got[0] != "505" {
			t.Errorf("%s: answered %q", name, got)
		}
		if head, body, _ := strings.Cut(answer, "\r\n\r\n"); !strings.Contains(head, "\r\nConnection: close") || !strings.Contains(body, `"status":`) {
			t.Errorf("%s: got %q", name, answer)
		}
	}
}

// TestSlowBodies sends bodies that do not go on: they are answered, and the connection ends.
func TestSlowBodies(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.Limits.Grace = 200 * time.Millisecond })
	for name, text := range map[string]string{
		"header":        "GET /healthz HTTP/1.1\r\nHost: local",
		"first bytes":   uploadLine + "Content-Length: 2000\r\n\r\n" + statusCSV,
		"later bytes":   uploadLine + "Content-Length: 2000000\r\n\r\n" + strings.Repeat(statusCSV, 200),
		"chunk":         uploadLine + "Transfer-Encoding: chunked\r\n\r\nfff\r\n" + statusCSV,
		"size of chunk": uploadLine + "Transfer-Encoding: chunked\r\n\r\n" + chunks(statusCSV),
		"last line":     uploadLine + "Transfer-Encoding: chunked\r\n\r\n" + chunks(statusCSV) + "0\r\n",
		"JSON": "POST /trigger_report HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
			"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
	} {
		if got := statuses(c.exchange(text, false)); len(got) != 1 || got[0] != "408" {
			t.Errorf("%s: answered %q", name, got)
		}
	}
	if entries, err := os.ReadDir(filepath.Join(c.dir, "data")); err != nil || len(entries) != 0 {
		t.Errorf("left in the data folder: %v %v", err, entries)
	}
}

// TestMultipartBodies begins a form: it must not be received, to the disk, before a token is asked for.
func TestMultipartBodies(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.WriteTokens = []string{"w"} })
	form := "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n" + strings.Repeat("a", 10<<10)
	answer := c.exchange("POST /trigger_report HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"+
		"Content-Length: 40000000\r\n\r\n"+form, true)
	if got := statuses(answer); len(got) != 1 || got[0] != "401" {
		t.Errorf("answered %q", answer)
	}
}

// TestLongHeaders sends headers that fit, and longer ones: whoever sends 1.5 MB can read the answer too.
func TestLongHeaders(t *testing.T) {
	c := serve(t, nil)
	for _, h := range []struct {
		size int
		want string
	}{{56 << 10, "200"}, {68 << 10, "431"}, {1500 << 10, "431"}} {
		text := "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: " + strings.Repeat("a", h.size) + "\r\n\r\n"
		if got := statuses(c.exchange(text, false)); len(got) != 1 || got[0] != h.want {
			t.Errorf("%d bytes: answered %q, want %s", h.size, got, h.want)
		}
	}
}
