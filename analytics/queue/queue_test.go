package queue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

const aDay = "store_id,status,timestamp_utc\na,active,2024-10-07 10:00:00 UTC\nb,inactive,2024-10-07 11:00:00 UTC\n"

// testRunner works on a folder with one small status file, or on the one given.
func testRunner(t *testing.T, dir string, change func(*Options)) *Queue {
	t.Helper()
	if _, err := os.Stat(dir + "/data"); err != nil {
		enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": aDay})
	}
	o := Options{Engines: pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}, Data: dir + "/data", Reports: dir + "/reports",
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return enginetest.Now }}
	if change != nil {
		change(&o)
	}
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		r.Stop(ctx)
	})
	return r
}

func submit(t *testing.T, r *Queue, s Submission) (Status, bool) {
	t.Helper()
	status, reused, err := r.Submit(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return status, reused
}

// await polls until a report is in a state, within half a minute.
func await(t *testing.T, r *Queue, id string, want State) Status {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		status, err := r.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		if status.State == want {
			return status
		}
		if status.State.Final() || time.Now().After(end) {
			t.Fatalf("report is %s (%s), want %s", status.State, status.Error, want)
		}
	}
}

func TestRunnerReusesAnEqualReport(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	first, reused := submit(t, r, Submission{})
	if reused {
		t.Error("the first report is not a reused one")
	}
	if again, reused := submit(t, r, Submission{}); !reused || again.ReportID != first.ReportID {
		t.Error("an equal request in flight must share the run")
	}
	await(t, r, first.ReportID, Complete)
	if again, reused := submit(t, r, Submission{}); !reused || again.State != Complete {
		t.Errorf("an equal request must be answered by the finished report, got %+v", again)
	}
	if other, reused := submit(t, r, Submission{Fresh: true}); reused || other.ReportID == first.ReportID {
		t.Error("fresh must make a new report")
	}
	if other, reused := submit(t, r, Submission{Parameters: params.Parameters{Interpolation: "previous"}}); reused || other.ReportID == first.ReportID {
		t.Error("other parameters must make a new report")
	}
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status_2.csv": aDay})
	// one of those above may have begun since, and then reads the new file too
	if other, _ := submit(t, r, Submission{}); other.ReportID == first.ReportID {
		t.Error("other inputs must make a new report")
	}
	keyed, _ := submit(t, r, Submission{Fresh: true, IdempotencyKey: "k"})
	if again, reused := submit(t, r, Submission{Fresh: true, IdempotencyKey: "k"}); !reused || again.ReportID != keyed.ReportID {
		t.Error("a key must give the same report again")
	}
	if _, _, err := r.Submit(t.Context(), Submission{IdempotencyKey: "k"}); !errors.Is(err, ErrKeyConflict) {
		t.Errorf("got %v", err)
	}
}

