package generate

import "slices"

// takesAway reports whether a store is closed at an instant by its calendar, when its weekly rows alone would have it
// open. Such polls are inactive, and would be downtime.
func (c *calendar) takesAway(store int, us int64) bool {
	local := c.clock(store).local(us)
	date, second := int(local/dayUS), int(local%dayUS/1_000_000)
	if !c.isOpen(store, date, second, c.undatedHours) {
		return false
	}
	p := &c.profiles[store]
	if p.listed && (p.opensOn != 0 && date < p.opensOn || p.closesOn != 0 && date > p.closesOn) {
		return true
	}
	return c.closed.at(store, p, us, local) || !c.isOpen(store, date, second, c.datedHours)
}

// isOpen looks at the openings of the date, and at those of the night before.
func (c *calendar) isOpen(store, date, second int, openings func(to []span, store, date int) []span) bool {
	holds := func(at int) func(span) bool { return func(s span) bool { return s.start <= at && at < s.end } }
	c.openings = openings(c.openings[:0], store, date)
	if slices.ContainsFunc(c.openings, holds(second)) {
		return true
	}
	c.openings = openings(c.openings[:0], store, date-1)
	return slices.ContainsFunc(c.openings, holds(second+daySeconds))
}

// undatedHours are those of all versions.
func (c *calendar) undatedHours(to []span, store, date int) []span {
	if c.hours[store] == nil {
		return append(to, span{0, daySeconds})
	}
	for _, v := range c.hours[store] {
		if v.onWeekday(date) {
			to = v.openings(to)
		}
	}
	return to
}

// datedHours are the special hours, else those of the latest version that covers the date.
func (c *calendar) datedHours(to []span, store, date int) []span {
	if h := c.dates.of(store, date, &c.profiles[store]); h != nil {
		if h.closed {
			return to
		}
		return append(to, h.openings...)
	}
	if c.hours[store] == nil {
		return append(to, span{0, daySeconds})
	}
	for _, v := range slices.Backward(c.hours[store]) {
		if date >= v.from && (v.through == 0 || date <= v.through) {
			if v.onWeekday(date) {
				to = v.openings(to)
			}
			return to
		}
	}
	return to
}

// onWeekday counts weekdays from Monday; 1970 began on a Thursday.
func (v version) onWeekday(date int) bool { return v.weekdays>>((date+3)%7)&1 == 1 }
