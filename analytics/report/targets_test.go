package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// TestTargets: up to 12:00 UTC, a is up throughout the hour and b down, c is up for half of it, nothing is known of d, and
// a closure shuts e. Of the day, nothing is certain.
func TestTargets(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	status := enginetest.StatusHead
	for _, at := range []string{"10:59", "12:00"} {
		status += "a,active,2024-10-07 " + at + " UTC\nb,inactive,2024-10-07 " + at + " UTC\n"
	}
	m := reportOf(t, e, dir, "data", "2024-10-07 12:00 UTC", map[string]string{
		"store_status.csv": status + "c,active,2024-10-07 11:00 UTC\nc,inactive,2024-10-07 12:00 UTC\n",
		"stores.csv":       "store_id,name,Region\na,A,North\nb,B,North\nc,C,\nd,D,South\ne,E,South\n",
		"closures.csv":     "store_id,starts_at,ends_at\ne,2024-10-01 10:00 UTC,2024-10-07 13:00 UTC\n",
		"targets.csv": "store_id,attribute,value,target,window\n*,,,98,last_hour\n,Region,North,75%,last_hour\nc,,,50,last_hour\na,,,99.95,last_day\n" +
			"*,,,98,last_month\n",
	})
	if diff := cmp.Diff([]TargetWindow{{"last_hour", 1, 1, 0, 1, 1, 5, 50, 98}, {"last_day", 0, 1, 0, 0, 0, 1, 99.95, 99.95}}, m.Targets); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	path := engine.Quote(filepath.Join(dir, "reports", m.ReportID, TargetsFile))
	rows, err := engine.QueryStrings(t.Context(), e.DB, `SELECT concat_ws(' ', coalesce(store_id, attribute || '=' || value), time_window, target, coalesce(verdict, '-'),
		budget_seconds, budget_left_seconds, budget_left_min_seconds, budget_left_max_seconds, coalesce(CAST(burn_rate AS VARCHAR), '-'),
		stores_met, stores_likely_met, stores_likely_missed, stores_missed, stores_verdict_unknown) FROM read_parquet(`+path+", file_row_number = true) ORDER BY file_row_number")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"a last_hour 75.0 met 900.0 900.0 900.0 900.0 0.0",
		"a last_day 99.95 likely_met 43.2 43.2 -82696.8 43.2 0.0",
		"b last_hour 75.0 missed 900.0 -2700.0 -2700.0 -2700.0 4.0",
		"c last_hour 50.0 likely_met 1800.0 0.0 -1800.0 1800.0 1.0",
		"d last_hour 98.0 unknown 72.0 72.0 -3528.0 72.0 0.0",
		"e last_hour 98.0 - 0.0 0.0 0.0 0.0 -",
		"Region= last_hour 98.0 likely_missed 72.0 -1728.0 -3528.0 72.0 25.0 0 1 0 0 0",
		"Region=North last_hour 75.0 missed 1800.0 -1800.0 -1800.0 -1800.0 2.0 1 0 0 1 0",
		"Region=South last_hour 98.0 unknown 72.0 72.0 -3528.0 72.0 0.0 0 0 0 0 1",
	}, rows); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// groups are listed with their targets
	var verdicts []string
	if err := (Reader{Engine: e}).EachGroup(t.Context(), filepath.Join(dir, "reports", m.ReportID), GroupQuery{Attribute: "Region", Window: "last_hour",
		Sort: "budget_left_seconds"}, func(g GroupRow) error {
		verdicts = append(verdicts, fmt.Sprintf("%s %v %s %v %d%d%d%d%d", g.Value, *g.Target, *g.Verdict, *g.BudgetLeft,
			*g.Met, *g.LikelyMet, *g.LikelyMissed, *g.Missed, *g.VerdictUnknown))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"North 75 missed -1800 10010", " 98 likely_missed -1728 01000", "South 98 unknown 72 00001"}; !slices.Equal(verdicts, want) {
		t.Errorf("got %q, want %q", verdicts, want)
	}
}

// TestNoTargets: without a target for any store there is no file, and report.json is silent.
func TestNoTargets(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	for name, targets := range map[string]string{"none": "", "empty": "store_id,target\n", "rejected": "store_id,target\na,100\n", "of_nobody": "store_id,target\nzz,98\n",
		"of_another_window": "store_id,target,window\n*,98,last_month\n"} {
		files := map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "targets.csv": targets}
		if targets == "" {
			delete(files, "targets.csv")
		}
		m := reportOf(t, e, dir, name, "", files)
		if m.Targets != nil || slices.ContainsFunc(m.Outputs, func(f OutputFile) bool { return f.File == TargetsFile }) {
			t.Errorf("%s: got %v, %v", name, m.Targets, m.Outputs)
		}
	}
	target := params.Target(980_000)
	enginetest.WriteFiles(t, dir, map[string]string{"asked/store_status.csv": enginetest.StatusHead + enginetest.StatusRow})
	m, err := Make(t.Context(), pipeline.Engines{DuckDB: e}, Request{Data: filepath.Join(dir, "asked"), Reports: filepath.Join(dir, "reports"), Parameters: params.Parameters{Target: &target}, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Targets) != 3 || !slices.ContainsFunc(m.Outputs, func(f OutputFile) bool { return f.File == TargetsFile }) {
		t.Errorf("got %v, %v", m.Targets, m.Outputs)
	}
}
