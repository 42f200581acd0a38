package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/params"
	"openhours/analytics/report"
)

// TestDatesOfWindows: people see which dates "previous month" was.
func TestDatesOfWindows(t *testing.T) {
	m := report.Manifest{AsOf: "2024-10-14 22:00:00Z", Parameters: params.Parameters{Windows: []params.Window{{Name: "last_day", Length: params.Day},
		{Name: "before", Dates: "previous_month"}, {Name: "now", Dates: "this_month"}, {Name: "week", Dates: "2024-W41"}, {Name: "two", Dates: "2024-10-13/2024-10-20"}}}}
	got, err := datesOfWindows(m)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]windowDates{{"before", "2024-09-01", "2024-09-30"}, {"now", "2024-10-01", "2024-10-14"}, {"week", "2024-10-07", "2024-10-13"},
		{"two", "2024-10-13", "2024-10-14"}}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	m.AsOf = "today"
	if _, err := datesOfWindows(m); err == nil {
		t.Error("no error of an as_of that is none")
	}
}
