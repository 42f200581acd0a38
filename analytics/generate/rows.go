package generate

import (
	"context"
	"strconv"
	"time"
)

// hoursRows gives every store one of the shapes that real rows have.
func (w *world) hoursRows(t *table) {
	t.row = append(t.row, "store_id,dayOfWeek,start_time_local,end_time_local"...)
	t.add()
	for _, s := range w.stores {
		if !s.hours {
			continue
		}
		shape := w.random.IntN(10)
		opens := (7 + w.random.IntN(5)) * 3600
		closes := (19+w.random.IntN(4))*3600 + w.random.IntN(4)*900
		for day := range 7 {
			if shape > 2 && w.chance(0.06) {
				continue // closed on this day
			}
			w.dayRows(t, s.id, day, shape, opens, closes)
			if w.chance(0.002) { // the same once more
				w.dayRows(t, s.id, day, shape, opens, closes)
			}
		}
	}
}

// dayRows writes a day of one store. Rows that end at 23:59 are about a third of all.
func (w *world) dayRows(t *table, id string, day, shape, opens, closes int) {
	row := func(start, end int) {
		t.row = append(append(t.row, id...), ',', byte('0'+day), ',')
		t.row = append(appendClock(t.row, start), ',')
		t.row = appendClock(t.row, end)
		t.add()
	}
	lastSecond := 86399
	if shape%2 == 0 {
		lastSecond = 86340
	}
	switch shape {
	case 0, 1: // open all day, night after night
		row(0, lastSecond)
	case 2, 3: // past midnight by a row of the next day
		row(0, 2*3600)
		row(opens, lastSecond)
	case 4: // past midnight in one row
		row(opens, 2*3600)
	case 5: // split for the afternoon
		row(opens, 14*3600)
		row(16*3600+1800, closes)
	case 6: // a hole of a minute where one menu follows another
		row(min(opens, 9*3600), 10*3600+19*60)
		row(10*3600+20*60, closes)
	default:
		row(opens, closes)
	}
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
			if up {
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
