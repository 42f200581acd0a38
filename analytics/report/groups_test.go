package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// TestGroups: a group is the fleet of its stores. From 11:00 to 12:00 UTC a is up until half the way to its inactive
// observation and down from there, b up throughout; nothing is known of c, and a closure shuts d.
func TestGroups(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	m := reportOf(t, e, dir, "data", "2024-10-07 12:00 UTC", map[string]string{
		"store_status.csv": enginetest.StatusHead + "a,active,2024-10-07 11:00 UTC\na,inactive,2024-10-07 11:30 UTC\nb,active,2024-10-07 10:30 UTC\nb,active,2024-10-07 11:30 UTC\n",
		"stores.csv":       "store_id,name,Region,brand\na,A,North,\nb,B,North,\nc,C,,X\nd,D,South,\n",
		"closures.csv":     "store_id,starts_at,ends_at\nd,2024-10-07 10:00 UTC,2024-10-07 13:00 UTC\n",
	})
	if diff := cmp.Diff([]pipeline.Attribute{{Attribute: "Region", Values: 2, Grouped: true}, {Attribute: "brand", Values: 1, Grouped: true}}, m.Attributes); diff != "" {
		t.Errorf("attributes: -want +got:\n%s", diff)
	}
	none := GroupRow{Window: "last_hour", Stores: 1, StoresOpen: 1, StoresUnknown: 1, OpenSeconds: 3600, UnknownSeconds: 3600, MaxSeconds: 3600}
	north := GroupRow{Value: "North", Window: "last_hour", Stores: 2, StoresOpen: 2, OpenSeconds: 7200, UptimeSeconds: 4500, DownSeconds: 2700,
		MinSeconds: 1800, MaxSeconds: 7200, CoveredSeconds: 7200, UptimeRatio: number(0.625), Observations: 3, Outages: 1}
	south := GroupRow{Value: "South", Window: "last_hour", Stores: 1, PlannedSeconds: 3600}
	reader, folder := Reader{Engine: e}, filepath.Join(dir, "reports", m.ReportID)
	for name, c := range map[string]struct {
		asked GroupQuery
		total int64
		want  []GroupRow
	}{
		"as in the file":      {GroupQuery{Limit: 9}, 3, []GroupRow{none, north, south}},
		"by value, backwards": {GroupQuery{Sort: "value", Descending: true, Limit: 9}, 3, []GroupRow{south, north, none}},
		"null comes last":     {GroupQuery{Sort: "uptime_ratio", Descending: true, Limit: 9}, 3, []GroupRow{north, none, south}},
		"one group":           {GroupQuery{Value: number("South"), Limit: 9}, 1, []GroupRow{south}},
		"no value":            {GroupQuery{Value: number(""), Limit: 9}, 1, []GroupRow{none}},
		"a page":              {GroupQuery{Sort: "stores", Limit: 1, Offset: 1}, 3, []GroupRow{south}},
	} {
		c.asked.Attribute, c.asked.Window = "Region", "last_hour"
		got, err := reader.Groups(t.Context(), folder, c.asked)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(GroupPage{c.total, c.want}, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
	var all []string
	if err := reader.EachGroup(t.Context(), folder, GroupQuery{Attribute: "brand"}, func(g GroupRow) error {
		all = append(all, fmt.Sprintf("%s %s %d", g.Value, g.Window, g.Stores))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{" last_hour 3", " last_day 3", " last_week 3", "X last_hour 1", "X last_day 1", "X last_week 1"}; !slices.Equal(all, want) {
		t.Errorf("got %q, want %q", all, want)
	}
	if _, err := reader.Groups(t.Context(), folder, GroupQuery{Attribute: "Region", Sort: "x"}); err == nil || !strings.Contains(err.Error(), "must be one of [value stores") {
		t.Errorf("sort: %v", err)
	}
}

// TestAttributesThatMakeGroups: at most 1,000 distinct values do. A value that lost a conflict is none, and stores
// without a value are a group beside these.
func TestAttributesThatMakeGroups(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	stores := "store_id,few,many\na,,\nv1,x,x\n"
	for i := range 1001 {
		few := min(i, 999)
		stores += fmt.Sprintf("v%d,v%d,v%d\n", i, few, i)
	}
	m := reportOf(t, e, dir, "many", "", map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "stores.csv": stores})
	if diff := cmp.Diff([]pipeline.Attribute{{Attribute: "few", Values: 1000, Grouped: true}, {Attribute: "many", Values: 1001}}, m.Attributes); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	folder := filepath.Join(dir, "reports", m.ReportID)
	for attribute, want := range map[string]int64{"few": 1001, "many": 0} {
		page, err := Reader{Engine: e}.Groups(t.Context(), folder, GroupQuery{Attribute: attribute, Window: "last_day"})
		if err != nil || page.Total != want {
			t.Errorf("%s: %d groups, want %d: %v", attribute, page.Total, want, err)
		}
	}
	for name, text := range map[string]string{"none": "store_id,name,brand\na,A,\n", "only": strings.ReplaceAll(stores, "few,", "name,")} {
		m := reportOf(t, e, dir, name, "", map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "stores.csv": text})
		if slices.ContainsFunc(m.Outputs, func(f OutputFile) bool { return f.File == GroupsFile }) {
			t.Errorf("%s: %s was written", name, GroupsFile)
		}
	}
}

// TestGroupAskedFor: a report that must have groups of an attribute is not made without; the error says what there is.
func TestGroupAskedFor(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	stores := "store_id,Brand,region,phone\na,X,,1\n"
	for i := range 1001 {
		stores += fmt.Sprintf("b%d,,North,%d\n", i, i)
	}
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "data/stores.csv": stores,
		"many/store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "many/stores.csv": strings.NewReplacer("Brand,region", "name,opens_on", "North", "").Replace(stores),
		"plain/store_status.csv": enginetest.StatusHead + enginetest.StatusRow})
	for _, c := range []struct {
		data, group string
		stores      []string
		want        string
	}{
		{"data", "brand", nil, "no store of the report has the attribute brand (did you mean Brand?): must be one of Brand, phone, region"},
		{"data", "Phone_", nil, "no store of the report has the attribute Phone_ (did you mean phone?): must be one of Brand, phone, region"},
		{"data", "regon", nil, "no store of the report has the attribute regon: must be one of Brand, phone, region"},
		{"data", "phone", nil, "phone has 1001 values, too many for groups: must be one of Brand, region"},
		{"data", "region", []string{"a"}, "no store of the report has the attribute region: must be one of Brand, phone"},
		{"many", "Phone", nil, "no store of the report has the attribute Phone (did you mean phone?): must be one of phone"},
		{"many", "phone", nil, "phone has 1001 values, too many for groups: no attribute makes groups"},
		{"plain", "brand", nil, "no store of the report has an attribute"},
		{"data", "Brand", nil, ""},
	} {
		_, err := Make(t.Context(), pipeline.Engines{DuckDB: e}, Request{Data: filepath.Join(dir, c.data), Reports: filepath.Join(dir, "reports"),
			Parameters: params.Parameters{Stores: c.stores}, Group: c.group, Now: enginetest.Now})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.group, err, c.want)
		}
	}
}
