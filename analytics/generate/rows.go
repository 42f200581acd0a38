package generate

import (
	"context"
	"strconv"
	"time"
)

// hoursRows gives every store one of the shapes that real rows have.
func (w *world) hoursRows(t *table) {
	t.row = append(t.row, "store_id,dayOfWeek,start_time_local,end_time_local"...)
	if w.calendar != nil {
		t.row = append(t.row, ",valid_from,valid_through"...)
	}
	t.add()
	for i, s := range w.stores {
		if !s.hours {
			continue
		}
		hours := w.drawWeek()
		var versions []version
		validity := ""
		if w.calendar != nil {
			versions = w.calendar.drawVersions(hours)
			validity = versions[0].validity()
		}
		weekdays := uint8(0)
		for day := range 7 {
			if hours.shape > 2 && w.chance(0.06) {
				continue // closed on this day
			}
			weekdays |= 1 << day
			dayRows(t, s.id, day, hours, validity)
			if w.chance(0.002) { // the same once more
				dayRows(t, s.id, day, hours, validity)
			}
		}
		if w.calendar != nil {
			w.calendar.addHours(t, i, weekdays, versions)
		}
	}
}

// week is the hours of a store, alike on all its days; times are seconds of the day.
type week struct{ shape, opens, closes int }

func (w *world) drawWeek() week {
	h := week{shape: w.random.IntN(10)}
	h.opens = (7 + w.random.IntN(5)) * 3600
	h.closes = (19+w.random.IntN(4))*3600 + w.random.IntN(4)*900
	return h
}

// span is an opening in seconds from 00:00 of its local date; past midnight it ends beyond a day.
type span struct{ start, end int }

const daySeconds = 86400

// openings appends those of one day. Rows that end at 23:59 are about a third of all.
func (h week) openings(to []span) []span {
	lastSecond := 86399
	if h.shape%2 == 0 {
		lastSecond = 86340
	}
	switch h.shape {
	case 0, 1: // open all day, night after night
		return append(to, span{0, lastSecond})
	case 2, 3: // past midnight by a row of the next day
		return append(to, span{0, 2 * 3600}, span{h.opens, lastSecond})
	case 4: // past midnight in one row
		return append(to, span{h.opens, daySeconds + 2*3600})
	case 5: // split for the afternoon
		return append(to, span{h.opens, 14 * 3600}, span{16*3600 + 1800, h.closes})
	case 6: // a hole of a minute where one menu follows another
		return append(to, span{min(h.opens, 9*3600), 10*3600 + 19*60}, span{10*3600 + 20*60, h.closes})
	default:
		return append(to, span{h.opens, h.closes})
	}
}

// dayRows writes a day of one store; validity is the end of each row.
func dayRows(t *table, id string, day int, hours week, validity string) {
	var most [2]span
	for _, opening := range hours.openings(most[:0]) {
		t.row = append(append(t.row, id...), ',', byte('0'+day), ',')
		t.row = append(appendOpening(t.row, opening), validity...)
		t.add()
	}
}

// appendOpening writes both times; an end on the next date is before the start.
func appendOpening(b []byte, s span) []byte {
	b = append(appendClock(b, s.start), ',')
	if s.end > daySeconds {
		s.end -= daySeconds
	}
	return appendClock(b, s.end)
}

func appendClock(b []byte, seconds int) []byte {
	two := func(n int) { b = append(b, byte('0'+n/10), byte('0'+n%10)) }
	two(seconds / 3600)
	b = append(b, ':')
	two(seconds / 60 % 60)
	b = append(b, ':')
	two(seconds % 60)
	return b
}

// poll is one observation, small because there may be a hundred million.
type poll struct {
	atUS  int64
	store int32
}

// statusRows writes all active rows before all inactive ones, each kind in no order of time.
func (w *world) statusRows(t *table) {
	t.row = append(t.row, "store_id,status,timestamp_utc"...)
	t.add()
	active, inactive := w.polls(t.ctx)
	for _, kind := range []struct {
		status string
		polls  []poll
	}{{",active,", active}, {",inactive,", inactive}} {
		w.random.Shuffle(len(kind.polls), func(i, j int) { kind.polls[i], kind.polls[j] = kind.polls[j], kind.polls[i] })
		for _, p := range kind.polls {
			t.row = append(append(t.row, w.stores[p.store].id...), kind.status...)
			t.row = appendInstant(t.row, p.atUS)
			t.add()
		}
	}
}

// polls walks every store back from as_of, hour by hour; statuses last for hours, as outages do.
func (w *world) polls(ctx context.Context) (active, inactive []poll) {
	asOf := w.options.AsOf.UnixMicro()
	const hour = int64(time.Hour / time.Microsecond)
	for i, s := range w.stores {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, nil // writeTable asks again
		}
		if !s.polled {
			continue
		}
		up := w.chance(s.reliable)
		for h, down := range w.down {
			if w.chance(0.12) {
				up = w.chance(s.reliable)
			}
			if down || w.chance(0.24) {
				continue
			}
			p := poll{asOf - int64(h)*hour - w.random.Int64N(hour*9/10), int32(i)}
			if w.chance(0.001) {
				p.atUS -= p.atUS % 1_000_000 // a whole second, which is written without a fraction
			}
			kinds := []*[]poll{&inactive}
			if up && !(w.calendar != nil && w.calendar.takesAway(i, p.atUS) && w.calendar.chance(0.95)) {
				kinds[0] = &active
			}
			switch w.random.IntN(4000) {
			case 0:
				kinds = append(kinds, kinds[0]) // repeated
			case 1:
				kinds = []*[]poll{&active, &inactive} // in conflict
			}
			for _, kind := range kinds {
				*kind = append(*kind, p)
			}
		}
	}
	return active, inactive
}

// appendInstant writes BigQuery's text: no zero at the end of the fraction, no fraction of zero.
func appendInstant(b []byte, us int64) []byte {
	b = time.UnixMicro(us).UTC().AppendFormat(b, "2006-01-02 15:04:05")
	if fraction := us % 1_000_000; fraction > 0 {
		digits := strconv.AppendInt(nil, 1_000_000+fraction, 10)[1:]
		for digits[len(digits)-1] == '0' {
			digits = digits[:len(digits)-1]
		}
		b = append(append(b, '.'), digits...)
	}
	return append(b, " UTC"...)
}
