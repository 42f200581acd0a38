package analytics_test

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// TestModelsAgreeWithReference compares every measure and every outage of random worlds, most of
// them around a clock change, with the slow reference, to the microsecond.
func TestModelsAgreeWithReference(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	rapid.Check(t, func(rt *rapid.T) {
		w := refDrawWorld(rt)
		wantMeasures, wantOutages := refReport(w)
		got := runWorld(rt, e, dir, w)
		if diff := cmp.Diff(wantMeasures, got.measures); diff != "" {
			rt.Fatalf("measures (-reference +models):\n%s", diff)
		}
		if diff := cmp.Diff(wantOutages, got.outages); diff != "" {
			rt.Fatalf("outages (-reference +models):\n%s", diff)
		}
		if diff := cmp.Diff(refWeek(w), got.week); diff != "" {
			rt.Fatalf("week hours (-reference +models):\n%s", diff)
		}
		wantGroups := refGroups(w, wantMeasures)
		if diff := cmp.Diff(wantGroups, got.groups); diff != "" {
			rt.Fatalf("groups (-reference +models):\n%s", diff)
		}
		if diff := cmp.Diff(refTargets(w, wantMeasures, wantGroups), got.targets, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
			rt.Fatalf("targets (-reference +models):\n%s", diff)
		}
		days, hours := refBreakdown(w)
		if diff := cmp.Diff(refFleetDays(days), got.fleetDays); diff != "" {
			rt.Fatalf("fleet days (-reference +models):\n%s", diff)
		}
		if diff := cmp.Diff(days, got.days); diff != "" {
			rt.Fatalf("days (-reference +models):\n%s", diff)
		}
		if diff := cmp.Diff(hours, got.hours); diff != "" {
			rt.Fatalf("hours (-reference +models):\n%s", diff)
		}
	})
}

// worldResults are what the models make of a world.
type worldResults struct {
	measures  []refMeasures
	outages   []refOutage
	week      refWeekHours
	groups    []refGroup
	targets   []refVerdict
	fleetDays map[int64]refCell
	days      []refCell
	hours     []refCell
}

