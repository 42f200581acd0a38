package analytics_test

import (
	"fmt"
	"openhours/analytics/params"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// refWindow is a window of a length up to as_of, or one of the calendar, in its text form.
type refWindow struct {
	Name     string
	LengthUS int64
	Dates    string
}

// parameter is what a user writes for the window.
func (w refWindow) parameter() params.Window {
	return params.Window{Name: w.Name, Length: params.Length(w.LengthUS), Dates: w.Dates}
}

// span is the window by a store's clock, cut at as_of.
func (w refWindow) span(clock *refClock, asOfUS int64) refSpan {
	if w.Dates == "" {
		return refSpan{asOfUS - w.LengthUS, asOfUS}
	}
	first, after := w.dates(time.UnixMicro(asOfUS).In(clock.zone))
	midnight := func(date time.Time) int64 { return min(asOfUS, clock.first(date.Unix())*refSecond) }
	return refSpan{midnight(first), midnight(after)}
}

// dates are the first date and the one after the last, as if they were UTC, for a store whose clock shows now at as_of.
func (w refWindow) dates(now time.Time) (first, after time.Time) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	monday := today
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, -1)
	}
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	switch w.Dates {
	case "today":
		return today, today.AddDate(0, 0, 1)
	case "yesterday":
		return today.AddDate(0, 0, -1), today
	case "this_week":
		return monday, monday.AddDate(0, 0, 7)
	case "previous_week":
		return monday.AddDate(0, 0, -7), monday
	case "this_month":
		return month, month.AddDate(0, 1, 0)
	case "previous_month":
		return month.AddDate(0, -1, 0), month
	}
	date := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			panic(err)
		}
		return at
	}
	from, through, isRange := strings.Cut(w.Dates, "/")
	switch {
	case isRange:
		return date(from), date(through).AddDate(0, 0, 1)
	case len(from) == len("2024"):
		return date(from + "-01-01"), date(from+"-01-01").AddDate(1, 0, 0)
	case len(from) == len("2024-10"):
		return date(from + "-01"), date(from+"-01").AddDate(0, 1, 0)
	case strings.Contains(from, "W"):
		for day := date(from[:4]+"-01-01").AddDate(0, 0, -7); ; day = day.AddDate(0, 0, 1) {
			if year, week := day.ISOWeek(); fmt.Sprintf("%04d-W%02d", year, week) == from {
				return day, day.AddDate(0, 0, 7)
			}
		}
	default:
		return date(from), date(from).AddDate(0, 0, 1)
	}
}

// refStart is the earliest start of a window of any store of the data.
func refStart(w refWorld) int64 {
	start := w.Params.AsOfUS
	for _, store := range refStores(w) {
		clock := newRefClock(refZoneOf(w, store))
		for _, window := range w.Params.Windows {
			start = min(start, window.span(clock, w.Params.AsOfUS).start)
		}
	}
	return start
}

// refHorizon is the instant before which observations are no evidence.
func refHorizon(w refWorld) int64 {
	return min(refStart(w), w.Params.AsOfUS-7*refDay) - refDay
}

// refDrawDates draws a window of the calendar that begins before as_of for a store anywhere.
func refDrawDates(t *rapid.T, asOfUS int64) string {
	asOf := time.UnixMicro(asOfUS).UTC()
	day := asOf.AddDate(0, 0, -rapid.IntRange(2, 12).Draw(t, "days ago"))
	year, week := day.ISOWeek()
	return rapid.SampledFrom(append([]string{day.Format("2006-01-02"), day.Format("2006-01"), fmt.Sprintf("%04d-W%02d", year, week),
		day.Format("2006-01-02") + "/" + day.AddDate(0, 0, rapid.IntRange(0, 9).Draw(t, "more days")).Format("2006-01-02")},
		params.RelativeWindows...)).Draw(t, "dates")
}
