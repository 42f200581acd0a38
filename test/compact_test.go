package test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// compactFolder is generated input whose polls lie in many files, with rows that are rejected, repeated
// and at odds, so that every phase of a compact takes its time.
type compactFolder struct {
	t       *testing.T
	program string
	dir     string
	files   map[string]string
}

func newCompactFolder(t *testing.T, statusFiles int) *compactFolder {
	t.Helper()
	f := &compactFolder{t: t, dir: t.TempDir(), files: map[string]string{}}
	f.program = filepath.Join(f.dir, "openhours")
	if out, err := exec.Command("go", "build", "-o", f.program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.Command(f.program, "generate", "--data", f.dir+"/made", "--stores", "60", "--days", "12", "--seed", "7").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range []string{"store_status.csv", "menu_hours.csv", "timezones.csv"} {
		text, err := os.ReadFile(filepath.Join(f.dir, "made", name))
		if err != nil {
			t.Fatal(err)
		}
		f.files[name] = string(text)
	}
	rows := strings.SplitAfter(f.files["store_status.csv"], "\n")
	delete(f.files, "store_status.csv")
	for i := range statusFiles {
		name := fmt.Sprintf("store_status_%02d.csv", i)
		f.files[name] = rows[0] + rows[1] // repeated in every file
		for j := 1 + i; j < len(rows); j += statusFiles {
			f.files[name] += rows[j]
		}
		if i%5 == 0 {
			f.files[name] += fmt.Sprintf("%d,perhaps,2024-10-14 10:00:00 UTC\n\"open\n", i)
		}
	}
	return f
}

// fresh recreates the data folder.
func (f *compactFolder) fresh(name string) string {
	f.t.Helper()
	data := filepath.Join(f.dir, name)
	if err := errors.Join(os.RemoveAll(data), os.Mkdir(data, 0o755)); err != nil {
		f.t.Fatal(err)
	}
	for file, text := range f.files {
		if err := os.WriteFile(filepath.Join(data, file), []byte(text), 0o644); err != nil {
			f.t.Fatal(err)
		}
	}
	return data
}

// report makes a report with the real program and hashes what must not change.
func (f *compactFolder) report(data string) string {
	f.t.Helper()
	reports := filepath.Join(f.dir, "reports")
	if err := os.RemoveAll(reports); err != nil {
		f.t.Fatal(err)
	}
	out, err := exec.Command(f.program, "report", "--data", data, "--reports", reports).CombinedOutput()
	if err != nil {
		f.t.Fatalf("report: %v: %s", err, out)
	}
	folders, err := filepath.Glob(reports + "/*")
	if err != nil || len(folders) != 1 {
		f.t.Fatalf("%v, %v", folders, err)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Rows read:") || strings.Contains(line, "repeated status rows") {
			return line + outputs(f.t, folders[0])
		}
	}
	f.t.Fatalf("no count of rows: %s", out)
	return ""
}

// compact runs the real program to its end.
func (f *compactFolder) compact(data string) {
	f.t.Helper()
	if out, err := exec.Command(f.program, "compact", "--data", data).CombinedOutput(); err != nil {
		f.t.Fatalf("compact: %v: %s", err, out)
	}
}

// whole holds a folder that was compacted to its end to what it must be.
func (f *compactFolder) whole(data string) {
	f.t.Helper()
	for name, want := range f.files {
		if strings.HasPrefix(name, "store_status") {
			name = "archive/" + name
		}
		if got, err := os.ReadFile(filepath.Join(data, name)); err != nil || string(got) != want {
			f.t.Errorf("%s: %v", name, err)
		}
	}
	days, err := filepath.Glob(data + "/status/day=*/*")
	folders, globErr := filepath.Glob(data + "/status/day=*")
	if err != nil || globErr != nil || len(days) != len(folders) || len(days) == 0 {
		f.t.Errorf("not one file per day: %v", days)
	}
	all, err := os.ReadDir(data + "/status")
	if err != nil {
		f.t.Fatal(err)
	}
	for _, entry := range all {
		if name := entry.Name(); strings.HasPrefix(name, ".") && name != ".lock" || strings.HasSuffix(name, ".part") {
			f.t.Errorf("%s was left behind", name)
		}
	}
}