// runWorld takes a world through CSV files and the whole chain of models.
func runWorld(t rapid.TB, e *engine.Engine, dir string, w refWorld) worldResults {
	t.Helper()
	data, err := os.MkdirTemp(dir, "world")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(data)
	for name, text := range worldFiles(w) {
		if err := os.WriteFile(data+"/"+name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	j, err := pipeline.New(context.Background(), pipeline.Engines{DuckDB: e}, pipeline.Request{Data: data, Parameters: worldParameters(w), Now: enginetest.Now, WantsFiles: true})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Execute(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := j.Loader.Rejects.Rows; n > 0 {
		t.Fatalf("%d rows rejected: %v", n, j.Loader.Rejects.First)
	}
	return worldResults{jobMeasures(t, j), jobOutages(t, j), jobWeek(t, j), jobGroups(t, j), jobTargets(t, j), jobFleetDays(t, j), jobCells(t, j, "day_measures", "0"), jobCells(t, j, "hour_measures", "hour")}
}

func worldParameters(w refWorld) params.Parameters {
	length := func(us int64) *params.Length { l := params.Length(us); return &l }
	p := params.Parameters{
		AsOf:          time.UnixMicro(w.Params.AsOfUS).UTC().Format("2006-01-02 15:04:05.000000 UTC"),
		Interpolation: w.Params.Interpolation, Unobserved: w.Params.Unobserved,
		By:          "hour",
		FreshWithin: length(w.Params.FreshWithinUS), JoinGap: length(w.Params.JoinGapUS),
	}
	if w.Params.MaxGapUS > 0 {
		p.MaxGap = length(w.Params.MaxGapUS)
	}
	if w.Params.TargetPPM > 0 {
		target := params.Target(w.Params.TargetPPM)
		p.Target = &target
	}
	for _, window := range w.Params.Windows {
		p.Windows = append(p.Windows, window.parameter())
	}
	return p
}

func worldFiles(w refWorld) map[string]string {
	var status, hours, zones strings.Builder
	status.WriteString("store_id,status,timestamp_utc\n")
	for _, p := range w.Polls {
		fmt.Fprintf(&status, "%s,%s,%s\n", p.Store, input.StatusText(p.Up), time.UnixMicro(p.AtUS).UTC().Format("2006-01-02 15:04:05.999999 UTC"))
	}
	hours.WriteString("store_id,day,start_time_local,end_time_local,valid_from,valid_through\n")
	clock := func(s int64) string { return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60) }
	for _, h := range w.Hours {
		fmt.Fprintf(&hours, "%s,%d,%s,%s,%s,%s\n", h.Store, h.Weekday, clock(h.Start), clock(h.End), h.From, h.Through)
	}
	zones.WriteString("store_id,timezone_str\n")
	for _, z := range w.Zones {
		fmt.Fprintf(&zones, "%s,%s\n", z.Store, z.Zone)
	}
	files := map[string]string{"store_status.csv": status.String(), "menu_hours.csv": hours.String(), "timezones.csv": zones.String()}
	calendarFiles(w, files)
	if len(w.Targets) > 0 {
		files["targets.csv"] = targetsFile(w)
	}
	return files
}

// pullForTest brings what tests look at to DuckDB, where the models ran on a cluster.
func pullForTest(t rapid.TB, j *pipeline.Run) {
	t.Helper()
	if j.Backend.Querier() == engine.Querier(j.DB().Conn) {
		return
	}
	b, pulls := j.Backend.(interface {
		Pull(ctx context.Context, name, query string) error
	})
	if !pulls {
		t.Fatalf("%T ran the models and cannot bring their rows to DuckDB", j.Backend)
	}
	for _, name := range []string{"stores", "store_zones", "windows", "store_spans", "sessions", "measures", "outage_list", "report_cells"} {
		if err := b.Pull(context.Background(), name, "SELECT * FROM "+name); err != nil {
			t.Fatal(err)
		}
	}
}

func jobMeasures(t rapid.TB, j *pipeline.Run) []refMeasures {
	t.Helper()
	var all []refMeasures
	err := j.DB().Each(context.Background(), `SELECT s.store_id, z.zone, w.name, open_us, uptime_us, downtime_us, unknown_us,
			uptime_min_us, uptime_max_us, covered_us, longest_outage_us, planned_us, observations, outages
		FROM measures JOIN stores AS s USING (store_no) JOIN store_zones AS z USING (store_no) JOIN windows AS w USING (window_no)
		ORDER BY store_no, window_no`, func(rows *sql.Rows) error {
		var m refMeasures
		err := rows.Scan(&m.Store, &m.Zone, &m.Window, &m.Open, &m.Uptime, &m.Downtime, &m.Unknown,
			&m.UptimeMin, &m.UptimeMax, &m.Covered, &m.LongestOutage, &m.Planned, &m.Observations, &m.Outages)
		all = append(all, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func jobWeek(t rapid.TB, j *pipeline.Run) (week refWeekHours) {
	t.Helper()
	rows := 0
	err := j.DB().Each(context.Background(), "SELECT weekday, hour, open_us, downtime_us, unknown_us FROM week_hours", func(r *sql.Rows) error {
		var day, hour int
		var cell refWeekHour
		rows++
		if err := r.Scan(&day, &hour, &cell.Open, &cell.Down, &cell.Unknown); err != nil {
			return err
		}
		week[day][hour] = cell
		return nil
	})
	if err != nil || rows != 168 {
		t.Fatal(rows, err)
	}
	return week
}

// jobFleetDays reads seconds back as whole microseconds: a world is too small for a double to lose any.
func jobFleetDays(t rapid.TB, j *pipeline.Run) map[int64]refCell {
	t.Helper()
	all := map[int64]refCell{}
	err := j.DB().Each(context.Background(), `SELECT day_no, date, open_seconds, uptime_seconds, downtime_seconds, unknown_seconds,
		uptime_min_seconds, uptime_max_seconds, covered_seconds, planned_seconds FROM fleet_days`, func(r *sql.Rows) error {
		var c refCell
		var date string
		var seconds [8]float64
		err := r.Scan(&c.Day, &date, &seconds[0], &seconds[1], &seconds[2], &seconds[3], &seconds[4], &seconds[5], &seconds[6], &seconds[7])
		if date != refDate(c.Day) {
			t.Fatalf("day %d has the date %s", c.Day, date)
		}
		for i, us := range []*int64{&c.Open, &c.Uptime, &c.Downtime, &c.Unknown, &c.UptimeMin, &c.UptimeMax, &c.Covered, &c.Planned} {
			*us = int64(math.Round(seconds[i] * 1e6))
		}
		all[c.Day] = c
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// jobCells reads a breakdown by store; hour is its expression.
func jobCells(t rapid.TB, j *pipeline.Run, relation, hour string) []refCell {
	t.Helper()
	var all []refCell
	err := j.DB().Each(context.Background(), fmt.Sprintf(`SELECT s.store_id, day_no, %s, open_us, open_us - downtime_us - unknown_us, downtime_us,
			unknown_us, uptime_min_us, uptime_max_us, covered_us, planned_us, observations
		FROM %s JOIN stores AS s USING (store_no) ORDER BY store_no, 2, 3`, hour, relation), func(r *sql.Rows) error {
		var c refCell
		err := r.Scan(&c.Store, &c.Day, &c.Hour, &c.Open, &c.Uptime, &c.Downtime, &c.Unknown, &c.UptimeMin, &c.UptimeMax, &c.Covered, &c.Planned, &c.Observations)
		all = append(all, c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func jobOutages(t rapid.TB, j *pipeline.Run) []refOutage {
	t.Helper()
	var all []refOutage
	err := j.DB().Each(context.Background(), `SELECT store_id, starts_us, ends_us, open_us, is_ongoing
		FROM outage_list JOIN stores USING (store_no) ORDER BY store_no, starts_us`, func(rows *sql.Rows) error {
		var o refOutage
		err := rows.Scan(&o.Store, &o.StartUS, &o.EndUS, &o.OpenUS, &o.Ongoing)
		all = append(all, o)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
