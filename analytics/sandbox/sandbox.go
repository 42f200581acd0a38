// Package sandbox runs a command of this program in a process of its own, which has limits and may die. It
// knows nothing of what the command does.
package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Program is a command of this program.
type Program struct {
	path  string   // of the executable
	args  []string // with the name of the program first
	slots chan struct{}
}

// Self returns a command of the program that runs now, also if its file has been replaced meanwhile. At most
// so many processes run at once; others wait.
func Self(most int, args ...string) (*Program, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program's own file: %w", err)
	}
	if own := "/proc/self/exe"; runtime.GOOS == "linux" && exists(own) {
		path = own
	}
	return &Program{path: path, args: append([]string{os.Args[0]}, args...), slots: make(chan struct{}, most)}, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// DeathError is returned if the process ended before it had answered: by a signal, by a limit, or with an
// exit code.
type DeathError struct{ how string }

func (e *DeathError) Error() string { return e.how }

const (
	mostStderr = 4 << 10
	mostStdout = 64 << 20
)

// Run starts the process, writes request to its standard input, and calls take with each JSON value of its
// standard output. It waits for its turn first. seconds limit the time of the processor, and three times as
// many the time on the clock.
func (p *Program) Run(ctx context.Context, request any, seconds int, take func(json.RawMessage) error) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	text, err := json.Marshal(request)
	if err != nil {
		return err
	}
	limit := 3 * time.Duration(seconds) * time.Second
	running, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	process := exec.CommandContext(running, p.path)
	process.Args = append(append([]string{}, p.args...), fmt.Sprintf("--seconds=%d", seconds))
	// no trace of goroutines, and one heap of the C library instead of one per thread
	process.Env = append(os.Environ(), "GOTRACEBACK=none", "MALLOC_ARENA_MAX=1")
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is for the server, which waits for it
	process.Stdin = bytes.NewReader(text)
	complaint := &start{}
	process.Stderr = complaint
	process.WaitDelay = time.Second
	out, err := process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := process.Start(); err != nil {
		return fmt.Errorf("start a process: %w", err)
	}
	answers := json.NewDecoder(io.LimitReader(out, mostStdout))
	var fault error
	for fault == nil {
		var answer json.RawMessage
		if answers.Decode(&answer) != nil {
			break // that the process ended too early is what counts
		}
		fault = take(answer)
	}
	if fault != nil {
		cancel()
	}
	ended := process.Wait()
	switch {
	case fault != nil:
		return fault
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case running.Err() != nil:
		return &DeathError{fmt.Sprintf("took longer than %s", limit)}
	case ended != nil:
		return death(ended, complaint.String(), seconds)
	}
	return nil
}

// death says how a process ended.
func death(ended error, complaint string, seconds int) error {
	var exit *exec.ExitError
	if !errors.As(ended, &exit) {
		return ended
	}
	status, _ := exit.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		// the limit is compared with the time that the kernel has counted in ticks, which on a busy machine is more than it reports
		if exit.UserTime()+exit.SystemTime() > time.Duration(seconds)*time.Second/2 {
			return &DeathError{fmt.Sprintf("took more than %d s of the processor", seconds)}
		}
		return &DeathError{"ended with the signal " + status.Signal().String()}
	}
	for _, sign := range []string{"out of memory", "cannot allocate memory", "failed to allocate", "bad_alloc"} {
		if strings.Contains(strings.ToLower(complaint), sign) {
			return &DeathError{"needed more memory than it may take"}
		}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(complaint), "\n")
	return &DeathError{strings.TrimSuffix(fmt.Sprintf("ended with code %d: %s", exit.ExitCode(), first), ": ")}
}

// start keeps the first bytes that are written to it.
type start struct{ bytes.Buffer }

func (s *start) Write(text []byte) (int, error) {
	_, err := s.Buffer.Write(text[:min(len(text), mostStderr-s.Len())])
	return len(text), err
}

// Limit limits this process, unless it has a lower limit already. What it has taken counts.
func Limit(memoryBytes uint64, seconds uint64) error {
	var faults []error
	for resource, most := range map[int]uint64{syscall.RLIMIT_DATA: memoryBytes, syscall.RLIMIT_CPU: seconds, syscall.RLIMIT_CORE: 0} {
		var now syscall.Rlimit
		err := syscall.Getrlimit(resource, &now)
		if most = min(most, now.Max); err == nil {
			err = syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most})
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}
