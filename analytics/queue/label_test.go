package queue

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/report"
	"openhours/analytics/storage/crashtest"
)

func labelled(t *testing.T, r *Queue, id string, change LabelChange) Status {
	t.Helper()
	s, err := r.Label(id, change)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pinnedIDs(t *testing.T, r *Queue) (ids []string) {
	t.Helper()
	list, err := r.List("", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		if s.Pinned {
			ids = append(ids, s.ReportID)
		}
	}
	return ids
}

// TestPinnedParametersAreTheFleets pins reports, also one of the command, and looks which is the latest.
func TestPinnedParametersAreTheFleets(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	fleet := made(t, r, params.Parameters{})
	next := params.Parameters{Interpolation: "next"}
	m, err := report.Make(t.Context(), r.o.Engines, report.Request{Data: dir + "/data", Reports: dir + "/reports", Now: enginetest.Now, Parameters: next})
	if err != nil {
		t.Fatal(err)
	}
	yes, no := true, false
	if s := labelled(t, r, m.ReportID, LabelChange{Pinned: &yes}); !s.Pinned {
		t.Error("it is not pinned")
	}
	wantLatest(t, r, m.ReportID, "pinned")
	made(t, r, params.Parameters{})
	wantLatest(t, r, m.ReportID, "a report with other parameters is newer")
	again := made(t, r, next)
	wantLatest(t, r, again, "a newer one has the pinned parameters")
	byDate := made(t, r, params.Parameters{Interpolation: "next", By: "date"})
	labelled(t, r, byDate, LabelChange{Pinned: &yes})
	if ids := pinnedIDs(t, r); !slices.Equal(ids, []string{byDate}) {
		t.Errorf("pinned are %v", ids)
	}
	made(t, r, next)
	wantLatest(t, r, byDate, "the newer one has no dates")
	name, note := " Quarter 3 ", "For the board.\nDo not delete."
	labelled(t, r, byDate, LabelChange{Name: &name, Note: &note})
	for _, r := range []*Queue{r, testRunner(t, dir, nil)} {
		if s, err := r.Find(byDate); err != nil || s.Label != (Label{"Quarter 3", note, true}) {
			t.Errorf("got %+v, %v", s.Label, err)
		}
		wantLatest(t, r, byDate, "after a restart too")
	}
	labelled(t, r, byDate, LabelChange{Pinned: &no})
	if ids := pinnedIDs(t, testRunner(t, dir, nil)); ids != nil {
		t.Errorf("an earlier pin is back: %v", ids)
	}
	if err := os.WriteFile(r.Folder(fleet)+"/"+labelFile, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err := testRunner(t, dir, nil).Find(fleet); err != nil || s.State != Complete || s.Label != (Label{}) {
		t.Errorf("a damaged label: %+v, %v", s, err)
	}
}

// TestTwoPins finds the pins that a power cut leaves between two writes: the last one counts.
func TestTwoPins(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	first, second := made(t, r, params.Parameters{Interpolation: "next"}), made(t, r, params.Parameters{Interpolation: "previous"})
	r.Stop(t.Context())
	early, late := enginetest.Now, enginetest.Now.Add(time.Hour)
	if err := errors.Join((label{PinnedAt: &late}).save(r.Folder(first)), (label{PinnedAt: &early}).save(r.Folder(second))); err != nil {
		t.Fatal(err)
	}
	r = testRunner(t, dir, nil)
	if ids := pinnedIDs(t, r); !slices.Equal(ids, []string{first}) {
		t.Errorf("pinned are %v", ids)
	}
	yes := true
	labelled(t, r, second, LabelChange{Pinned: &yes}) // the clock is behind the pin of the first
	if ids := pinnedIDs(t, testRunner(t, dir, nil)); !slices.Equal(ids, []string{second}) {
		t.Errorf("pinned are %v", ids)
	}
}

func TestLabelsAreRefused(t *testing.T) {
	r := testRunner(t, t.TempDir(), nil)
	failed, _ := submit(t, r, Submission{Parameters: params.Parameters{Stores: []string{"nobody"}}})
	await(t, r, failed.ReportID, Failed)
	long, lines, note, yes := strings.Repeat("ä", LongestName+1), "a\nb", strings.Repeat("x", LongestNote+1), true
	for want, change := range map[string]LabelChange{
		"name: it has 101 characters: at most 100 are kept":                                    {Name: &long},
		"name: it has a line end or another control character: write one line of text":         {Name: &lines},
		"note: it has 2001 characters: at most 2000 are kept":                                  {Note: &note},
		"the report is failed: no store nobody in the data: ids and names are matched exactly": {Pinned: &yes},
	} {
		if _, err := r.Label(failed.ReportID, change); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	long = long[:2*LongestName]
	if s := labelled(t, r, failed.ReportID, LabelChange{Name: &long}); s.Name != long {
		t.Errorf("got %q", s.Name)
	}
	if _, err := r.Label(testID(t), LabelChange{}); !errors.Is(err, report.ErrNoReport) {
		t.Errorf("got %v", err)
	}
}

// TestRetentionKeepsWhatPeopleNamed lets experiments push out what nobody named, and not the report of the fleet.
func TestRetentionKeepsWhatPeopleNamed(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	named, fleet, pushedOut := made(t, r, params.Parameters{}), made(t, r, params.Parameters{}), made(t, r, params.Parameters{Interpolation: "next"})
	name := "Before the move"
	labelled(t, r, named, LabelChange{Name: &name})
	last := made(t, r, params.Parameters{Interpolation: "previous"})
	r.mu.Lock()
	r.o.Retention = Retention{Count: 1}
	r.mu.Unlock()
	r.retain()
	for id, stays := range map[string]bool{named: true, fleet: true, pushedOut: false, last: true} {
		if _, err := r.Find(id); errors.Is(err, report.ErrNoReport) == stays {
			t.Errorf("report %s: %v, should stay: %v", id, err, stays)
		}
	}
}

// TestCrashesOfPins replays crashes while one report is pinned after another: an answered pin stays, alone.
func TestCrashesOfPins(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	first, second := made(t, r, params.Parameters{Interpolation: "next"}), made(t, r, params.Parameters{Interpolation: "previous"})
	rec := crashtest.Record(t, dir+"/reports")
	name, yes, no := "Named", true, false
	labelled(t, r, first, LabelChange{Name: &name, Pinned: &yes})
	rec.Mark("pinned first")
	rec.Mark("pinning second")
	labelled(t, r, second, LabelChange{Pinned: &yes})
	rec.Mark("pinned second")
	rec.Mark("unpinning second")
	labelled(t, r, second, LabelChange{Pinned: &no})
	rec.Mark("unpinned second")
	rec.Stop()
	trees := rec.Crashes(t, func(t *testing.T, c crashtest.Crash) {
		r := afterCrash(t, c.Root)
		ids := pinnedIDs(t, r)
		switch {
		case len(ids) > 1, c.Acked("pinned first") && !c.Acked("pinning second") && !slices.Equal(ids, []string{first}),
			c.Acked("pinned second") && !c.Acked("unpinning second") && !slices.Equal(ids, []string{second}), c.Acked("unpinned second") && ids != nil:
			t.Errorf("pinned are %v", ids)
		}
		if s, err := r.Find(first); err != nil || c.Acked("pinned first") && s.Name != name {
			t.Errorf("the name is %q, %v", s.Name, err)
		}
	})
	if trees < 10 {
		t.Errorf("only %d trees", trees)
	}
}
