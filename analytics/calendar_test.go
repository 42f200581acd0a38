package analytics_test

import (
	"testing"

	"openhours/analytics/enginetest"
)

// calendarWorld is a store in New York with hours 09:00 to 12:00, and a day as window that ends when its clock shows the
// midnight before 9 October 2024 (04:00 UTC).
func calendarWorld(polls ...refPoll) refWorld {
	w := refWorked("nearest", polls...)
	w.Polls = polls
	w.Zones = []refZone{{"a", "America/New_York"}}
	w.Params.AsOfUS = refTime("2024-10-09 04:00")
	return w
}

// refPollAt is a poll of the store by its clock on 8 October, four hours behind UTC.
func refPollAt(clock string, up bool) refPoll {
	return refPoll{"a", refTime("2024-10-08 "+clock) + 4*3600*refSecond, up}
}

// TestCalendarByHand holds the reference and the models to figures worked out by hand from the definition.
func TestCalendarByHand(t *testing.T) {
	const minute = 60 * refSecond
	closed := func(a refAddress, date string) refSpecial {
		return refSpecial{refAddress: a, refDates: refDates{date, date}, Closed: true}
	}
	open := func(a refAddress, date string, start, end int64) refSpecial {
		return refSpecial{refAddress: a, refDates: refDates{date, date}, Start: start * 3600, End: end * 3600}
	}
	a, all := refAddress{Store: "a"}, refAddress{Store: "*"}
	local := func(from, to string) refClosure {
		return refClosure{refAddress: a, Local: true, Start: refTime(from), End: refTime(to)}
	}
	day := func(w *refWorld, from, through string, start, end int64) {
		for weekday := range 7 {
			w.Hours = append(w.Hours, refHours{Store: "a", Weekday: weekday, Start: start * 3600, End: end * 3600, refDates: refDates{from, through}})
		}
	}
	type figures struct{ Open, Uptime, Downtime, Planned int64 } // minutes
	for name, c := range map[string]struct {
		polls   []refPoll
		change  func(w *refWorld)
		want    figures
		outages []bool // ongoing?
	}{
		// 09:00 to 10:00 has no evidence of its own and takes 11:15's; 10:14 is no evidence
		"worked example with a closure": {[]refPoll{refPollAt("10:14", true), refPollAt("11:15", false)}, func(w *refWorld) {
			w.Closures = []refClosure{local("2024-10-08 10:00", "2024-10-08 11:00")}
		}, figures{120, 0, 120, 60}, []bool{true}},
		// the whole day is closed, so an observation in it says nothing
		"closed holiday": {[]refPoll{refPollAt("10:00", false)}, func(w *refWorld) {
			w.Special = []refSpecial{closed(all, "2024-10-08")}
		}, figures{}, nil},
		// Monday 20:00 to 02:00 runs into the closed Tuesday: 2 h of it are in the window
		"night before a closed holiday": {[]refPoll{refPollAt("01:00", true)}, func(w *refWorld) {
			w.Hours = []refHours{{Store: "a", Weekday: 0, Start: 20 * 3600, End: 2 * 3600}, {Store: "a", Weekday: 1, Start: 9 * 3600, End: 12 * 3600}}
			w.Special = []refSpecial{closed(a, "2024-10-08")}
		}, figures{120, 120, 0, 0}, nil},
		"whole day": {[]refPoll{refPollAt("10:00", true)}, func(w *refWorld) {
			w.Special = []refSpecial{open(a, "2024-10-08", 0, 24)}
		}, figures{1440, 1440, 0, 0}, nil},
		// the store's own row counts, 5 h; without it that of its brand, 2 h
		"store beats attribute beats all": {[]refPoll{refPollAt("10:00", true)}, func(w *refWorld) {
			w.Details = []refDetail{{"a", "brand", "X"}}
			w.Special = []refSpecial{closed(all, "2024-10-08"), open(refAddress{Attribute: "brand", Value: "X"}, "2024-10-08", 10, 12), open(a, "2024-10-08", 8, 13)}
		}, figures{300, 300, 0, 0}, nil},
		"attribute beats all": {[]refPoll{refPollAt("10:00", true)}, func(w *refWorld) {
			w.Details = []refDetail{{"a", "brand", "X"}}
			w.Special = []refSpecial{closed(all, "2024-10-08"), open(refAddress{Attribute: "brand", Value: "X"}, "2024-10-08", 10, 12)}
		}, figures{120, 120, 0, 0}, nil},
		// "Region" is before "brand" in byte order
		"two attributes": {[]refPoll{refPollAt("10:00", true)}, func(w *refWorld) {
			w.Details = []refDetail{{"a", "brand", "X"}, {"a", "Region", "N"}}
			w.Special = []refSpecial{open(refAddress{Attribute: "brand", Value: "X"}, "2024-10-08", 10, 12), open(refAddress{Attribute: "Region", Value: "N"}, "2024-10-08", 10, 11)}
		}, figures{60, 60, 0, 0}, nil},
		"closed wins over open": {nil, func(w *refWorld) {
			w.Special = []refSpecial{open(a, "2024-10-08", 10, 12), closed(a, "2024-10-08")}
		}, figures{}, nil},
		// the version from the 8th counts alone: 4 h, not 3
		"version of hours": {[]refPoll{refPollAt("10:00", true)}, func(w *refWorld) {
			day(w, "2024-10-08", "", 8, 12)
		}, figures{240, 240, 0, 0}, nil},
		// its version from the 8th knows no Tuesday, so it is closed, although older rows do
		"weekday missing from the version": {[]refPoll{refPollAt("10:00", true)}, func(w *refWorld) {
			w.Hours = append(w.Hours, refHours{Store: "a", Weekday: 4, Start: 0, End: 86400, refDates: refDates{From: "2024-10-08"}})
		}, figures{}, nil},
		// no row covers the 8th
		"gap between versions": {[]refPoll{refPollAt("10:00", true)}, func(w *refWorld) {
			w.Hours = nil
			day(w, "", "2024-10-07", 9, 12)
			day(w, "2024-10-09", "", 9, 12)
		}, figures{}, nil},
		// open around the clock but for the 8th: 1440 minutes in the window are closed
		"24 hours on 7 days, closed on one date": {[]refPoll{refPollAt("10:00", false)}, func(w *refWorld) {
			w.Hours = nil
			w.Special = []refSpecial{closed(a, "2024-10-08")}
		}, figures{}, nil},
		// down since the 6th, but the store opens on the 8th: the outage begins then
		"opens in the middle of an outage": {[]refPoll{{"a", refTime("2024-10-06 14:00"), false}, refPollAt("10:00", false)}, func(w *refWorld) {
			w.Details = []refDetail{{"a", "opens_on", "2024-10-08"}}
			w.Params.Windows = []refWindow{{Name: "days", LengthUS: 3 * refDay}}
		}, figures{180, 0, 180, 0}, []bool{true}},
		// the inactive poll lies in the closure, so its neighbours know nothing of it
		"closure around an inactive poll": {[]refPoll{refPollAt("09:30", true), refPollAt("10:30", false), refPollAt("11:30", true)}, func(w *refWorld) {
			w.Closures = []refClosure{local("2024-10-08 10:15", "2024-10-08 10:45")}
		}, figures{150, 150, 0, 30}, nil},
		// as_of stands in the closure: nothing is going on
		"closure over as_of": {[]refPoll{refPollAt("10:00", false)}, func(w *refWorld) {
			w.Closures = []refClosure{local("2024-10-08 12:00", "2024-10-10 00:00")}
		}, figures{180, 0, 180, 0}, []bool{false}},
		"closed for good": {[]refPoll{refPollAt("10:00", false)}, func(w *refWorld) {
			w.Details = []refDetail{{"a", "closes_on", "2024-10-08"}}
		}, figures{180, 0, 180, 0}, []bool{false}},
		// from 11:00 on, for ever
		"until further notice": {[]refPoll{refPollAt("10:00", true)}, func(w *refWorld) {
			w.Closures = []refClosure{{refAddress: a, Local: true, Start: refTime("2024-10-08 11:00"), End: refNoEnd}}
		}, figures{120, 120, 0, 60}, nil},
		// 09:30 to 10:30 and 10:00 to 11:00 take away 90 minutes together
		"overlapping closures": {[]refPoll{refPollAt("11:30", true)}, func(w *refWorld) {
			w.Closures = []refClosure{local("2024-10-08 09:30", "2024-10-08 10:30"), local("2024-10-08 10:00", "2024-10-08 11:00")}
		}, figures{90, 90, 0, 90}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := calendarWorld(c.polls...)
			if c.change(&w); len(w.Polls) == 0 {
				w.Polls = []refPoll{refPollAt("20:00", true)} // outside hours: the models want an observation
			}
			dir := t.TempDir()
			got := runWorld(t, enginetest.New(t, dir, 1), dir, w)
			models, modelOutages := got.measures, got.outages
			reference, referenceOutages := refReport(w)
			for from, m := range map[string]refMeasures{"models": models[0], "reference": reference[0]} {
				if got := (figures{m.Open / minute, m.Uptime / minute, m.Downtime / minute, m.Planned / minute}); got != c.want || m.Unknown > 0 {
					t.Errorf("%s: %+v and %d min unknown, want %+v", from, got, m.Unknown/minute, c.want)
				}
			}
			for from, outages := range map[string][]refOutage{"models": modelOutages, "reference": referenceOutages} {
				if len(outages) != len(c.outages) || len(outages) > 0 && outages[0].Ongoing != c.outages[0] {
					t.Errorf("%s: outages %+v, want ongoing %v", from, outages, c.outages)
				}
			}
		})
	}
}

