package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
)

// queried are stores in which each filter finds something. Up to 12:00 UTC, a and c are up, b is down throughout, d was
// down when it closed at 10:00, e stands in a closure of which an hour is in the last day, nothing is known of f, and g
// never opens.
var queried = map[string]string{
	"store_status.csv": enginetest.StatusHead + "a,active,2024-10-07 10:00 UTC\na,active,2024-10-07 11:30 UTC\nb,inactive,2024-10-06 11:59 UTC\nb,inactive,2024-10-07 11:30 UTC\n" +
		"c,active,2024-10-07 11:30 UTC\nd,active,2024-10-07 08:30 UTC\nd,inactive,2024-10-07 09:30 UTC\n\"e 5\",active,2024-10-07 11:30 UTC\n",
	"menu_hours.csv": "store_id,day,start_time_local,end_time_local\nd,0,08:00,10:00\ng,6,08:00,08:01\n",
	"timezones.csv":  "store_id,timezone_str\na,UTC\nb,UTC\nc,Europe/Paris\nd,UTC\n\"e 5\",UTC\nf,UTC\ng,UTC\n",
	"stores.csv": "store_id,name,Region,timezone,a/b~c\na,Main Street,North,west,\nb,100% _Pizza_,North,,x\nc,O'Brien,,,y\nd,Main Square,South,,\n" +
		"\"e 5\",,\"So\"\"uth'\",,\nf,,South,,\ng,\"Cafe c, Paris\",South,,\n",
	"closures.csv": "store_id,starts_at,ends_at\n\"e 5\",2024-10-07 08:00 UTC,2024-10-07 09:00 UTC\n",
	"targets.csv":  "store_id,target,window\na,98,last_hour\nb,98,last_hour\nf,98,last_hour\n",
}

