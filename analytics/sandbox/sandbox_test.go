package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain is also the program that the tests run: its first argument says what to do.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || strings.HasPrefix(os.Args[1], "-") {
		os.Exit(m.Run())
	}
	seconds, err := strconv.Atoi(strings.TrimPrefix(os.Args[2], "--seconds="))
	if err == nil {
		err = Limit(300<<20, uint64(seconds))
	}
	var request string
	if err == nil {
		err = json.NewDecoder(os.Stdin).Decode(&request)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%q\n", request)
	switch os.Args[1] {
	case "fail":
		fmt.Fprintln(os.Stderr, "what is wrong\nand more")
		os.Exit(7)
	case "killed":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "memory":
		for {
			held = append(held, make([]byte, 1<<20))
		}
	case "busy":
		for {
			held = nil
		}
	case "idle":
		time.Sleep(time.Hour)
	}
}

var held [][]byte

// TestRun: the answers of a process come back, and it is told apart how it died.
func TestRun(t *testing.T) {
	for command, want := range map[string]string{
		"answer": "",
		"fail":   "ended with code 7: what is wrong",
		"killed": "ended with the signal killed",
		"memory": "needed more memory than it may take",
		"busy":   "took more than 1 s of the processor",
		"idle":   "took longer than 3s",
	} {
		t.Run(command, func(t *testing.T) {
			program, err := Self(1, command)
			if err != nil {
				t.Fatal(err)
			}
			var answers []string
			for range 5 { // where others keep the processors busy, the limit of time may come first
				answers = nil
				err = program.Run(t.Context(), "hello", 1, func(text json.RawMessage) error {
					answers = append(answers, string(text))
					return nil
				})
				if command != "busy" || err == nil || err.Error() != "took longer than 3s" {
					break
				}
			}
			var death *DeathError
			switch {
			case want == "" && err != nil, want != "" && (!errors.As(err, &death) || err.Error() != want):
				t.Errorf("got the error %v, want %q", err, want)
			case len(answers) != 1 || answers[0] != `"hello"`:
				t.Errorf("got the answers %q", answers)
			}
		})
	}
}

// TestRunStops: who waits for a turn or for an answer stops with the context, with its error.
func TestRunStops(t *testing.T) {
	program, err := Self(1, "idle")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	running := make(chan error, 1)
	started := make(chan struct{})
	go func() {
		running <- program.Run(ctx, "x", 1000, func(json.RawMessage) error { close(started); return nil })
	}()
	<-started
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := program.Run(soon, "x", 1000, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second process beside the only one allowed: %v", err)
	}
	stop()
	if err := <-running; !errors.Is(err, context.Canceled) {
		t.Errorf("stopped with %v", err)
	}
}
