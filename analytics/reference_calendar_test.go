package analytics_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// refDates are local dates such as 2024-10-07, both included; "": without bound.
type refDates struct{ From, Through string }

func (d refDates) cover(date string) bool {
	return (d.From == "" || d.From <= date) && (d.Through == "" || date <= d.Through)
}

// refDetail is a cell of the stores set: a name, opens_on, closes_on, or an attribute.
type refDetail struct{ Store, Column, Value string }

// refAddress says whom a row is for: a store, all stores with a value of an attribute, or "*".
type refAddress struct{ Store, Attribute, Value string }

type refSpecial struct {
	refAddress
	refDates
	Closed     bool
	Start, End int64 // seconds after local midnight; End up to 86400
}

// refClosure lasts from Start to End, in microseconds of UTC or, if Local, of the store's clock.
type refClosure struct {
	refAddress
	Local      bool
	Start, End int64 // End refNoEnd: until further notice
}

const refNoEnd = int64(math.MaxInt64)

func refDate(day int64) string { return time.Unix(day*86400, 0).UTC().Format(time.DateOnly) }

// refDayNo is the number of a date, in days since 1970.
func refDayNo(date string) int64 {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err) // a mistake in a test
	}
	return at.Unix() / 86400
}

// detail is the value of a store in a column: of several the first in byte order, "" if there is none.
func (w refWorld) detail(store, column string) string {
	var values []string
	for _, d := range w.Details {
		if d.Store == store && d.Column == column && d.Value != "" {
			values = append(values, d.Value)
		}
	}
	if len(values) == 0 {
		return ""
	}
	return slices.Min(values)
}

func (w refWorld) applies(a refAddress, store string) bool {
	switch {
	case a.Attribute != "":
		return w.detail(store, a.Attribute) == a.Value
	case a.Store == "*":
		return true
	}
	return a.Store == store
}

// level sorts before that of a less specific address.
func (a refAddress) level() string {
	switch {
	case a.Attribute != "":
		return "2" + a.Attribute
	case a.Store == "*":
		return "3"
	}
	return "1"
}

