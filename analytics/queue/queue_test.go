package queue

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

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
	if other, reused := submit(t, r, Submission{}); reused || other.ReportID == first.ReportID {
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
		if err := r.save(dir + "/reports"); err != nil {
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
	if _, err := r.Find("../../etc/passwd"); !errors.Is(err, report.ErrNoReport) {
		t.Errorf("got %v", err)
	}
}

func TestRunnerFailsAndRetains(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, func(o *Options) { o.Retention = Retention{Count: 2} })
	failing, _ := submit(t, r, Submission{Parameters: params.Parameters{Stores: []string{"nobody"}}})
	if s := await(t, r, failing.ReportID, Failed); s.Error != "no store nobody in the data: ids are matched exactly (case and spaces included)" {
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
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "reports", waiting.ReportID), 0o755), waiting.save(dir+"/reports")); err != nil {
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
