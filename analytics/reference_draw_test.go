package analytics_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"
)

// refZones have every kind of clock change: at midnight, by half an hour, by two hours, off the
// quarter hour, a whole day skipped, and none.
var refZones = []string{
	"America/New_York", "America/Chicago", "America/St_Johns", "America/Sao_Paulo", "America/Havana",
	"Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Asia/Kathmandu", "Asia/Kolkata", "Europe/London",
	"Europe/Dublin", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe", "Australia/Adelaide",
	"Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "America/Caracas",
	"Asia/Pyongyang", "Antarctica/Troll", "Antarctica/Casey", "America/Godthab", "UTC",
}

// refChanges are the days, since 1970, of the years 2000 to 2021 on which a zone's offset changes.
func refChanges(zone string) []int64 {
	clock := newRefClock(zone)
	offset := func(day int64) int64 { return clock.wall(day*86400) - day*86400 }
	var days []int64
	for day := int64(10957); day < 18990; day++ {
		if offset(day) != offset(day+1) {
			days = append(days, day)
		}
	}
	return days
}

var refChangesOf = map[string][]int64{}

func refDrawWorld(t *rapid.T) refWorld {
	zone := rapid.SampledFrom(refZones).Draw(t, "zone")
	if _, known := refChangesOf[zone]; !known {
		refChangesOf[zone] = refChanges(zone)
	}
	day := rapid.Int64Range(10957, 18980).Draw(t, "day")
	if days := refChangesOf[zone]; len(days) > 0 {
		day = rapid.SampledFrom(days).Draw(t, "change")
	}
	asOf := day*refDay + rapid.Int64Range(-refDay, 9*refDay).Draw(t, "as of")
	w := refWorld{Params: refDrawParams(t, asOf)}
	var stores []string
	for i := range rapid.IntRange(1, 6).Draw(t, "stores") {
		store := rapid.SampledFrom([]string{"%d", "148196649882015897%d", "f6e4d870-a273-49cf-be4d-00000000000%d", "é %d"}).Draw(t, "id")
		stores = append(stores, fmt.Sprintf(store, i))
		refDrawStore(t, &w, stores[i], zone)
	}
	if rapid.IntRange(0, 2).Draw(t, "calendar") > 0 {
		refDrawCalendar(t, &w, stores, zone)
	}
	if rapid.Bool().Draw(t, "has targets") {
		refDrawTargets(t, &w, stores)
	}
	return w
}

func refDrawParams(t *rapid.T, asOf int64) refParams {
	p := refParams{
		AsOfUS:        asOf,
		Interpolation: rapid.SampledFrom([]string{"nearest", "previous", "next"}).Draw(t, "interpolation"),
		Unobserved:    rapid.SampledFrom([]string{"nearest", "unknown"}).Draw(t, "unobserved"),
		MaxGapUS: rapid.OneOf(rapid.Just(int64(0)), rapid.Just(int64(1)), rapid.Just(3600*refSecond),
			rapid.Int64Range(1, 30*3600*refSecond)).Draw(t, "max gap"),
		FreshWithinUS: rapid.OneOf(rapid.Just(3600*refSecond), rapid.Int64Range(1, 5*3600*refSecond)).Draw(t, "fresh within"),
		JoinGapUS: rapid.OneOf(rapid.Just(60*refSecond), rapid.Just(int64(0)), rapid.Just(59*refSecond),
			rapid.Int64Range(0, 30*3600*refSecond)).Draw(t, "join gap"),
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "windows") {
		if rapid.IntRange(0, 2).Draw(t, "of the calendar") == 0 {
			p.Windows = append(p.Windows, refWindow{Name: fmt.Sprintf("w%d", i), Dates: refDrawDates(t, asOf)})
			continue
		}
		length := rapid.OneOf(rapid.SampledFrom([]int64{3600, 86400, 7 * 86400}), rapid.Int64Range(1, 12*86400)).Draw(t, "length")
		p.Windows = append(p.Windows, refWindow{Name: fmt.Sprintf("w%d", i), LengthUS: length * refSecond})
	}
	return p
}

