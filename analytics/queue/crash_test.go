package queue

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
	"openhours/analytics/storage"
	"openhours/analytics/storage/crashtest"
)

// afterCrash opens a folder of reports as a server does at its start, without making any.
func afterCrash(t *testing.T, reports string) *Queue {
	t.Helper()
	r, err := open(Options{Reports: reports, Queue: 64, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return enginetest.Now }})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// whole checks that the files of a complete report have their hashes.
func whole(t *testing.T, reports, id string) {
	t.Helper()
	m, err := report.Find(reports, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Outputs {
		if seen, err := storage.HashFile(t.Context(), filepath.Join(reports, id, f.File)); err != nil || seen.SHA256 != f.SHA256 {
			t.Errorf("%s has %d bytes instead of %d, %v", f.File, seen.Bytes, f.Bytes, err)
		}
	}
}

// tidy checks that a folder has reports and nothing else.
func tidy(t *testing.T, r *Queue) {
	t.Helper()
	for _, path := range crashtest.Files(t, r.o.Reports) {
		id, file, _ := strings.Cut(path, "/")
		known := []string{report.RecordFile}
		if e := r.entries[id]; e != nil && e.record.State == Complete {
			known = []string{report.RecordFile, "report.json", "report.csv", "report.parquet", "outages.parquet", "rejects.csv", report.StoresFile, report.GroupsFile, report.TargetsFile}
		}
		if r.entries[id] == nil && id != ".lock" || file != "" && !slices.Contains(known, file) {
			t.Errorf("%s was left", path)
		}
	}
}

// TestCrashes replays crashes while reports are accepted, made, cancelled and removed, one of them by retention.
func TestCrashes(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": aDay, "data/stores.csv": "store_id,name\na,Corner\n", "reports/.lock": ""})
	rec := crashtest.Record(t, dir+"/reports")
	r := testRunner(t, dir, nil)
	first, _ := submit(t, r, Submission{})
	rec.Mark("accepted %s", first.ReportID)
	await(t, r, first.ReportID, Complete)
	rec.Mark("complete %s", first.ReportID)
	second, _ := submit(t, r, Submission{Parameters: params.Parameters{Stores: []string{"nobody"}}})
	rec.Mark("accepted %s", second.ReportID)
	await(t, r, second.ReportID, Failed)
	rec.Mark("failed %s", second.ReportID)
	last, _ := submit(t, r, Submission{Fresh: true}) // the last complete one stays
	await(t, r, last.ReportID, Complete)
	rec.Mark("removing %s", first.ReportID)
	r.mu.Lock() // the worker may look at it after the report, and be the one that removes
	r.o.Retention = Retention{Count: 2}
	r.mu.Unlock()
	r.retain()
	rec.Mark("removed %s", first.ReportID)
	rec.Mark("removing %s", second.ReportID)
	if _, err := r.Remove(t.Context(), second.ReportID); err != nil {
		t.Fatal(err)
	}
	rec.Mark("removed %s", second.ReportID)
	rec.Stop()
	trees := rec.Crashes(t, func(t *testing.T, c crashtest.Crash) {
		r := afterCrash(t, c.Root)
		for _, id := range []string{first.ReportID, second.ReportID} {
			s, err := r.Find(id)
			switch {
			case errors.Is(err, report.ErrNoReport):
				if c.Acked("accepted "+id) && !c.Acked("removing "+id) {
					t.Errorf("%s is lost", id)
				}
				continue
			case err != nil:
				t.Fatal(err)
			case c.Acked("removed " + id):
				t.Errorf("%s is back: %+v", id, s)
			case c.Acked("complete "+id) && s.State != Complete, c.Acked("failed "+id) && s.State != Failed, s.State == Running:
				t.Errorf("%s is %s", id, s.State)
			case s.State == Complete:
				whole(t, c.Root, id)
			}
			if c.Acked("accepted "+id) && parametersKey(s.Parameters) != parametersKey(map[string]Status{first.ReportID: first, second.ReportID: second}[id].Parameters) {
				t.Errorf("%s has other parameters: %+v", id, s.Parameters)
			}
		}
		tidy(t, r)
	})
	if trees < 50 {
		t.Errorf("only %d trees", trees)
	}
}

// TestCrashesOfTheCommand replays crashes of a report that no server makes.
func TestCrashesOfTheCommand(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	rec := crashtest.Record(t, dir)
	m, err := report.Make(t.Context(), r.o.Engines, report.Request{Data: dir + "/data", Reports: dir + "/more/reports", Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	rec.Mark("made")
	rec.Stop()
	rec.Crashes(t, func(t *testing.T, c crashtest.Crash) {
		reports := filepath.Join(c.Root, "more/reports")
		r := afterCrash(t, reports)
		if s, err := r.Find(m.ReportID); err == nil && s.State == Complete {
			whole(t, reports, m.ReportID)
		} else if err == nil || c.Acked("made") {
			t.Errorf("%+v, %v", s, err)
		}
		tidy(t, r)
	})
}

// TestCommandRemovesOrphans: where no server ever starts, the next report removes what a killed one has left.
func TestCommandRemovesOrphans(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	running, err := storage.MakeDraft(dir + "/reports/.making-running")
	if err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, dir, map[string]string{"reports/.making-killed/report.csv.part": "half", "reports/.removing-killed/report.csv": "old"})
	if _, err := report.Make(t.Context(), r.o.Engines, report.Request{Data: dir + "/data", Reports: dir + "/reports", Now: enginetest.Now}); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(dir + "/reports/.*-*"); err != nil || len(left) != 1 || left[0] != running.Path() {
		t.Errorf("left: %v, %v", left, err)
	}
	if err := running.Discard(); err != nil {
		t.Error(err)
	}
}

// TestFaults lets each change fail on the way of a report from its submission to its removal. The state that is told
// is the one on the disk, and the report is made when the disk works again.
func TestFaults(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": aDay})
	engines := pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}
	for _, fault := range crashtest.Faults {
		fault.Each(t, func(t *testing.T, armed func() func() *storage.Change) {
			if err := os.RemoveAll(dir + "/reports"); err != nil {
				t.Fatal(err)
			}
			r := afterCrash(t, dir+"/reports")
			r.o.Data, r.o.Engines = dir+"/data", engines
			disarm := armed()
			s, _, err := r.Submit(t.Context(), Submission{})
			if err == nil {
				_, err = r.Remove(t.Context(), s.ReportID) // is cancelled
			}
			if err == nil {
				_, err = r.Remove(t.Context(), s.ReportID)
			}
			change := disarm()
			if change == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !errors.Is(err, fault.Err) || !strings.Contains(err.Error(), change.Path) {
				t.Fatalf("%+v: %v", *change, err)
			}
			before, beforeErr := r.List("", "", 10)
			again := afterCrash(t, dir+"/reports")
			again.o.Data, again.o.Engines = dir+"/data", engines
			after, err := again.List("", "", 10)
			if err != nil || beforeErr != nil || len(before) > len(after) || len(before) == 1 && before[0].State != after[0].State && !fault.Lasts {
				t.Errorf("%+v: before a new start %+v, %v, after it %+v, %v", *change, before, beforeErr, after, err)
			}
			tidy(t, again)
			if s.ReportID != "" {
				for range 2 {
					if _, err := again.Remove(t.Context(), s.ReportID); err != nil && !errors.Is(err, report.ErrNoReport) {
						t.Errorf("again, after %+v: %v", *change, err)
					}
				}
				if _, err := os.Stat(filepath.Join(dir, "reports", s.ReportID)); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("after %+v the report stays: %v", *change, err)
				}
			}
			if _, _, err := again.Submit(t.Context(), Submission{}); err != nil {
				t.Errorf("again, after %+v: %v", *change, err)
			}
		})
	}
}