func TestStoreQuery(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	m := reportOf(t, e, dir, "data", "2024-10-07 12:00 UTC", queried)
	reader, folder := Reader{Engine: e}, filepath.Join(dir, "reports", m.ReportID)
	idsOf := func(page StorePage) string {
		var ids []string
		for _, s := range page.Stores {
			ids = append(ids, s.StoreID)
		}
		return strings.Join(ids, ",")
	}
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf("5f0d6bcb-3a3e-4d4e-9a5e-%012d", i)
	}
	for name, c := range map[string]struct {
		asked   StoreQuery
		want    string
		missing []string
	}{
		"all":                           {StoreQuery{}, "a,b,c,d,e 5,f,g", nil},
		"down when last open":           {StoreQuery{Status: "down"}, "b,d", nil},
		"down now":                      {StoreQuery{Status: "down_and_open"}, "b", nil},
		"down now, of an earlier day":   {StoreQuery{Status: "down_and_open", Window: "last_hour"}, "b", nil},
		"down throughout":               {StoreQuery{Status: "down_whole"}, "b", nil},
		"with an outage":                {StoreQuery{Status: "outage"}, "b,d", nil},
		"with a planned closure":        {StoreQuery{Status: "planned"}, "e 5", nil},
		"no closure in the last hour":   {StoreQuery{Status: "planned", Window: "last_hour"}, "", nil},
		"all unknown":                   {StoreQuery{Status: "unknown"}, "f", nil},
		"never open":                    {StoreQuery{Status: "closed"}, "g", nil},
		"of a zone":                     {StoreQuery{Zone: "Europe/Paris"}, "c", nil},
		"of a region":                   {StoreQuery{Of: []AttributeValue{{"Region", "North"}}}, "a,b", nil},
		"without a region":              {StoreQuery{Of: []AttributeValue{{"Region", ""}}}, "c", nil},
		"of a quoted value":             {StoreQuery{Of: []AttributeValue{{"Region", `So"uth'`}}}, "e 5", nil},
		"of a value in another case":    {StoreQuery{Of: []AttributeValue{{"Region", "north"}}}, "", nil},
		"of a region and a further one": {StoreQuery{Of: []AttributeValue{{"Region", "North"}, {"timezone", "west"}}}, "a", nil},
		"of a region without another":   {StoreQuery{Of: []AttributeValue{{"Region", "North"}, {"timezone", ""}}}, "b", nil},
		"of an attribute like a column": {StoreQuery{Of: []AttributeValue{{"timezone", "west"}}}, "a", nil},
		"of an attribute with signs":    {StoreQuery{Of: []AttributeValue{{"a/b~c", "y"}}}, "c", nil},
		"met":                           {StoreQuery{Verdict: "met", Window: "last_hour"}, "", nil},
		"missed":                        {StoreQuery{Verdict: "missed", Window: "last_hour"}, "b", nil},
		"likely met":                    {StoreQuery{Verdict: "likely_met", Window: "last_hour"}, "a", nil},
		"no verdict of another window":  {StoreQuery{Verdict: "missed"}, "", nil},
		"part of a name":                {StoreQuery{Search: "  mAIN "}, "a,d", nil},
		"a name with a blank":           {StoreQuery{Search: "main street"}, "a", nil},
		"a name with an id in it":       {StoreQuery{Search: "cafe c, Paris"}, "c,g", nil},
		"no wildcards":                  {StoreQuery{Search: "_"}, "b", nil},
		"a quote":                       {StoreQuery{Search: "'"}, "c,e 5", nil},
		"a value":                       {StoreQuery{Search: "nort"}, "a,b", nil},
		"control characters":            {StoreQuery{Search: "a\x00 b\x01\x1b \u2028 \U0010ffff c"}, "c", []string{"a\x00", "b\x01\x1b", "\U0010ffff"}},
		"a value with a NUL":            {StoreQuery{Of: []AttributeValue{{"Region", "North\x00"}}}, "", nil},
		"no statement":                  {StoreQuery{Search: "'; DROP TABLE x; --"}, "", nil},
		"several ids":                   {StoreQuery{Search: "c, a\r\n"}, "a,c", nil},
		"ids between blanks":            {StoreQuery{Search: " d b\tb"}, "b,d", nil},
		"an id with a blank":            {StoreQuery{Search: "e 5\nc"}, "c,e 5", nil},
		"ids are exact":                 {StoreQuery{Search: "A,B,c"}, "c", []string{"A", "B"}},
		"quoted ids":                    {StoreQuery{Search: `["a", 'b', "nobody"]`}, "b", []string{`["a"`, `"nobody"]`}},
		"ids and another filter":        {StoreQuery{Search: "a b zz c", Of: []AttributeValue{{"Region", "North"}}}, "a,b", []string{"zz"}},
		"a thousand ids":                {StoreQuery{Search: strings.Join(many, "\n") + "\nf"}, "f", many},
		"the best match first":          {StoreQuery{Search: "m", Sort: "match"}, "a,d", nil},
		"an id before a name":           {StoreQuery{Search: "A", Sort: "match"}, "a,b,d,g", nil},
		"match of nothing":              {StoreQuery{Sort: "match", Limit: 2}, "a,b", nil},
		"by verdict":                    {StoreQuery{Sort: "verdict", Descending: true, Window: "last_hour", Limit: 3}, "b,f,a", nil},
		"by what is left":               {StoreQuery{Sort: "budget_left_seconds", Window: "last_hour", Limit: 3}, "b,a,f", nil},
		"by since when":                 {StoreQuery{Sort: "down_since", Limit: 3}, "b,d,a", nil},
	} {
		if c.asked.Window == "" {
			c.asked.Window = "last_day"
		}
		if c.asked.Sort == "" {
			c.asked.Sort = "store_id"
		}
		if c.asked.Limit == 0 {
			c.asked.Limit = 9
		}
		page, err := reader.Stores(t.Context(), folder, c.asked)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := idsOf(page); got != c.want || c.asked.Limit == 9 && page.Total != int64(len(page.Stores)) {
			t.Errorf("%s: got %s of %d, want %s", name, got, page.Total, c.want)
		}
		if !slices.Equal(page.Missing, c.missing) {
			t.Errorf("%s: missing %q, want %q", name, page.Missing, c.missing)
		}
	}
	for _, c := range []struct {
		asked StoreQuery
		want  string
	}{
		{StoreQuery{Sort: "colour"}, "must be one of store_id, name"},
		{StoreQuery{Sort: "name", Status: "asleep"}, "must be one of down_and_open, down,"},
		{StoreQuery{Sort: "name", Verdict: "bad"}, "must be one of met, likely_met"},
		{StoreQuery{Sort: "name", Of: []AttributeValue{{"region", ""}}}, "no store of the report has the attribute region (did you mean Region?): must be one of Region, a/b~c, timezone"},
	} {
		if _, err := reader.Stores(t.Context(), folder, c.asked); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	store, err := reader.Store(t.Context(), folder, "b")
	if err != nil || len(store.Windows) != 3 || *store.Windows[0].Verdict != "missed" || *store.Windows[0].Target != 98 ||
		*store.Windows[0].BudgetLeft != 72-3600 || store.Windows[1].Verdict != nil || store.Windows[1].Target != nil {
		t.Errorf("got %+v, %v", store, err)
	}
	page, err := reader.Stores(t.Context(), folder, StoreQuery{Window: "last_day", Sort: "down_since", Limit: 2})
	if err != nil || *page.Stores[0].DownSince != "2024-09-30 12:00:00Z" || *page.Stores[1].DownSince != "2024-10-07 09:00:00Z" {
		t.Errorf("got %+v, %v", page, err)
	}
}

