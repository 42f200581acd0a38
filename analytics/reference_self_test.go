package analytics_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
)

// refWorked is the worked example of the definition, around which other sessions can be put.
func refWorked(interpolation string, more ...refPoll) refWorld {
	w := refWorld{
		Zones: []refZone{{"a", "UTC"}},
		Params: refParams{AsOfUS: refTime("2024-10-09 00:00"), Interpolation: interpolation, Unobserved: "nearest",
			FreshWithinUS: 3600 * refSecond, JoinGapUS: 60 * refSecond, Windows: []refWindow{{Name: "day", LengthUS: refDay}}},
		Polls: append(more, refPoll{"a", refTime("2024-10-08 10:14"), true}, refPoll{"a", refTime("2024-10-08 11:15"), false}),
	}
	for day := range 7 {
		w.Hours = append(w.Hours, refHours{Store: "a", Weekday: day, Start: 9 * 3600, End: 12 * 3600})
	}
	return w
}

// TestWorkedExample holds the reference to the figures that the definition prints.
func TestWorkedExample(t *testing.T) {
	const minute = 60 * refSecond
	for interpolation, want := range map[string][2]int64{
		"nearest": {104*minute + minute/2, 75*minute + minute/2}, "previous": {135 * minute, 45 * minute}, "next": {74 * minute, 106 * minute},
	} {
		m, _ := refReport(refWorked(interpolation))
		if got := [2]int64{m[0].Uptime, m[0].Downtime}; got != want {
			t.Errorf("%s: got %v, want %v", interpolation, got, want)
		}
		if m[0].UptimeMin != 0 || m[0].UptimeMax != 180*minute {
			t.Errorf("%s: bounds %d to %d", interpolation, m[0].UptimeMin, m[0].UptimeMax)
		}
	}
	// the session after lies after as_of unless as_of moves on
	w := refWorked("nearest", refPoll{"a", refTime("2024-10-07 10:00"), true}, refPoll{"a", refTime("2024-10-09 09:00"), false})
	w.Params.AsOfUS = refTime("2024-10-09 09:00")
	m, _ := refReport(w)
	if m[0].UptimeMin != 74*minute || m[0].UptimeMax != 135*minute {
		t.Errorf("with neighbours: bounds %d to %d minutes", m[0].UptimeMin/minute, m[0].UptimeMax/minute)
	}
}

// TestFirstInstantOfLocalTime holds the reference's clock to the definition's two examples.
func TestFirstInstantOfLocalTime(t *testing.T) {
	clock := newRefClock("America/New_York")
	for local, want := range map[string]string{"2023-11-05 01:30": "2023-11-05 05:30", "2023-03-12 02:30": "2023-03-12 07:00"} {
		if got := clock.first(refTime(local) / refSecond); got != refTime(want)/refSecond {
			t.Errorf("%s: got %s", local, params.FormatInstant(got*refSecond))
		}
	}
}

// TestHoursAroundClockChanges holds the reference's cells, and those of the models, to hours worked out by hand. The clock of
// Troll is put back by two hours, that of St. John's at one minute past midnight.
func TestHoursAroundClockChanges(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	for _, test := range []struct {
		zone, from, to string
		day            string
		want           map[int64]int64 // minutes by hour
	}{
		{"America/New_York", "2023-11-05 04:00", "2023-11-05 08:00", "2023-11-05", map[int64]int64{0: 60, 1: 120, 2: 60}},
		{"America/New_York", "2023-03-12 06:00", "2023-03-12 08:00", "2023-03-12", map[int64]int64{1: 60, 3: 60}},
		{"Australia/Lord_Howe", "2024-04-06 14:00", "2024-04-06 16:30", "2024-04-07", map[int64]int64{1: 90, 2: 60}},
		{"America/St_Johns", "2006-10-29 02:30", "2006-10-29 04:30", "2006-10-29", map[int64]int64{0: 120}},
		{"Antarctica/Troll", "2023-10-28 23:00", "2023-10-29 04:00", "2023-10-29", map[int64]int64{1: 60, 2: 180, 3: 60}},
		{"Asia/Kolkata", "2024-10-07 18:30", "2024-10-07 20:00", "2024-10-08", map[int64]int64{0: 60, 1: 30}},
	} {
		w := refWorld{Zones: []refZone{{"a", test.zone}}, Params: refParams{AsOfUS: refTime(test.to), FreshWithinUS: 1,
			Windows: []refWindow{{Name: "w", LengthUS: refTime(test.to) - refTime(test.from)}}}}
		days, hours := refBreakdown(w)
		if len(days) != 1 || days[0].Day != refDayNo(test.day) {
			t.Errorf("%s: dates %+v", test.zone, days)
		}
		got := map[int64]int64{}
		for _, c := range hours {
			got[c.Hour] = c.Open / (60 * refSecond)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.zone, diff)
		}
		models := runWorld(t, e, dir, w)
		if diff := cmp.Diff(hours, models.hours); diff != "" {
			t.Errorf("%s: hours (-reference +models):\n%s", test.zone, diff)
		}
		if diff := cmp.Diff(days, models.days); diff != "" {
			t.Errorf("%s: days (-reference +models):\n%s", test.zone, diff)
		}
		if diff := cmp.Diff(refWeek(w), models.week); diff != "" {
			t.Errorf("%s: week hours (-reference +models):\n%s", test.zone, diff)
		}
	}
}