// kill starts a compact and kills it as soon as a condition holds; false where it came to its end
// before.
func (f *compactFolder) kill(data string, when func() bool) bool {
	f.t.Helper()
	process := exec.Command(f.program, "compact", "--data", data)
	if err := process.Start(); err != nil {
		f.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				f.t.Fatalf("compact: %v", err)
			}
			return false
		default:
		}
		if when() {
			_ = process.Process.Signal(syscall.SIGKILL) // it may just have ended
			return <-ended != nil
		}
	}
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func some(pattern string) bool {
	found, err := filepath.Glob(pattern)
	return err == nil && len(found) > 0
}

// TestKilledCompact kills the real process in each of its phases and at random moments. A report of
// what then lies there, and one after the next compact, have the bytes from before.
func TestKilledCompact(t *testing.T) {
	t.Parallel()
	f := newCompactFolder(t, 24)
	want := f.report(f.fresh("before"))
	check := func(t *testing.T, data string) {
		t.Helper()
		if got := f.report(data); got != want {
			t.Fatalf("after the kill\n%s\nwant\n%s", got, want)
		}
		f.compact(data)
		f.whole(data)
		if got := f.report(data); got != want {
			t.Fatalf("after the next compact\n%s\nwant\n%s", got, want)
		}
	}
	manifest := func(data, text string) bool {
		got, err := os.ReadFile(data + "/status/manifest.json")
		return err == nil && strings.Contains(string(got), text)
	}
	for name, reached := range map[string]func(data string) bool{
		"begun":    func(data string) bool { return some(data + "/status/.compacting-*") },
		"reading":  func(data string) bool { return some(data + "/status/.compacting-*/rows-9") },
		"writing":  func(data string) bool { return some(data + "/status/.compacting-*/day=2024-10-08.parquet") },
		"pending":  func(data string) bool { return manifest(data, `"pending"`) },
		"placing":  func(data string) bool { return some(data + "/status/day=*/compact-*") },
		"switched": func(data string) bool { return manifest(data, `"archived": false`) },
		"moving":   func(data string) bool { return there(data + "/archive/store_status_00.csv") },
		"moved":    func(data string) bool { return there(data + "/archive/store_status_23.csv") },
	} {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				data := f.fresh("data")
				killed := f.kill(data, func() bool { return reached(data) })
				check(t, data)
				if killed {
					return
				}
			}
			t.Error("the phase was never met")
		})
	}
	t.Run("random", func(t *testing.T) {
		start := time.Now()
		f.compact(f.fresh("data"))
		usual := time.Since(start)
		for range 3 {
			data := f.fresh("data")
			for range 3 { // and killed again while it goes on
				after := time.Now().Add(time.Duration(rand.Int64N(int64(usual))))
				f.kill(data, func() bool { time.Sleep(100 * time.Microsecond); return time.Now().After(after) })
			}
			check(t, data)
		}
	})
}

// TestCompactUnderAServer compacts while a server makes one report after the other.
func TestCompactUnderAServer(t *testing.T) {
	t.Parallel()
	f := newCompactFolder(t, 8)
	f.fresh("data")
	s := startServer(t, f.program, f.dir)
	var made []string
	report := func() {
		var r reportState
		s.get("POST", "/trigger_report", &r)
		until(t, "report", func() bool {
			state := s.state(r.ReportID)
			if state.State == "failed" {
				t.Fatal(state.Error)
			}
			return state.State == "complete"
		})
		made = append(made, r.ReportID)
	}
	report()
	want := outputs(t, filepath.Join(f.dir, "reports", made[0]))
	done := make(chan error, 1)
	go func() {
		out, err := exec.Command(f.program, "compact", "--data", filepath.Join(f.dir, "data")).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		done <- err
	}()
	for running := true; running; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			running = false
		default:
		}
		s.touch(filepath.Join(f.dir, "data", "menu_hours.csv")) // so that each is a new one
		report()
	}
	f.whole(filepath.Join(f.dir, "data"))
	for _, id := range made {
		if got := outputs(t, filepath.Join(f.dir, "reports", id)); got != want {
			t.Errorf("other bytes:\n%s\nwant\n%s", got, want)
		}
	}
	var check struct {
		Inputs []struct {
			File    string `json:"file"`
			Archive string `json:"archive"`
		} `json:"inputs"`
		History struct {
			Days int `json:"days"`
		} `json:"history"`
	}
	if s.get("GET", "/api/v1/data", &check); len(check.Inputs) != 10 || check.Inputs[1].Archive != "archive/store_status_00.csv" || check.History.Days == 0 {
		t.Errorf("got %+v", check)
	}
}

// touch gives a file another time.
func (s *server) touch(path string) {
	s.t.Helper()
	if err := os.Chtimes(path, time.Time{}, time.Now()); err != nil {
		s.t.Fatal(err)
	}
}
