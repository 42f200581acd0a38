package report

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
)

// attended has a store for each list. Up to 12:00 UTC, c is down since 11:15, s since 9:30 and w throughout; r is up again
// since 10:45; d was down from 9:00 until it closed at 10:00; nothing is known of u; p is in a closure, q was in one. b was
// down from 11:05, which a report up to 11:10 cannot know, to 11:25, and from 11:35 to 11:45. g is down since 11:30, after
// another outage from 10:45 to 11:10.
var attended = map[string]string{
	"store_status.csv": enginetest.StatusHead + `c,active,2024-10-07 11:00 UTC
c,inactive,2024-10-07 11:30 UTC
s,active,2024-10-07 09:00 UTC
s,inactive,2024-10-07 10:00 UTC
w,inactive,2024-10-07 10:00 UTC
r,inactive,2024-10-07 10:00 UTC
r,active,2024-10-07 11:30 UTC
d,active,2024-10-07 08:30 UTC
d,inactive,2024-10-07 09:30 UTC
b,active,2024-10-07 10:50 UTC
b,inactive,2024-10-07 11:20 UTC
b,active,2024-10-07 11:30 UTC
b,inactive,2024-10-07 11:40 UTC
b,active,2024-10-07 11:50 UTC
g,active,2024-10-07 10:30 UTC
g,inactive,2024-10-07 11:00 UTC
g,active,2024-10-07 11:20 UTC
g,inactive,2024-10-07 11:40 UTC
p,active,2024-10-07 09:00 UTC
q,active,2024-10-07 09:00 UTC
`,
	"menu_hours.csv": "store_id,day,start_time_local,end_time_local\nd,0,08:00,10:00\n",
	"timezones.csv":  "store_id,timezone_str\nd,UTC\n",
	"stores.csv":     "store_id,name,Brand\nc,Cove,X\nr,Rye,X\ns,Cove,Y\nw,,Y\nu,,Y\nd,,\n",
	"closures.csv":   "store_id,starts_at,ends_at\np,2024-10-07 10:00 UTC,2024-10-07 13:00 UTC\nq,2024-10-07 08:00 UTC,2024-10-07 08:30 UTC\n",
}

// folderOf makes a report up to an instant and returns its folder.
func folderOf(t *testing.T, e *engine.Engine, dir, asOf string, files map[string]string) string {
	t.Helper()
	return filepath.Join(dir, "reports", reportOf(t, e, dir, "data", asOf, files).ReportID)
}