func TestRunnerBoundsItsQueueAndCancels(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, func(o *Options) { o.Queue = 2 })
	var full bool
	var ids []string
	for range 20 {
		status, _, err := r.Submit(t.Context(), Submission{Fresh: true})
		if errors.Is(err, ErrQueueFull) {
			full = true
			break
		} else if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, status.ReportID)
	}
	if !full {
		t.Fatal("the queue has no end")
	}
	for _, id := range ids { // whatever each is at this moment
		if _, err := r.Remove(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range ids {
		status, err := r.Find(id)
		if err == nil && status.State != Cancelled {
			t.Errorf("report is %s", status.State)
		}
		if _, err := os.Stat(filepath.Join(dir, "reports", id, "report.csv")); err == nil {
			t.Error("a cancelled report has files")
		}
	}
	list, err := r.List(Cancelled, "", 10)
	if err != nil || len(list) == 0 || list[0].FinishedAt == nil {
		t.Errorf("got %+v, %v", list, err)
	}
}

func TestRunnerFindsReportsAgain(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": aDay})
	put := func(state State, tries int) string {
		id := testID(t)
		r := Record{ReportID: id, State: state, CreatedAt: enginetest.Now, Tries: tries, Parameters: params.Parameters{}.WithDefaults()}
		enginetest.WriteFiles(t, dir, map[string]string{"reports/" + id + "/report.csv.part": "half", "reports/" + id + "/report.csv": "no manifest, no report"})
		if err := r.save(dir + "/reports/" + id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	queued, running, dead := put(Queued, 0), put(Running, 1), put(Running, 3)
	stray := testID(t)
	enginetest.WriteFiles(t, dir, map[string]string{"reports/" + stray + "/report.csv": "the command was killed here"})
	r := testRunner(t, dir, nil)
	if s := await(t, r, queued, Complete); s.Tries != 1 {
		t.Errorf("%d tries", s.Tries)
	}
	if s := await(t, r, running, Complete); s.Tries != 2 {
		t.Errorf("%d tries", s.Tries)
	}
	if s := await(t, r, dead, Failed); s.Error != "the server died 3 times while it made this report" {
		t.Errorf("got %q", s.Error)
	}
	if left, err := filepath.Glob(dir + "/reports/*/*.part"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := r.Find(stray); !errors.Is(err, report.ErrNoReport) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir + "/reports/" + stray); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a report stays: %v", err)
	}
	if _, err := r.Find("../../etc/passwd"); !errors.Is(err, report.ErrNoReport) {
		t.Errorf("got %v", err)
	}
}

func TestRunnerFailsAndRetains(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, func(o *Options) { o.Retention = Retention{Count: 2} })
	failing, _ := submit(t, r, Submission{Parameters: params.Parameters{Stores: []string{"nobody"}}})
	if s := await(t, r, failing.ReportID, Failed); s.Error != "no store nobody in the data: ids and names are matched exactly (case and spaces included)" {
		t.Errorf("got %q", s.Error)
	}
	for range 3 {
		s, _ := submit(t, r, Submission{Fresh: true})
		await(t, r, s.ReportID, Complete)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		list, err := r.List("", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 2 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d reports are kept", len(list))
		}
	}
	limited := testRunner(t, t.TempDir(), func(o *Options) { o.TimeLimit = time.Nanosecond })
	s, _ := submit(t, limited, Submission{})
	if s := await(t, limited, s.ReportID, Failed); s.Error != errTimeLimit.Error() {
		t.Errorf("got %q", s.Error)
	}
}

func TestRunnerPutsRunningReportsBackWhenItStops(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	var ids []string
	for range 3 {
		s, _ := submit(t, r, Submission{Fresh: true})
		ids = append(ids, s.ReportID)
	}
	now, cancel := context.WithCancel(context.Background())
	cancel()
	r.Stop(now)
	if _, _, err := r.Submit(t.Context(), Submission{Fresh: true}); !errors.Is(err, ErrStopping) {
		t.Errorf("got %v", err)
	}
	again := testRunner(t, dir, nil)
	for _, id := range ids {
		if s := await(t, again, id, Complete); s.Tries != 1 {
			t.Errorf("%d tries", s.Tries)
		}
	}
}

func testID(t *testing.T) string {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}

// TestNewZoneRulesMakeANewReport asks for the same report before and after an update of the tz database.
func TestNewZoneRulesMakeANewReport(t *testing.T) {
	dir := t.TempDir()
	old := testRunner(t, dir, nil)
	first, _ := submit(t, old, Submission{})
	await(t, old, first.ReportID, Complete)
	e := enginetest.New(t, dir, 1)
	e.Zones.Release = "2099a"
	r := testRunner(t, dir, func(o *Options) { o.Engines.DuckDB = e })
	second, reused := submit(t, r, Submission{})
	if reused || second.ReportID == first.ReportID {
		t.Error("the report of another release is reused")
	}
	await(t, r, second.ReportID, Complete)
	if m, err := r.Manifest(second.ReportID); err != nil || m.Versions.ZoneData != "2099a" {
		t.Errorf("zone_data %q: %v", m.Versions.ZoneData, err)
	}
	if _, reused := submit(t, r, Submission{}); !reused {
		t.Error("a report of the same release is made again")
	}
}

// TestReuseGoesByTheFilesRead: a file that lay in the folder only while a report was made counts in that report,
// which must not be the answer for the folder without it.
func TestReuseGoesByTheFilesRead(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": aDay})
	e := enginetest.New(t, dir, 1)
	asked, err := input.Fingerprint(t.Context(), dir+"/data")
	if err != nil {
		t.Fatal(err)
	}
	waiting := Record{ReportID: testID(t), State: Queued, CreatedAt: enginetest.Now, Parameters: params.Parameters{}.WithDefaults(),
		Inputs: asked + "-" + e.Zones.Release}
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "reports", waiting.ReportID), 0o755), waiting.save(filepath.Join(dir, "reports", waiting.ReportID))); err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status_wrong.csv": aDay})
	r := testRunner(t, dir, func(o *Options) { o.Engines.DuckDB = e })
	await(t, r, waiting.ReportID, Complete)
	if err := os.Remove(dir + "/data/store_status_wrong.csv"); err != nil {
		t.Fatal(err)
	}
	right, reused := submit(t, r, Submission{})
	if reused {
		t.Fatal("the report with the wrong file is reused")
	}
	await(t, r, right.ReportID, Complete)
	if m, err := r.Manifest(right.ReportID); err != nil || len(m.Inputs) != 1 {
		t.Errorf("%+v, %v", m.Inputs, err)
	}
	if _, reused := submit(t, r, Submission{}); !reused {
		t.Error("the right one is not reused")
	}
}

