package test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// server is the real program in a process of its own.
type server struct {
	t       *testing.T
	process *exec.Cmd
	base    string
}

var listening = regexp.MustCompile(`url=(http://\S+)`)

func startServer(t *testing.T, program, dir string) *server {
	t.Helper()
	return startCommand(t, dir, program, "serve", "--data", "data", "--reports", "reports", "--listen", "127.0.0.1:0", "--threads", "1")
}

func startCommand(t *testing.T, dir, program string, arguments ...string) *server {
	t.Helper()
	s := &server{t: t, process: exec.Command(program, arguments...)}
	s.process.Dir = dir
	log, err := s.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	lines := bufio.NewScanner(log)
	for s.base == "" && lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			s.base = found[1]
		}
	}
	if s.base == "" {
		t.Fatal("the server does not listen")
	}
	go func() {
		_, _ = io.Copy(io.Discard, log) // until the process ends
	}()
	return s
}

// kill ends the process as a power failure would, and waits until it is gone.
func (s *server) kill() {
	if s.process.ProcessState == nil {
		_ = s.process.Process.Signal(syscall.SIGKILL) // it may be gone already
		_ = s.process.Wait()
	}
}

func (s *server) get(method, path string, into any) *http.Response {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return response
}

type reportState struct {
	ReportID string `json:"report_id"`
	State    string `json:"state"`
	Tries    int    `json:"tries"`
	Error    string `json:"error"`
	Progress struct {
		Step string `json:"step"`
	} `json:"progress"`
}

func (s *server) state(id string) (r reportState) {
	s.t.Helper()
	s.get("GET", "/api/v1/reports/"+id, &r)
	return r
}

// until polls quickly until a condition holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

// outputs hashes the files of a report; every one must be whole.
func outputs(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	for _, name := range []string{"report.csv", "report.parquet", "outages.parquet", "rejects.csv"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s %x\n", name, sha256.Sum256(text))
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*.part")); err != nil || len(left) > 0 {
		t.Fatalf("half files: %v, %v", left, err)
	}
	return all.String()
}

// TestKilledServer kills the real process in each phase of a report and starts it again: every report
// that was accepted comes to its end, with the same bytes.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "openhours")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.Command(program, "generate", "--data", dir+"/data", "--stores", "1500", "--seed", "5").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	running := startServer(t, program, dir)
	second := exec.Command(program, "serve", "--listen", "127.0.0.1:0")
	second.Dir = dir
	if out, err := second.CombinedOutput(); err == nil || !strings.Contains(string(out), "report folder reports: another server works on it, and each needs one of its own") {
		t.Errorf("a second server: %v: %s", err, out)
	}
	running.kill()
	ask := func(s *server, key string) string {
		request, err := http.NewRequestWithContext(t.Context(), "POST", s.base+"/trigger_report", bytes.NewBufferString(`{"fresh":true}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var r reportState
		if err := json.NewDecoder(response.Body).Decode(&r); err != nil || response.StatusCode != http.StatusAccepted {
			t.Fatalf("status %d, %v", response.StatusCode, err)
		}
		return r.ReportID
	}
	exists := func(id, name string) bool {
		_, err := os.Stat(filepath.Join(dir, "reports", id, name))
		return err == nil
	}
	step := func(s *server, id string, names ...string) func() bool {
		return func() bool {
			r := s.state(id)
			return r.State == "complete" || strings.Contains(strings.Join(names, " "), r.Progress.Step) && r.Progress.Step != ""
		}
	}
	s := startServer(t, program, dir)
	first := ask(s, "first")
	until(t, "first report", func() bool { return s.state(first).State == "complete" })
	want := outputs(t, filepath.Join(dir, "reports", first))
	for name, reached := range map[string]func(s *server, id string) func() bool{
		"accepted": func(*server, string) func() bool { return func() bool { return true } },
		"reading":  func(s *server, id string) func() bool { return step(s, id, "read") },
		"models": func(s *server, id string) func() bool {
			return step(s, id, "observations", "change_rows", "measures", "findings")
		},
		"writing": func(_ *server, id string) func() bool {
			return func() bool { return exists(id, "report.csv.part") || exists(id, "report.csv") }
		},
		"last file": func(_ *server, id string) func() bool {
			return func() bool { return exists(id, "outages.parquet") }
		},
		"complete": func(s *server, id string) func() bool { return func() bool { return s.state(id).State == "complete" } },
	} {
		top := t // what is started in a part must outlive it
		t.Run(name, func(t *testing.T) {
			id := ask(s, name)
			until(t, name, reached(s, id))
			s.kill()
			if exists(id, "report.json") {
				outputs(t, filepath.Join(dir, "reports", id)) // with the manifest all files are whole
			}
			s = startServer(top, program, dir)
			if again := ask(s, name); again != id {
				t.Error("the idempotency key is forgotten")
			}
			until(t, "the end after "+name, func() bool {
				r := s.state(id)
				if r.State == "failed" {
					t.Fatal(r.Error)
				}
				return r.State == "complete"
			})
			if got := outputs(t, filepath.Join(dir, "reports", id)); got != want {
				t.Errorf("other bytes:\n%s\nwant\n%s", got, want)
			}
			if got := outputs(t, filepath.Join(dir, "reports", first)); got != want {
				t.Error("a finished report has changed")
			}
		})
	}
	if err := s.process.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
}
