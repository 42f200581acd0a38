package params

import (
	"strings"
	"testing"
	"time"
)

// TestCalendarWindows parses the forms of a calendar window; the dates are read off a calendar.
func TestCalendarWindows(t *testing.T) {
	const asOf = "2026-10-07" // a Wednesday
	for text, want := range map[string]string{
		"october=2026-10":            "october 2026-10-01 2026-11-01",
		"2026-10":                    "month_2026_10 2026-10-01 2026-11-01",
		"2026-12":                    "month_2026_12 2026-12-01 2027-01-01",
		"2024-02":                    "month_2024_02 2024-02-01 2024-03-01",
		"2026-10-07":                 "day_2026_10_07 2026-10-07 2026-10-08",
		"2026-W41":                   "week_2026_41 2026-10-05 2026-10-12",
		"2026-W01":                   "week_2026_01 2025-12-29 2026-01-05",
		"2026-W53":                   "week_2026_53 2026-12-28 2027-01-04",
		"2021-W01":                   "week_2021_01 2021-01-04 2021-01-11",
		"2026":                       "year_2026 2026-01-01 2027-01-01",
		"2026-10-01/2026-10-07":      "dates_2026_10_01_2026_10_07 2026-10-01 2026-10-08",
		"sale=2026-10-07/2026-10-07": "sale 2026-10-07 2026-10-08",
		"today":                      "today 2026-10-07 2026-10-08",
		"yesterday":                  "yesterday 2026-10-06 2026-10-07",
		"this_week":                  "this_week 2026-10-05 2026-10-12",
		"previous_week":              "previous_week 2026-09-28 2026-10-05",
		"this_month":                 "this_month 2026-10-01 2026-11-01",
		"previous_month":             "previous_month 2026-09-01 2026-10-01",
		"september=previous_month":   "september 2026-09-01 2026-10-01",
	} {
		w, err := ParseWindow(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if fault := w.fault(); fault != "" || !windowName.MatchString(w.Name) {
			t.Errorf("%s: %q %s", text, w.Name, fault)
		}
		date, err := time.Parse(time.DateOnly, asOf)
		if err != nil {
			t.Fatal(err)
		}
		days := w.Days(dayNo(date))
		text2 := func(day int64) string { return time.Unix(day*24*3600, 0).UTC().Format(time.DateOnly) }
		if got := w.Name + " " + text2(days.First) + " " + text2(days.End); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestCalendarWindowFaults: what is no window gets an error that says what would be right.
func TestCalendarWindowFaults(t *testing.T) {
	for text, want := range map[string]string{
		"2026-13":                 "2026-13 has no month 13: months are 01 to 12",
		"october=2026-00":         "window october: 2026-00 has no month 00: months are 01 to 12",
		"2025-W53":                "2025-W53 has no week 53: the ISO weeks of 2025 are 01 to 52",
		"2026-w41":                `"2026-w41" is not a date: write it like`,
		"2026-02-29":              "there is no date 2026-02-29",
		"2026-10-07/2026-10-01":   "ends before it starts: write the earlier date first, as in 2026-10-01/2026-10-07",
		"2026-10-07/":             `"" is not a date: write it like`,
		"2026-10/2026-11":         `"2026-10" is not a date: write it like`,
		"october=10/2026":         "neither a length nor a date: write it like",
		"october":                 "is not a window: write it like",
		"last_week=previous week": `"previous week" is neither a length nor a date: did you mean previous_week?`,
		"last month":              `"last month" is not a window: did you mean previous_month, by each store's clock, or last_month=30d, which ends at as_of?`,
		"w=last_hour":             "did you mean 1h, which ends at as_of?",
		"Last-Month":              "did you mean previous_month,",
		"last_week":               "did you mean previous_week, by each store's clock, or last_week=7d, which ends at as_of?",
		"last day":                "did you mean yesterday, by each store's clock, or last_day=1d, which ends at as_of?",
		"last_hour":               "did you mean last_hour=1h, which ends at as_of?",
		"Current Month":           "did you mean this_month?",
		"last_year":               "is not a window: write it like",
		"2026-1":                  `"2026-1" is not a date: write it like`,
	} {
		if w, err := ParseWindow(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v", text, w, err)
		}
	}
	for _, w := range []Window{{Name: "w", Length: Day, Dates: "2026"}, {Name: "w", Dates: "next_week"}, {Name: "w", Dates: "2026-13"}, {Name: "w"}} {
		if err := (Parameters{Windows: []Window{w}}.WithDefaults()).Validate(); err == nil || !strings.Contains(err.Error(), "window w") {
			t.Errorf("%+v: got %v", w, err)
		}
	}
	for _, c := range []struct {
		window Window
		want   string
	}{
		{Window{Dates: "last month"}, `window: "last month" is not a date: did you mean previous_month, by each store's clock, or "length": "30d", which ends at as_of?`},
		{Window{Dates: "2026-13"}, "window: 2026-13 has no month 13"},
		{Window{Name: "last_month"}, "window last_month has neither a length nor dates: did you mean previous_month,"},
	} {
		err := (Parameters{Windows: []Window{c.window}}.WithDefaults()).Validate()
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: got %v", c.window, err)
		}
	}
}

// TestStartUS: an instant before the start of a window in any zone, and a limit.
func TestStartUS(t *testing.T) {
	asOf := time.Date(2026, 10, 7, 3, 0, 0, 0, time.UTC).UnixMicro()
	for text, want := range map[string]string{"w=1h": "2026-10-07 02:00:00Z", "today": "2026-10-05 00:00:00Z", "2026-10-06": "2026-10-05 00:00:00Z",
		"2026-12": "2026-10-07 03:00:00Z", "2017": "2016-12-31 00:00:00Z"} {
		w, err := ParseWindow(text)
		if err != nil {
			t.Fatal(err)
		}
		start, err := Parameters{Windows: []Window{w}}.StartUS(asOf)
		if got := FormatInstant(start); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
	if _, err := (Parameters{Windows: []Window{{Name: "old", Dates: "2016"}}}).StartUS(asOf); err == nil || !strings.Contains(err.Error(), "window old: 2016 starts more than 3650d before as_of") {
		t.Errorf("got %v", err)
	}
}
