package analytics_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"openhours/analytics/enginetest"
	"openhours/analytics/pipeline"
)

// refGroup is what the stores with one value of an attribute have together in a window.
type refGroup struct {
	Attribute, Value, Window                                                string
	Stores, StoresOpen, StoresUnknown                                       int64
	Open, Uptime, Downtime, Unknown, UptimeMin, UptimeMax, Covered, Planned int64
	Observations, Outages                                                   int64
}

const refMostValues = 1000

// refGroups puts each store into the group of its value, "" if it has none, for each attribute that has few values.
func refGroups(w refWorld, measures []refMeasures) []refGroup {
	values := map[string]map[string]bool{}
	for _, d := range w.Details {
		if d.Value != "" && !slices.Contains([]string{"name", "opens_on", "closes_on"}, d.Column) {
			if values[d.Column] == nil {
				values[d.Column] = map[string]bool{}
			}
			values[d.Column][w.detail(d.Store, d.Column)] = true
		}
	}
	var all []refGroup
	for attribute, distinct := range values {
		if len(distinct) > refMostValues {
			continue
		}
		for _, m := range measures {
			value := w.detail(m.Store, attribute)
			at := slices.IndexFunc(all, func(g refGroup) bool { return g.Attribute == attribute && g.Value == value && g.Window == m.Window })
			if at < 0 {
				at = len(all)
				all = append(all, refGroup{Attribute: attribute, Value: value, Window: m.Window})
			}
			g := &all[at]
			g.Stores++
			if m.Open > 0 {
				g.StoresOpen++
				if m.Uptime == 0 && m.Downtime == 0 {
					g.StoresUnknown++
				}
			}
			g.Open, g.Uptime, g.Downtime, g.Unknown = g.Open+m.Open, g.Uptime+m.Uptime, g.Downtime+m.Downtime, g.Unknown+m.Unknown
			g.UptimeMin, g.UptimeMax = g.UptimeMin+m.UptimeMin, g.UptimeMax+m.UptimeMax
			g.Covered, g.Planned = g.Covered+m.Covered, g.Planned+m.Planned
			g.Observations, g.Outages = g.Observations+m.Observations, g.Outages+m.Outages
		}
	}
	place := func(window string) int {
		return slices.IndexFunc(w.Params.Windows, func(r refWindow) bool { return r.Name == window })
	}
	slices.SortFunc(all, func(a, b refGroup) int {
		if n := strings.Compare(a.Attribute, b.Attribute); n != 0 {
			return n
		}
		if n := strings.Compare(a.Value, b.Value); n != 0 {
			return n
		}
		return place(a.Window) - place(b.Window)
	})
	return all
}

// TestSumsOfLargeFleets: the open time of a million stores in a year exceeds a BIGINT, and stays exact.
func TestSumsOfLargeFleets(t *testing.T) {
	j := testJob(t, enginetest.New(t, t.TempDir(), 2), "2024-01-01 00:00")
	text, err := j.DB().Engine.ReadSQL("models/measures/68_group_measures.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"CREATE TEMP TABLE group_values AS SELECT 1 AS group_no, 'brand' AS attribute, 'X' AS value",
		"CREATE TEMP TABLE group_members AS SELECT CAST(i AS INTEGER) AS store_no, 1 AS group_no FROM range(1_000_000) AS r(i)",
		`CREATE TEMP TABLE measures AS SELECT store_no, CAST(1 AS BIGINT) AS window_no, CAST(31536000000001 AS BIGINT) AS open_us, open_us AS uptime_us,
			CAST(0 AS BIGINT) AS downtime_us, downtime_us AS unknown_us, open_us AS uptime_min_us, open_us AS uptime_max_us, open_us AS covered_us,
			downtime_us AS planned_us, downtime_us AS observations, downtime_us AS outages FROM group_members`,
		text,
	} {
		if err := j.DB().Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	var sum string
	if err := j.DB().Conn.QueryRowContext(t.Context(), "SELECT CAST(uptime_us AS VARCHAR) FROM group_measures").Scan(&sum); err != nil {
		t.Fatal(err)
	}
	if sum != "31536000000001000000" {
		t.Errorf("got %s", sum)
	}
}

func jobGroups(t rapid.TB, j *pipeline.Run) []refGroup {
	t.Helper()
	if !j.Has("group_measures") {
		return nil
	}
	var all []refGroup
	err := j.DB().Each(context.Background(), `SELECT attribute, value, w.name, stores, stores_open, stores_unknown,
			CAST(open_us AS BIGINT), CAST(uptime_us AS BIGINT), CAST(downtime_us AS BIGINT), CAST(unknown_us AS BIGINT), CAST(uptime_min_us AS BIGINT),
			CAST(uptime_max_us AS BIGINT), CAST(covered_us AS BIGINT), CAST(planned_us AS BIGINT), observations, outages
		FROM group_measures JOIN windows AS w USING (window_no) ORDER BY attribute, value, window_no`, func(rows *sql.Rows) error {
		var g refGroup
		err := rows.Scan(&g.Attribute, &g.Value, &g.Window, &g.Stores, &g.StoresOpen, &g.StoresUnknown, &g.Open, &g.Uptime, &g.Downtime,
			&g.Unknown, &g.UptimeMin, &g.UptimeMax, &g.Covered, &g.Planned, &g.Observations, &g.Outages)
		all = append(all, g)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