// TestFullDiskDelaysAReport: a report that cannot begin, or whose end cannot be written down, waits for room.
func TestFullDiskDelaysAReport(t *testing.T) {
	for _, c := range []struct {
		name  string
		begun bool // before the disk is full
		state State
	}{{"it stays in the queue", false, Queued}, {"it stays a running one", true, Running}} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			t.Cleanup(func() { storage.Watch(nil) })
			refused := make(chan bool, 1000)
			full := func(ch storage.Change) error {
				if ch.Op != storage.OpCreate || filepath.Base(ch.Path) != report.RecordFile+".part" || strings.Contains(ch.Path, ".making-") {
					return nil
				}
				refused <- true
				return syscall.ENOSPC
			}
			storage.Watch(func(ch storage.Change) error {
				text, _ := os.ReadFile(strings.TrimSuffix(ch.Path, ".part")) // there is none before the first
				if c.begun && strings.Contains(string(text), `"queued"`) {
					return nil
				}
				return full(ch)
			})
			r := testRunner(t, dir, nil)
			s, _ := submit(t, r, Submission{})
			<-refused
			<-refused // again
			if now, err := r.Find(s.ReportID); err != nil || now.State != c.state {
				t.Errorf("%+v, %v", now, err)
			}
			storage.Watch(nil)
			await(t, r, s.ReportID, Complete)
		})
	}
}