func TestAttention(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	folder := func(asOf string) string { return folderOf(t, e, dir, asOf, attended) }
	before, now := folder("2024-10-07 11:10 UTC"), folder("2024-10-07 12:00 UTC")
	textOf := func(l *AttentionList) string {
		if l == nil {
			return "none"
		}
		text := fmt.Sprint(l.Total)
		if l.StoreCount != l.Total {
			text += fmt.Sprintf(" of %d stores", l.StoreCount)
		}
		for _, s := range l.Stores {
			text += fmt.Sprintf(" %s:%v", s.StoreID, s.Seconds)
			if s.Since != nil {
				text += " since " + strings.TrimPrefix(*s.Since, "2024-10-07 ")
			}
			if s.Until != nil {
				text += " until " + strings.TrimPrefix(*s.Until, "2024-10-07 ")
			}
		}
		return text
	}
	for name, c := range map[string]struct {
		asked AttentionQuery
		want  [8]string
	}{
		"all stores": {AttentionQuery{Before: before}, [8]string{"3 g:1800 since 11:30:00Z c:2700 since 11:15:00Z s:9000 since 09:30:00Z",
			"4 of 3 stores g:1800 since 11:30:00Z c:2700 since 11:15:00Z b:600 since 11:35:00Z until 11:45:00Z b:1200 since 11:05:00Z until 11:25:00Z",
			"1 r:600300 since 10:45:00Z", "1 w:604800 since 2024-09-30 12:00:00Z", "1 u:604800", "1 p:7200", "2 p:7200 q:1800",
			"6 r:600300 s:9000 since 09:30:00Z d:3600 since 09:00:00Z g:3300 since 11:30:00Z c:2700 since 11:15:00Z b:1800"}},
		"no report before": {AttentionQuery{Attribute: "Brand", Value: "X"}, [8]string{"1 c:2700 since 11:15:00Z", "none", "none", "0", "0", "0", "0",
			"2 r:600300 c:2700 since 11:15:00Z"}},
		"a group": {AttentionQuery{Before: before, Attribute: "Brand", Value: "Y"}, [8]string{"1 s:9000 since 09:30:00Z", "0", "0",
			"1 w:604800 since 2024-09-30 12:00:00Z", "1 u:604800", "0", "0", "1 s:9000 since 09:30:00Z"}},
		"without a value": {AttentionQuery{Before: before, Attribute: "Brand"}, [8]string{"1 g:1800 since 11:30:00Z",
			"3 of 2 stores g:1800 since 11:30:00Z b:600 since 11:35:00Z until 11:45:00Z b:1200 since 11:05:00Z until 11:25:00Z",
			"0", "0", "0", "1 p:7200", "2 p:7200 q:1800", "3 d:3600 since 09:00:00Z g:3300 since 11:30:00Z b:1800"}},
		// down throughout the hour sets s apart too, and outages are as long as ever
		"of the last hour": {AttentionQuery{Before: before, Window: "last_hour"}, [8]string{"2 g:1800 since 11:30:00Z c:2700 since 11:15:00Z",
			"4 of 3 stores g:1800 since 11:30:00Z c:2700 since 11:15:00Z b:600 since 11:35:00Z until 11:45:00Z b:1200 since 11:05:00Z until 11:25:00Z",
			"1 r:0 since 10:45:00Z", "2 s:3600 since 09:30:00Z w:3600 since 2024-09-30 12:00:00Z", "1 u:3600", "1 p:3600", "1 p:3600",
			"3 c:2700 since 11:15:00Z g:2400 since 11:30:00Z b:1800"}},
		"the first of each": {AttentionQuery{Before: before, Limit: 1}, [8]string{"3 g:1800 since 11:30:00Z", "4 of 3 stores g:1800 since 11:30:00Z",
			"1 r:600300 since 10:45:00Z", "1 w:604800 since 2024-09-30 12:00:00Z", "1 u:604800", "1 p:7200", "2 p:7200", "6 r:600300"}},
	} {
		if c.asked.Window == "" {
			c.asked.Window = "last_week"
		}
		if c.asked.Limit == 0 {
			c.asked.Limit = 10
		}
		a, err := (Reader{Engine: e}).Attention(t.Context(), now, c.asked)
		if err != nil {
			t.Fatal(err)
		}
		got := [8]string{textOf(&a.DownNow), textOf(a.WentDown), textOf(a.Recovered), textOf(&a.DownWhole), textOf(&a.Unknown), textOf(&a.PlannedNow),
			textOf(&a.Planned), textOf(&a.Worst)}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
	var fresh []string
	if err := (Reader{Engine: e}).EachOutage(t.Context(), now, OutageQuery{Attribute: "Brand", Before: before}, func(o OutageRow) error {
		fresh = append(fresh, o.StoreID+strings.TrimPrefix(o.StartedAt, "2024-10-07"))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b 11:05:00Z", "b 11:35:00Z", "g 11:30:00Z"}, fresh); diff != "" {
		t.Errorf("outages that the report before did not know of: -want +got:\n%s", diff)
	}
	a, err := (Reader{Engine: e}).Attention(t.Context(), now, AttentionQuery{Window: "last_week", Limit: 10, Attribute: "Brand", Value: "X"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range a.Worst.Stores {
		if want := s.StoreID == "c"; s.SharesName != want { // with s, of another brand
			t.Errorf("%s %q shares its name: %t, want %t", s.StoreID, s.Name, s.SharesName, want)
		}
	}
	a, err = (Reader{Engine: e}).Attention(t.Context(), now, AttentionQuery{Window: "last_hour", Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	since, ratio := "2024-10-07 11:15:00Z", 0.25
	if diff := cmp.Diff(AttentionStore{StoreID: "c", Name: "Cove", SharesName: true, Timezone: "America/Chicago", Since: &since, Seconds: 2700, OpenSeconds: 3600, UptimeSeconds: 900,
		DownSeconds: 2700, UptimeRatio: &ratio, Outages: 1, LongestSeconds: 2700}, a.DownNow.Stores[1]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestWentDown: an outage that the report before has already is not new, nor is its rest after a planned closure or after the
// start of the span.
func TestWentDown(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	files := map[string]string{
		"store_status.csv": enginetest.StatusHead + `closure,active,2024-10-07 08:30 UTC
closure,inactive,2024-10-07 09:30 UTC
closure,inactive,2024-10-07 13:30 UTC
night,active,2024-10-07 08:30 UTC
night,inactive,2024-10-07 09:30 UTC
night,active,2024-10-08 08:10 UTC
revised,inactive,2024-10-07 10:00 UTC
revised,active,2024-10-07 13:00 UTC
long,inactive,2024-09-30 10:00 UTC
long,inactive,2024-10-02 10:00 UTC
long,active,2024-10-02 12:00 UTC
long,inactive,2024-10-07 22:00 UTC
new,active,2024-10-07 11:00 UTC
new,inactive,2024-10-07 17:00 UTC
new,active,2024-10-07 19:00 UTC
new,active,2024-10-08 12:00 UTC
`,
		"menu_hours.csv": "store_id,day,start_time_local,end_time_local\nnight,0,08:00,10:00\nnight,1,08:00,10:00\n",
		"timezones.csv":  "store_id,timezone_str\nnight,UTC\n",
		"closures.csv":   "store_id,starts_at,ends_at\nclosure,2024-10-07 10:00 UTC,2024-10-07 13:00 UTC\n",
	}
	folder := func(asOf string) string { return folderOf(t, e, dir, asOf, files) }
	older, before, now := folder("2024-09-30 12:00 UTC"), folder("2024-10-07 12:00 UTC"), folder("2024-10-08 12:00 UTC")
	for _, c := range []struct{ before, wentDown, recovered string }{
		{before, "long since 2024-10-05 05:00:00Z, new since 2024-10-07 14:00:00Z",
			"revised until 2024-10-07 11:30:00Z, was 2024-10-07 12:00:00Z, night until 2024-10-07 10:00:00Z, was 2024-10-07 10:00:00Z"},
		{older, "closure since 2024-10-07 09:00:00Z, long since 2024-10-05 05:00:00Z, new since 2024-10-07 14:00:00Z, night since 2024-10-07 09:00:00Z, " +
			"revised since 2024-10-01 12:00:00Z", ""},
	} {
		a, err := (Reader{Engine: e}).Attention(t.Context(), now, AttentionQuery{Before: c.before, Window: "last_week", Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var wentDown, recovered []string
		for _, s := range a.WentDown.Stores {
			wentDown = append(wentDown, s.StoreID+" since "+*s.Since)
		}
		for _, s := range a.Recovered.Stores {
			recovered = append(recovered, s.StoreID+" until "+*s.Since+", was "+*s.WasDownUntil)
		}
		if got := strings.Join(wentDown, ", "); got != c.wentDown {
			t.Errorf("went down: got %s, want %s", got, c.wentDown)
		}
		if got := strings.Join(recovered, ", "); got != c.recovered {
			t.Errorf("up again: got %s, want %s", got, c.recovered)
		}
	}
}
