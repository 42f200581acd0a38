package report

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// reportOf makes a report of files, in a folder below dir, and returns its manifest.
func reportOf(t *testing.T, e *engine.Engine, dir, name, asOf string, files map[string]string) Manifest {
	t.Helper()
	data := filepath.Join(dir, name)
	enginetest.WriteFiles(t, data, files)
	m, err := Make(t.Context(), pipeline.Engines{DuckDB: e}, Request{Data: data, Reports: filepath.Join(dir, "reports"), Parameters: params.Parameters{AsOf: asOf}, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func number[T any](n T) *T { return &n }

// TestZones: a zone is the fleet of its stores. In the last hour, from 11:00 to 12:00 UTC, a is up until
// half the way to its inactive observation and down from there, b up throughout, f down throughout; the
// stores of Tokyo and one of Paris are closed, the other of Paris was never observed.
func TestZones(t *testing.T) {
	const closed = "0,00:00:00,01:00:00\n"
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	files := map[string]string{
		"store_status.csv": enginetest.StatusHead + "a,active,2024-10-07 11:00 UTC\na,inactive,2024-10-07 11:30 UTC\nb,active,2024-10-07 10:30 UTC\nb,active,2024-10-07 11:30 UTC\nf,inactive,2024-10-07 11:30 UTC\n",
		"menu_hours.csv":   "store_id,day,start_time_local,end_time_local\nc," + closed + "e," + closed,
		"timezones.csv":    "store_id,timezone_str\na,UTC\nb,UTC\nc,Asia/Tokyo\nd,Europe/Paris\ne,Europe/Paris\nf,Africa/Abidjan\n",
	}
	m := reportOf(t, e, dir, "several", "2024-10-07 12:00 UTC", files)
	got, err := (Reader{Engine: e}).Zones(t.Context(), filepath.Join(dir, "reports", m.ReportID), "last_hour")
	if err != nil {
		t.Fatal(err)
	}
	want := []ZoneWindow{
		{"Africa/Abidjan", FleetWindow{Window: "last_hour", Stores: 1, StoresOpen: 1, OpenSeconds: 3600, DowntimeSeconds: 3600, UptimeMaxSeconds: 3600,
			CoveredSeconds: 3600, UptimeRatio: number(0.0), UptimeRatioMin: number(0.0), UptimeRatioMax: number(1.0), Coverage: number(1.0), Outages: 1}},
		{"UTC", FleetWindow{Window: "last_hour", Stores: 2, StoresOpen: 2, OpenSeconds: 7200, UptimeSeconds: 4500, DowntimeSeconds: 2700,
			UptimeMinSeconds: 1800, UptimeMaxSeconds: 7200, CoveredSeconds: 7200, UptimeRatio: number(0.625), UptimeRatioMin: number(0.25),
			UptimeRatioMax: number(1.0), Coverage: number(1.0), Outages: 1}},
		{"Asia/Tokyo", FleetWindow{Window: "last_hour", Stores: 1}},
		{"Europe/Paris", FleetWindow{Window: "last_hour", Stores: 2, StoresOpen: 1, StoresUnknown: 1, OpenSeconds: 3600, UnknownSeconds: 3600,
			UptimeMaxSeconds: 3600, UptimeRatioMin: number(0.0), UptimeRatioMax: number(1.0), Coverage: number(0.0)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	// a fleet of one zone says what the zone does: the same one that is down, closed or unknown
	for _, zone := range want {
		var stores []string
		for _, line := range strings.Split(files["timezones.csv"], "\n") {
			if store, name, _ := strings.Cut(line, ","); name == zone.Timezone {
				stores = append(stores, store)
			}
		}
		m, err := Make(t.Context(), pipeline.Engines{DuckDB: e}, Request{Data: filepath.Join(dir, "several"), Reports: filepath.Join(dir, "reports"),
			Parameters: params.Parameters{AsOf: "2024-10-07 12:00 UTC", Stores: stores}, Now: enginetest.Now})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(zone.FleetWindow, m.Fleet[0]); diff != "" {
			t.Errorf("%s: -zone +fleet:\n%s", zone.Timezone, diff)
		}
	}
}

// TestWorstStores ranks by downtime in the longest window, wherever it stands among the windows; of two
// with as much the one first in byte order is first.
func TestWorstStores(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	data := filepath.Join(dir, "data")
	status := enginetest.StatusHead
	for store, down := range map[string]string{"d": "10:00", "a": "10:00", "b": "09:00", "late": "11:30", "long_ago": "05:00"} {
		day := "2024-10-07"
		if store == "long_ago" {
			day = "2024-10-02"
		}
		status += store + ",active," + day + " 04:00 UTC\n" + store + ",inactive," + day + " " + down + " UTC\n" + store + ",active," + day + " 12:00 UTC\n"
	}
	enginetest.WriteFiles(t, data, map[string]string{"store_status.csv": status + "up,active,2024-10-07 12:00 UTC\n"})
	windows := []params.Window{{Name: "last_hour", Length: params.Hour}, {Name: "ten_days", Length: 240 * params.Hour}, {Name: "last_day", Length: 24 * params.Hour}}
	m, err := Make(t.Context(), pipeline.Engines{DuckDB: e}, Request{Data: data, Reports: filepath.Join(dir, "reports"), Parameters: params.Parameters{Windows: windows, Interpolation: "previous"}, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range m.Worst {
		got = append(got, fmt.Sprintf("%s %s %v", w.StoreID, w.Window, w.DowntimeSeconds))
	}
	want := []string{"long_ago ten_days 25200", "b ten_days 10800", "a ten_days 7200", "d ten_days 7200", "late ten_days 1800"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestDiff compares two reports in which one store is the same, one differs, and
// one is only in each.
func TestDiff(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	const same = "both,active,2024-10-07 10:30 UTC\nboth,active,2024-10-07 11:30 UTC\n"
	a := reportOf(t, e, dir, "a", "2024-10-07 12:00 UTC", map[string]string{
		"store_status.csv": enginetest.StatusHead + same + "z,active,2024-10-07 11:00 UTC\nz,active,2024-10-07 11:30 UTC\nold,active,2024-10-07 11:30 UTC\n",
		"stores.csv":       "store_id,name,city\nold,Closed since,Ulm\nz,Its old name,Bonn\n"})
	b := reportOf(t, e, dir, "b", "2024-10-07 12:00 UTC", map[string]string{
		"store_status.csv": enginetest.StatusHead + same + "z,active,2024-10-07 11:00 UTC\nz,inactive,2024-10-07 11:30 UTC\nnew,inactive,2024-10-07 11:30 UTC\n",
		"stores.csv":       "store_id,name,city\nz,Its name,Ulm\n"})
	type row struct{ store, name, window, change string }
	rowsOf := func(d Difference) (rows []row) {
		for _, r := range d.Rows {
			rows = append(rows, row{r.StoreID, r.Name, r.Window, r.Change})
		}
		return rows
	}
	d, err := (Reader{Engine: e}).Diff(t.Context(), filepath.Join(dir, "reports"), a.ReportID, b.ReportID)
	if err != nil {
		t.Fatal(err)
	}
	want := []row{
		{"new", "", "last_day", "only in b"}, {"new", "", "last_hour", "only in b"}, {"new", "", "last_week", "only in b"},
		{"old", "Closed since", "last_day", "only in a"}, {"old", "Closed since", "last_hour", "only in a"}, {"old", "Closed since", "last_week", "only in a"},
		{"z", "Its name", "last_day", "changed"}, {"z", "Its name", "last_hour", "changed"}, {"z", "Its name", "last_week", "changed"},
	}
	if diff := cmp.Diff(want, rowsOf(d), cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if same, err := (Reader{Engine: e}).Diff(t.Context(), filepath.Join(dir, "reports"), a.ReportID, a.ReportID); err != nil || !same.Same() {
		t.Errorf("a report differs from itself: %+v, %v", same, err)
	}
	page, err := (Reader{Engine: e}).DiffPage(t.Context(), filepath.Join(dir, "reports"), a.ReportID, b.ReportID, DiffQuery{Window: "last_hour", Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	// by the change of downtime: new has 1 h of it, z three quarters, old had none
	if diff := cmp.Diff([]row{{"new", "", "last_hour", "only in b"}, {"z", "Its name", "last_hour", "changed"}}, rowsOf(page.Difference), cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if page.Total != 3 || page.Worse != 1 || page.Better != 0 || page.OnlyInA != 1 || page.OnlyInB != 1 {
		t.Errorf("got %+v", page)
	}
	for _, c := range []struct {
		about string
		query DiffQuery
		want  []string
	}{
		{"of a group, by b or else a", DiffQuery{Group: &AttributeValue{"city", "Ulm"}}, []string{"z", "old"}},
		{"of a value that b has changed", DiffQuery{Group: &AttributeValue{"city", "Bonn"}}, nil},
		{"without a value", DiffQuery{Group: &AttributeValue{"city", ""}}, []string{"new"}},
		{"worse", DiffQuery{Only: "more_downtime"}, []string{"z"}},
		{"gone, of a group", DiffQuery{Group: &AttributeValue{"city", "Ulm"}, Only: "only_in_a"}, []string{"old"}},
	} {
		c.query.Window, c.query.Limit = "last_hour", 10
		page, err := (Reader{Engine: e}).DiffPage(t.Context(), filepath.Join(dir, "reports"), a.ReportID, b.ReportID, c.query)
		if err != nil {
			t.Fatal(err)
		}
		var paged, all []string
		for _, r := range page.Rows {
			paged = append(paged, r.StoreID)
		}
		if err := (Reader{Engine: e}).EachChange(t.Context(), filepath.Join(dir, "reports"), a.ReportID, b.ReportID, c.query, func(r ChangedRow) error {
			all = append(all, r.StoreID)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(paged, c.want) || !slices.Equal(all, c.want) || page.Total != int64(len(c.want)) {
			t.Errorf("%s: got %q and %q of %d, want %q", c.about, paged, all, page.Total, c.want)
		}
	}
}

// TestDiffOfPlanned: a longer opening that a closure takes away again changes planned time and nothing else. A report that was
// made before there were closures has none.
func TestDiffOfPlanned(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	files := map[string]string{"store_status.csv": enginetest.StatusHead + "a,active,2024-10-07 10:30 UTC\n", "timezones.csv": "store_id,timezone_str\na,UTC\n",
		"menu_hours.csv": "store_id,day,start_time_local,end_time_local\na,0,10:00,11:00\n"}
	a := reportOf(t, e, dir, "a", "2024-10-07 12:00 UTC", files)
	files["menu_hours.csv"] = "store_id,day,start_time_local,end_time_local\na,0,10:00,11:30\n"
	files["closures.csv"] = "store_id,starts_at,ends_at\na,2024-10-07 11:00 UTC,2024-10-07 12:00 UTC\n"
	b := reportOf(t, e, dir, "b", "2024-10-07 12:00 UTC", files)
	differ := func(what string) {
		t.Helper()
		d, err := (Reader{Engine: e}).Diff(t.Context(), filepath.Join(dir, "reports"), a.ReportID, b.ReportID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range d.Rows {
			got = append(got, fmt.Sprint(r.Window, " ", r.Change, " ", *r.APlanned, " ", *r.BPlanned, " ", *r.AOpen == *r.BOpen))
		}
		want := []string{"last_day changed 0 1800 true", "last_hour changed 0 1800 true", "last_week changed 0 1800 true"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", what, diff)
		}
	}
	differ("planned")
	old, whole := filepath.Join(dir, "reports", a.ReportID, "report.parquet"), filepath.Join(dir, "reports", "whole.parquet")
	if err := os.Rename(old, whole); err != nil {
		t.Fatal(err)
	}
	if _, err := e.DB.ExecContext(t.Context(), "COPY (SELECT * EXCLUDE planned_seconds FROM read_parquet("+engine.QuotePath(whole)+")) TO "+engine.QuotePath(old)+" (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	differ("a report without the column")
}

// TestStoreByName: a store is found by its id or its exact name, and an error says what would be right.
func TestStoreByName(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	m := reportOf(t, e, dir, "data", "2024-10-07 12:00 UTC", map[string]string{"store_status.csv": enginetest.StatusHead + "1,active,2024-10-07 10:30 UTC\n",
		"stores.csv": "store_id,name\n1,Corner Cafe\n2,Pier\n3,Pier\n4,1\n"})
	for asked, want := range map[string]string{"1": "1", "4": "4", "Corner Cafe": "1", "Pier": "store Pier: 2 stores have this name; give the id of one: 2, 3",
		"corner cafe":   "the report has no such store: ids and names are matched exactly (case and spaces included); nearest to corner cafe: Corner Cafe",
		"nobody at all": "the report has no such store: ids and names are matched exactly (case and spaces included)"} {
		found, err := (Reader{Engine: e}).Store(t.Context(), filepath.Join(dir, "reports", m.ReportID), asked)
		got := found.StoreID
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", asked, got, want)
		}
	}
}
