package api

import (
	"fmt"
	"io"
	"net"
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
		"before the content length": uploadLine + "Content-Length: 2000\r\nConnection: close\r\n\r\n" + head + row,
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