// special are the special hours of a store on a date, of the most specific address that has any.
func (w refWorld) special(store, date string) []refSpecial {
	var rows []refSpecial
	for _, s := range w.Special {
		if s.cover(date) && w.applies(s.refAddress, store) {
			rows = append(rows, s)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	best := slices.MinFunc(rows, func(a, b refSpecial) int { return strings.Compare(a.level(), b.level()) }).level()
	return slices.DeleteFunc(rows, func(s refSpecial) bool { return s.level() != best })
}

// openings are the local times of a date at which a store opens and closes, in seconds after the midnight before; the
// end is past 86400 on the next date.
func (w refWorld) openings(store string, day int64) []refSpan {
	date := refDate(day)
	span := func(start, end int64) refSpan {
		if end <= start {
			end += 86400
		}
		return refSpan{start, end}
	}
	var all []refSpan
	if special := w.special(store, date); len(special) > 0 {
		for _, s := range special {
			if s.Closed {
				return nil
			}
			all = append(all, span(s.Start, s.End))
		}
		return all
	}
	var covering []refHours
	any := false
	for _, h := range w.Hours {
		if h.Store == store {
			any = true
			if h.cover(date) {
				covering = append(covering, h)
			}
		}
	}
	if !any {
		return []refSpan{{0, 86400}}
	}
	latest := ""
	for _, h := range covering {
		latest = max(latest, h.From)
	}
	for _, h := range covering {
		if h.From == latest && h.Weekday == int((day+3)%7) {
			all = append(all, span(h.Start, h.End))
		}
	}
	return all
}

// bounded are the sessions between a store's opening and closing date.
func (w refWorld) bounded(store string, clock *refClock, sessions []refSpan) []refSpan {
	if opens := w.detail(store, "opens_on"); opens != "" {
		sessions = refWithout(sessions, refSpan{math.MinInt64, clock.first(refDayNo(opens)*86400) * refSecond})
	}
	if closes := w.closesAt(store, clock); closes < refNoEnd {
		sessions = refWithout(sessions, refSpan{closes, refNoEnd})
	}
	return sessions
}

// closesAt is the instant at which a store closes for good.
func (w refWorld) closesAt(store string, clock *refClock) int64 {
	closes := w.detail(store, "closes_on")
	if closes == "" {
		return refNoEnd
	}
	return clock.first((refDayNo(closes)+1)*86400) * refSecond
}

// closures are those of a store, in UTC; none is empty.
func (w refWorld) closures(store string, clock *refClock) []refSpan {
	var all []refSpan
	instant := func(c refClosure, at int64) int64 {
		if !c.Local || at == refNoEnd {
			return at
		}
		return clock.first(at/refSecond) * refSecond
	}
	for _, c := range w.Closures {
		span := refSpan{instant(c, c.Start), instant(c, c.End)}
		if w.applies(c.refAddress, store) && span.start < span.end {
			all = append(all, span)
		}
	}
	return all
}

// refWithout cuts a span out of others.
func refWithout(spans []refSpan, cut refSpan) []refSpan {
	var left []refSpan
	for _, s := range spans {
		for _, piece := range []refSpan{{s.start, min(s.end, cut.start)}, {max(s.start, cut.end), s.end}} {
			if piece.start < piece.end {
				left = append(left, piece)
			}
		}
	}
	return left
}

// planned is the open time between two instants that closures took away.
func (s *refStore) plannedIn(from, to int64) (sum int64) {
	length := func(spans []refSpan) (sum int64) {
		for _, r := range spans {
			sum += max(0, min(r.end, to)-max(r.start, from))
		}
		return sum
	}
	return length(s.unclosed) - length(s.sessions)
}

// calendarFiles are the stores, special hours and closures files of a world.
func calendarFiles(w refWorld, files map[string]string) {
	columns := []string{"name", "opens_on", "closes_on"}
	for _, d := range w.Details {
		if !slices.Contains(columns, d.Column) {
			columns = append(columns, d.Column)
		}
	}
	if len(w.Details) > 0 {
		text := "store_id," + strings.Join(columns, ",") + "\n"
		for _, d := range w.Details {
			cells := make([]string, len(columns))
			cells[slices.Index(columns, d.Column)] = d.Value
			text += d.Store + "," + strings.Join(cells, ",") + "\n"
		}
		files["stores.csv"] = text
	}
	clock := func(s int64) string { return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60) }
	if len(w.Special) > 0 {
		text := "store_id,attribute,value,date,date_through,closed,opens,closes\n"
		for _, s := range w.Special {
			row := []string{s.Store, s.Attribute, s.Value, s.From, s.Through, "", clock(s.Start), clock(s.End)}
			if s.Closed {
				row[5], row[6], row[7] = "yes", "", ""
			}
			text += strings.Join(row, ",") + "\n"
		}
		files["special_hours.csv"] = text
	}
	if len(w.Closures) > 0 {
		text := "store_id,attribute,value,starts_at,ends_at,start_local,end_local\n"
		for _, c := range w.Closures {
			row := []string{c.Store, c.Attribute, c.Value, "", "", "", ""}
			at, layout := 3, "2006-01-02 15:04:05.999999Z"
			if c.Local {
				at, layout = 5, "2006-01-02T15:04:05"
			}
			row[at] = time.UnixMicro(c.Start).UTC().Format(layout)
			if c.End != refNoEnd {
				row[at+1] = time.UnixMicro(c.End).UTC().Format(layout)
			}
			text += strings.Join(row, ",") + "\n"
		}
		files["closures.csv"] = text
	}
}

var refValues = []string{"A", "B"} // of the attributes brand and Region

// refDrawAddress draws whom a row is for, among them a store that is not there.
func refDrawAddress(t *rapid.T, stores []string) refAddress {
	switch rapid.IntRange(0, 3).Draw(t, "address") {
	case 0:
		return refAddress{Store: "*"}
	case 1:
		return refAddress{Attribute: rapid.SampledFrom([]string{"brand", "Region"}).Draw(t, "attribute"), Value: rapid.SampledFrom(refValues).Draw(t, "its value")}
	}
	return refAddress{Store: rapid.SampledFrom(append(slices.Clone(stores), "nobody")).Draw(t, "store")}
}

// refDrawCalendar gives a world names, attributes, dates, special hours and closures, most of them where its sessions and
// its polls are.
func refDrawCalendar(t *rapid.T, w *refWorld, stores []string, zone string) {
	lastDay := w.Params.AsOfUS / refDay
	date := rapid.Custom(func(t *rapid.T) string { return refDate(lastDay - rapid.Int64Range(-2, 12).Draw(t, "days back")) })
	dates := rapid.Custom(func(t *rapid.T) refDates {
		d := refDates{From: date.Draw(t, "from")}
		if rapid.Bool().Draw(t, "range") {
			d.Through = max(d.From, date.Draw(t, "through"))
		}
		return d
	})
	for _, store := range stores {
		for range rapid.IntRange(0, 3).Draw(t, "details") {
			column := rapid.SampledFrom([]string{"name", "opens_on", "closes_on", "brand", "Region"}).Draw(t, "column")
			value := rapid.SampledFrom(refValues).Draw(t, "value")
			if column == "opens_on" || column == "closes_on" {
				value = date.Draw(t, "date")
			}
			w.Details = append(w.Details, refDetail{store, column, value})
		}
	}
	clock := rapid.OneOf(rapid.SampledFrom([]int64{0, 1800, 3600, 7200, 10800, 32400, 79200, 86340}), rapid.Int64Range(0, 86399))
	for range rapid.IntRange(0, 6).Draw(t, "special hours") {
		s := refSpecial{refAddress: refDrawAddress(t, stores), refDates: dates.Draw(t, "on"), Closed: rapid.IntRange(0, 3).Draw(t, "closed") == 0}
		if s.Through == "" { // a date alone is one day
			s.Through = s.From
		}
		s.Start, s.End = clock.Draw(t, "opens"), clock.Draw(t, "closes")
		if rapid.IntRange(0, 3).Draw(t, "until midnight") == 0 {
			s.End = 86400
		}
		if s.Start == s.End { // rejected
			s.End = 86400
		}
		w.Special = append(w.Special, s)
	}
	for i := range w.Hours {
		if rapid.IntRange(0, 3).Draw(t, "has dates") == 0 {
			w.Hours[i].refDates = dates.Draw(t, "valid")
			if rapid.Bool().Draw(t, "no start") {
				w.Hours[i].From = ""
			}
		}
	}
	local := newRefClock(zone)
	for range rapid.IntRange(0, 5).Draw(t, "closures") {
		c := refClosure{refAddress: refDrawAddress(t, stores), Local: rapid.Bool().Draw(t, "local")}
		c.Start = w.Params.AsOfUS - rapid.Int64Range(-refDay, 10*refDay).Draw(t, "start")
		if len(w.Polls) > 0 && rapid.Bool().Draw(t, "at a poll") {
			c.Start = rapid.SampledFrom(w.Polls).Draw(t, "poll").AtUS + rapid.Int64Range(-1, 1).Draw(t, "beside")
		}
		length := rapid.OneOf(rapid.Int64Range(1, 7200*refSecond), rapid.Int64Range(1, 3*refDay)).Draw(t, "length")
		if c.Local {
			c.Start = local.wall(c.Start/refSecond) * refSecond
			length = max(refSecond, length-length%refSecond)
		}
		if c.End = c.Start + length; rapid.IntRange(0, 9).Draw(t, "no end") == 0 {
			c.End = refNoEnd
		}
		w.Closures = append(w.Closures, c)
	}
}