func TestAttributeValues(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	m := reportOf(t, e, dir, "data", "2024-10-07 12:00 UTC", queried)
	got, err := Reader{Engine: e}.AttributeValues(t.Context(), filepath.Join(dir, "reports", m.ReportID), 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]AttributeValues{
		{"Region", 3, 1, []ValueCount{{"South", 3}, {"North", 2}}},
		{"a/b~c", 2, 5, []ValueCount{{"x", 1}, {"y", 1}}},
		{"timezone", 1, 6, []ValueCount{{"west", 1}}},
	}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	m = reportOf(t, e, dir, "none", "", map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "stores.csv": "store_id,name\na,A\n"})
	got, err = Reader{Engine: e}.AttributeValues(t.Context(), filepath.Join(dir, "reports", m.ReportID), 2)
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("without attributes: got %v, %v", got, err)
	}
}

func TestOutages(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	m := reportOf(t, e, dir, "data", "2024-10-07 12:00 UTC", queried)
	reader, folder := Reader{Engine: e}, filepath.Join(dir, "reports", m.ReportID)
	for name, c := range map[string]struct {
		asked OutageQuery
		want  []string
	}{
		"all":                {OutageQuery{}, []string{"b 100% _Pizza_ UTC 2024-09-30 12:00:00Z true", "d Main Square UTC 2024-10-07 09:00:00Z true"}},
		"of a window":        {OutageQuery{Window: "last_hour"}, []string{"b 100% _Pizza_ UTC 2024-09-30 12:00:00Z true"}},
		"of a store":         {OutageQuery{Store: "d"}, []string{"d Main Square UTC 2024-10-07 09:00:00Z true"}},
		"of a value":         {OutageQuery{Attribute: "Region", Value: "South"}, []string{"d Main Square UTC 2024-10-07 09:00:00Z true"}},
		"of a store without": {OutageQuery{Store: "a"}, nil},
	} {
		var got []string
		if err := reader.EachOutage(t.Context(), folder, c.asked, func(o OutageRow) error {
			got = append(got, fmt.Sprintf("%s %s %s %s %t", o.StoreID, o.Name, o.Timezone, o.StartedAt, o.Ongoing))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