// keptReports makes a folder of finished reports that ended at the times given, and a queue on it.
func keptReports(t *testing.T, keep Retention, ends ...time.Time) (r *Queue, ids []string, dir string) {
	t.Helper()
	dir = t.TempDir()
	maker := testRunner(t, dir, nil)
	for range ends {
		s, _ := submit(t, maker, Submission{Fresh: true})
		await(t, maker, s.ReportID, Complete)
		ids = append(ids, s.ReportID)
	}
	maker.Stop(t.Context())
	for i, id := range ids {
		e, err := readEntry(dir+"/reports", id)
		if err != nil {
			t.Fatal(err)
		}
		e.record.CreatedAt, e.record.FinishedAt = ends[i].Add(-time.Second), &ends[i]
		if err := e.record.save(filepath.Join(dir, "reports", id)); err != nil {
			t.Fatal(err)
		}
	}
	return testRunner(t, dir, func(o *Options) { o.Retention = keep }), ids, dir
}

func TestRetentionGoesByTheLastReport(t *testing.T) {
	long := enginetest.Now.Add(-400 * 24 * time.Hour) // a machine whose clock is far ahead
	for name, c := range map[string]struct {
		keep Retention
		ends []time.Time
		stay []int
	}{
		"age":            {Retention{Age: time.Hour}, []time.Time{long.Add(-2 * time.Hour), long.Add(-time.Minute), long}, []int{1, 2}},
		"last to finish": {Retention{Count: 1}, []time.Time{long, long.Add(-time.Minute), long.Add(-time.Hour)}, []int{0, 2}}, // the other is the newest of the fleet
		"a byte":         {Retention{Bytes: 1}, []time.Time{long.Add(-time.Hour), long}, []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			r, ids, _ := keptReports(t, c.keep, c.ends...)
			list, err := r.List(Complete, "", 10)
			if err != nil {
				t.Fatal(err)
			}
			var got, want []string
			for _, s := range list {
				got = append(got, s.ReportID)
			}
			for _, i := range c.stay {
				want = append(want, ids[i])
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRetentionSeesWhatTheCommandLeaves: reports that the command makes while the server is idle, and the folders of its
// killed runs.
func TestRetentionSeesWhatTheCommandLeaves(t *testing.T) {
	r, ids, dir := keptReports(t, Retention{Count: 1}, enginetest.Now)
	m, err := report.Make(t.Context(), r.o.Engines, report.Request{Data: dir + "/data", Reports: dir + "/reports", Now: enginetest.Now.Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, dir, map[string]string{"reports/.making-killed/report.csv.part": "x"})
	r.retain()
	left, err := os.ReadDir(dir + "/reports")
	if err != nil || len(left) != 1 || left[0].Name() != m.ReportID {
		t.Errorf("%v, %v: %s replaces %s, and nothing else stays", left, err, m.ReportID, ids[0])
	}
}

// TestDamagedReport: a report whose files are not those that were made is failed, and is neither
// served nor reused.
func TestDamagedReport(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(folder string) error
		want   string
		bytes  bool // seen only by who reads them
	}{
		"cut":      {func(f string) error { return os.Truncate(f+"/report.parquet", 0) }, "damaged: report.parquet has 0 bytes in place of ", false},
		"gone":     {func(f string) error { return os.Remove(f + "/rejects.csv") }, "damaged: rejects.csv is missing", false},
		"manifest": {func(f string) error { return os.Truncate(f+"/report.json", 10) }, "damaged: report.json has 10 bytes in place of ", false},
		"changed": {func(f string) error {
			file, err := os.OpenFile(f+"/report.csv", os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = file.WriteAt([]byte("X"), 0)
			return errors.Join(err, file.Close())
		}, "damaged: the SHA-256 of report.csv is not the one in report.json", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			r := testRunner(t, dir, nil)
			first, _ := submit(t, r, Submission{})
			await(t, r, first.ReportID, Complete)
			if err := c.damage(r.Folder(first.ReportID)); err != nil {
				t.Fatal(err)
			}
			if c.bytes {
				r.verifyAll(t.Context(), func(time.Duration) {})
			}
			s, err := r.Find(first.ReportID)
			if err != nil || s.State != Failed || !strings.HasPrefix(s.Error, c.want) {
				t.Fatalf("%s %q, %v", s.State, s.Error, err)
			}
			var incomplete *NotCompleteError
			if _, err := r.Manifest(first.ReportID); !errors.As(err, &incomplete) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
			again, reused := submit(t, r, Submission{})
			if reused {
				t.Error("it is reused")
			}
			await(t, r, again.ReportID, Complete)
			if c.bytes {
				return
			}
			restarted := testRunner(t, dir, nil)
			if s, err := restarted.Find(first.ReportID); err != nil || s.State != Failed || !strings.HasPrefix(s.Error, "damaged: ") {
				t.Errorf("after a restart: %s %q, %v", s.State, s.Error, err)
			}
		})
	}
}

// TestListsAreShort: a report for very many stores, or one with a very long id, is short in lists and in memory, and whole
// where it is asked for.
func TestListsAreShort(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	many := params.Parameters{Stores: []string{"a", "b"}}
	for n := range 10_000 {
		many.Stores = append(many.Stores, fmt.Sprintf("store %d", n))
	}
	for name, p := range map[string]params.Parameters{"many": many, "long": {Stores: []string{strings.Repeat("x", 100_000)}}} {
		s, _ := submit(t, r, Submission{Parameters: p})
		await(t, r, s.ReportID, Failed)
		for _, r := range []*Queue{r, testRunner(t, dir, nil)} {
			if found, err := r.Find(s.ReportID); err != nil || !slices.Equal(found.Parameters.Stores, p.Stores) || found.StoresAsked != len(p.Stores) {
				t.Errorf("%s: found with %d stores, asked for %d, %v", name, len(found.Parameters.Stores), found.StoresAsked, err)
			}
			list, err := r.List("", "", 1)
			if err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprint(list[0].Parameters.Stores); len(text) > 1000 || list[0].StoresAsked != len(p.Stores) {
				t.Errorf("%s: listed with %d bytes of stores, asked for %d", name, len(text), list[0].StoresAsked)
			}
			if text := fmt.Sprint(r.entries[s.ReportID].record.Parameters.Stores); len(text) > 1000 {
				t.Errorf("%s: %d bytes of stores stay in memory", name, len(text))
			}
			if len(list[0].Error) > mostErrorBytes+3 {
				t.Errorf("%s: the error has %d bytes", name, len(list[0].Error))
			}
		}
	}
}

// TestReportFinishedAtAKill: a server that is killed after it wrote report.json and before the record leaves a whole report.
// Its record has the files of the request, so it is the answer to none.
func TestReportFinishedAtAKill(t *testing.T) {
	dir := t.TempDir()
	first := testRunner(t, dir, nil)
	s, _ := submit(t, first, Submission{})
	await(t, first, s.ReportID, Complete)
	first.Stop(t.Context())
	e, err := readEntry(dir+"/reports", s.ReportID)
	if err != nil {
		t.Fatal(err)
	}
	e.record.State, e.record.FinishedAt = Running, nil
	if err := e.record.save(filepath.Join(dir, "reports", s.ReportID)); err != nil {
		t.Fatal(err)
	}
	again := testRunner(t, dir, nil)
	await(t, again, s.ReportID, Complete)
	if _, reused := submit(t, again, Submission{}); reused {
		t.Error("it is reused, whatever it has read")
	}
}
