package queue

import (
	"errors"
	"os"
	"testing"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/report"
)

// made makes a report and waits for it.
func made(t *testing.T, r *Queue, p params.Parameters) string {
	t.Helper()
	s, _ := submit(t, r, Submission{Parameters: p, Fresh: true})
	await(t, r, s.ReportID, Complete)
	return s.ReportID
}

func wantLatest(t *testing.T, r *Queue, id, why string) {
	t.Helper()
	if got, err := r.Latest(); err != nil || got.ReportID != id {
		t.Errorf("%s: latest is %q, %v, want %s", why, got.ReportID, err, id)
	}
}

// TestLatestIsNoExperiment: what a person tries out does not become the fleet's report.
func TestLatestIsNoExperiment(t *testing.T) {
	dir := t.TempDir()
	r := testRunner(t, dir, nil)
	var none *NoLatestError
	if _, err := r.Latest(); !errors.As(err, &none) {
		t.Errorf("got %v", err)
	}
	experiments := []params.Parameters{{AsOf: "2024-10-07 10:30 UTC"}, {Stores: []string{"a"}}, {Interpolation: "next"},
		{Windows: []params.Window{{Name: "last_day", Length: params.Day}}}}
	for _, p := range experiments {
		made(t, r, p)
	}
	if _, err := r.Latest(); !errors.As(err, &none) {
		t.Errorf("an experiment is the latest: %v", err)
	}
	first := made(t, r, params.Parameters{})
	for _, p := range experiments {
		made(t, r, p)
	}
	wantLatest(t, r, first, "after experiments")
	byDate := made(t, r, params.Parameters{By: "date"})
	wantLatest(t, r, byDate, "broken down by date too")
	m, err := report.Make(t.Context(), r.o.Engines, report.Request{Data: dir + "/data", Reports: dir + "/reports", Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	wantLatest(t, r, m.ReportID, "made by the command")
	if _, err := report.Make(t.Context(), r.o.Engines, report.Request{Data: dir + "/data", Reports: dir + "/reports", Now: enginetest.Now,
		Parameters: params.Parameters{AsOf: m.AsOf}}); err != nil {
		t.Fatal(err)
	}
	wantLatest(t, r, m.ReportID, "the command was given as_of")
	if err := os.Truncate(r.Folder(m.ReportID)+"/report.csv", 1); err != nil {
		t.Fatal(err)
	}
	wantLatest(t, r, byDate, "the newest is damaged")
	if _, err := r.Remove(t.Context(), byDate); err != nil {
		t.Fatal(err)
	}
	wantLatest(t, r, first, "the newest is removed")
}
