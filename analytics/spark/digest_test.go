package spark

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

// message is one of the talk before a session: a state and what follows.
func message(state byte, text string) []byte {
	return append([]byte{state, 0, 0, 0, byte(len(text))}, text...)
}

// TestDigestConn: the proof that comes with the last word is handed over before it, its answer is kept
// back, and what comes after passes as it is.
func TestDigestConn(t *testing.T) {
	near, far := net.Pipe()
	defer near.Close()
	conn := &digestConn{Conn: near}
	sent := make(chan []byte, 1)
	go func() {
		got := make([]byte, len("answer"))
		_, _ = far.Write(message(saslOK, "challenge"))
		_, _ = io.ReadFull(far, got)
		_, _ = far.Write(append(message(saslComplete, "proof"), "\x05\x00\x00\x00\x01!"...))
		rest, _ := io.ReadAll(far)
		sent <- append(got, rest...)
	}()
	read := func(want []byte) {
		t.Helper()
		got := make([]byte, len(want))
		if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("read %q and %v instead of %q", got, err, want)
		}
	}
	write := func(text string) {
		t.Helper()
		if n, err := conn.Write([]byte(text)); n != len(text) || err != nil {
			t.Fatal(n, err)
		}
	}
	read(message(saslOK, "challenge"))
	write("answer")
	read(message(saslOK, "proof"))
	write("kept back")
	read(message(saslComplete, ""))
	read([]byte("\x05\x00\x00\x00\x01!"))
	write("statement")
	_ = near.Close()
	if got := string(<-sent); got != "answerstatement" {
		t.Errorf("the server got %q", got)
	}
}

// TestAnswersThatAreNone: whatever a server says, the error names it, and nothing panics or waits.
func TestAnswersThatAreNone(t *testing.T) {
	for name, answer := range map[string][]byte{
		"nothing":            nil,
		"another protocol":   []byte("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"a refusal":          message(3, "no such token"),
		"an empty challenge": message(saslOK, ""),
		"no challenge":       message(saslOK, "x"),
		"half a message":     message(saslOK, "nonce")[:7],
		"at once complete":   message(saslComplete, ""),
		"a wrong proof":      message(saslComplete, "rspauth=0"),
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go func() {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Write(answer)
				_ = conn.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, conn)
			}()
			address := listener.Addr().String()
			_, err = NewConnector(Options{Address: address, Auth: "DIGEST-MD5", User: "a", Password: "b"}, "").Connect(context.Background())
			var away *UnreachableError
			if !errors.As(err, &away) || !strings.Contains(err.Error(), address) {
				t.Errorf("got %v", err)
			}
		})
	}
}