func refDrawStore(t *rapid.T, w *refWorld, store, zone string) {
	mentioned := false
	if rapid.IntRange(0, 9).Draw(t, "has zone") > 0 {
		mentioned = true
		w.Zones = append(w.Zones, refZone{store, zone})
		if rapid.IntRange(0, 9).Draw(t, "second zone") == 0 {
			w.Zones = append(w.Zones, refZone{store, rapid.SampledFrom(refZones).Draw(t, "other zone")})
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "has hours") > 0 {
		mentioned = true
		w.Hours = append(w.Hours, refDrawHours(t, store)...)
	}
	least := 0
	if !mentioned {
		least = 1
	}
	if rapid.IntRange(0, 9).Draw(t, "has polls") == 0 {
		if least == 0 {
			return
		}
	}
	refDrawPolls(t, w, store, zone, least)
}

// refDrawHours mixes the shapes of real rows with times that lie in skipped and repeated hours.
func refDrawHours(t *rapid.T, store string) []refHours {
	var rows []refHours
	clock := rapid.OneOf(
		rapid.SampledFrom([]int64{0, 1800, 3600, 5400, 7200, 9000, 10800, 37140, 37200, 79200, 86340, 86399}),
		rapid.Int64Range(0, 86399))
	if rapid.Bool().Draw(t, "whole days") {
		end := rapid.SampledFrom([]int64{86340, 86399, 86400, 0}).Draw(t, "day end")
		for day := range 7 {
			if rapid.IntRange(0, 7).Draw(t, "skip a day") > 0 {
				rows = append(rows, refHours{Store: store, Weekday: day, End: end})
			}
		}
	}
	for range rapid.IntRange(1, 8).Draw(t, "rows") {
		row := refHours{Store: store, Weekday: rapid.IntRange(0, 6).Draw(t, "weekday"), Start: clock.Draw(t, "start"), End: clock.Draw(t, "end")}
		rows = append(rows, row)
		switch rapid.IntRange(0, 5).Draw(t, "then") {
		case 0: // a hole of a minute, as real rows have it
			if row.End+60 < 86399 {
				rows = append(rows, refHours{Store: store, Weekday: row.Weekday, Start: row.End + 60, End: 86399})
			}
		case 1: // the next day's row goes on
			rows = append(rows, refHours{Store: store, Weekday: (row.Weekday + 1) % 7, End: row.Start})
		}
	}
	return rows
}

// refDrawPolls puts polls where boundaries are: the ends of sessions, as_of, the horizon, each other.
func refDrawPolls(t *rapid.T, w *refWorld, store, zone string, least int) {
	clock := newRefClock(refZoneOf(*w, store))
	s := &refStore{params: w.Params, horizon: refHorizon(*w)}
	marks := []int64{w.Params.AsOfUS, s.horizon}
	for _, r := range refSessions(*w, store, clock, s.horizon) {
		marks = append(marks, r.start, r.end)
	}
	for _, window := range w.Params.Windows {
		span := window.span(clock, w.Params.AsOfUS)
		marks = append(marks, span.start, span.end)
	}
	at := w.Params.AsOfUS
	for range rapid.IntRange(least, 40).Draw(t, "polls") {
		switch rapid.IntRange(0, 5).Draw(t, "where") {
		case 0:
			at = rapid.SampledFrom(marks).Draw(t, "mark") + rapid.Int64Range(-1, 1).Draw(t, "beside")
		case 1:
			at += rapid.Int64Range(-2, 2).Draw(t, "close")
		case 2:
			at -= rapid.Int64Range(3000, 4000).Draw(t, "an hour before") * refSecond
		default:
			at = rapid.Int64Range(s.horizon-refDay, w.Params.AsOfUS+refDay).Draw(t, "anywhere")
		}
		p := refPoll{store, at, rapid.Bool().Draw(t, "up")}
		w.Polls = append(w.Polls, p)
		if rapid.IntRange(0, 9).Draw(t, "again") == 0 {
			p.Up = rapid.Bool().Draw(t, "conflict")
			w.Polls = append(w.Polls, p)
		}
	}
}

// refTime is the instant of a text such as 2024-10-07 10:00.
func refTime(text string) int64 {
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err) // a mistake in a test
	}
	return at.UnixMicro()
}