// TestClosureAcrossAClockChange: on 3 November 2024 New York's clock shows 01:00 to 02:00 twice. By the clock, 00:30 to
// 02:30 lasts three hours; in UTC, 04:30 to 06:30 lasts two.
func TestClosureAcrossAClockChange(t *testing.T) {
	for name, c := range map[string]struct {
		closure refClosure
		hours   int64
	}{
		"local": {refClosure{refAddress: refAddress{Store: "*"}, Local: true, Start: refTime("2024-11-03 00:30"), End: refTime("2024-11-03 02:30")}, 3},
		"UTC":   {refClosure{refAddress: refAddress{Store: "*"}, Start: refTime("2024-11-03 04:30"), End: refTime("2024-11-03 06:30")}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := calendarWorld(refPoll{"a", refTime("2024-11-03 12:00"), true})
			w.Hours, w.Params.AsOfUS = nil, refTime("2024-11-04 05:00")
			w.Params.Windows = []refWindow{{Name: "two_days", LengthUS: 2 * refDay}}
			w.Closures = []refClosure{c.closure}
			dir := t.TempDir()
			models := runWorld(t, enginetest.New(t, dir, 1), dir, w).measures
			if got := models[0].Planned / (3600 * refSecond); got != c.hours || models[0].Open != 48*3600*refSecond-models[0].Planned {
				t.Errorf("%d hours planned, want %d: %+v", got, c.hours, models[0])
			}
			if want, _ := refReport(w); want[0] != models[0] {
				t.Errorf("reference %+v, models %+v", want[0], models[0])
			}
		})
	}
}
