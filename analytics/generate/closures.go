package generate

import (
	"math"
	"slices"
	"time"
)

// closure is a row of planned closures. Times are microseconds since 1970, by the store's clock if local.
type closure struct {
	address
	form       closureForm
	start, end int64 // half-open; forever: until further notice
	announced  int64 // UTC; 0: not said
	reason     string
}

type closureForm int

const (
	localTimes closureForm = iota
	localDates
	utcTimes
)

const (
	forever  = math.MaxInt64
	minuteUS = int64(time.Minute / time.Microsecond)
	hourUS   = 60 * minuteUS
	dayUS    = 24 * hourUS
)

// closureKinds are those of single stores. One that begins before it is announced cannot have been planned, and
// takes downtime out of the report: a finding.
var closureKinds = []struct {
	reason       string
	form         closureForm
	least, most  int64 // how long; 0: until further notice
	notice, late int64 // announced up to so long before it begins, or after; without either not at all
}{
	{"Kitchen repair", localTimes, 3 * hourUS, 8 * hourUS, 10 * dayUS, 0},
	{"Power failure", utcTimes, 1 * hourUS, 5 * hourUS, 0, 2 * hourUS},
	{"Renovation", localDates, 1 * dayUS, 3 * dayUS, 20 * dayUS, 0},
	{"Water damage", localTimes, 0, 0, 0, 3 * hourUS},
	{"Private event", localTimes, 4 * hourUS, 6 * hourUS, 0, 0},
	{"Health inspection", utcTimes, 2 * hourUS, 4 * hourUS, 2 * dayUS, 0},
	{"", localTimes, 2 * hourUS, 5 * hourUS, 0, 4 * hourUS},
	{"Elevator test", utcTimes, 1 * hourUS, 2 * hourUS, 0, 0},
}

// drawClosures draws every kind at least once.
func (c *calendar) drawClosures() {
	night := int64(c.last-2)*dayUS + 3*hourUS
	c.addClosure(closure{address: everyStore, form: localTimes, start: night, end: night + 30*minuteUS,
		announced: night - 6*dayUS, reason: "Update of the tills"})
	storm := int64(c.last-1)*dayUS + 15*hourUS
	city := address{none, cityColumn, c.profiles[0].values[cityColumn]}
	c.addClosure(closure{address: city, form: utcTimes, start: storm, end: storm + 4*hourUS, announced: storm - 9*hourUS, reason: "Storm warning"})
	c.addClosure(closure{address: address{none, formatColumn, "mall"}, form: localTimes, start: storm - 2*dayUS, end: storm - 2*dayUS + 3*hourUS,
		announced: storm - 4*dayUS, reason: "Fire drill"})
	for i := range max(len(closureKinds), len(c.stores)/20) {
		c.drawClosure(i%len(closureKinds), c.recentDay())
	}
	for len(c.closures) < c.options.Closures {
		kind := c.random.IntN(len(closureKinds))
		if closureKinds[kind].most == 0 && !c.chance(0.05) {
			continue // else few stores were left
		}
		c.drawClosure(kind, c.anyDay())
	}
}

func (c *calendar) drawClosure(kind, date int) {
	k := closureKinds[kind]
	store := c.random.IntN(len(c.stores))
	clock := c.clock(store)
	row := closure{address: oneStore(store), form: k.form, reason: k.reason, end: forever}
	row.start = int64(date)*dayUS + 10*hourUS + c.random.Int64N(7*60)*minuteUS
	if k.form == localDates {
		row.start = int64(date) * dayUS
	}
	begins := clock.instant(row.start)
	if k.form == utcTimes {
		row.start = begins
	}
	switch {
	case k.form == localDates:
		row.end = row.start + (1+c.random.Int64N(k.most/dayUS))*dayUS
	case k.most > 0:
		row.end = row.start + k.least + c.random.Int64N((k.most-k.least)/minuteUS)*minuteUS
	}
	switch {
	case k.notice > 0:
		row.announced = begins - 8*hourUS - c.random.Int64N(k.notice/minuteUS)*minuteUS
	case k.late > 0:
		row.announced = begins + (10+c.random.Int64N(k.late/minuteUS))*minuteUS
	}
	c.addClosure(row)
}

func (c *calendar) addClosure(row closure) {
	c.closures = append(c.closures, row)
	if row.store != none {
		c.closed.ofStore[row.store] = append(c.closed.ofStore[row.store], row)
	} else {
		c.closed.ofMany = append(c.closed.ofMany, row)
	}
}

// closedTimes are the closures by what they are for.
type closedTimes struct {
	ofStore map[int][]closure
	ofMany  []closure
}

// at reports whether a closure of the store covers an instant.
func (t closedTimes) at(store int, p *profile, us, localUS int64) bool {
	covers := func(row closure) bool {
		if row.column != none && (!p.listed || p.values[row.column] != row.value) {
			return false
		}
		if row.form == utcTimes {
			return row.start <= us && us < row.end
		}
		return row.start <= localUS && localUS < row.end
	}
	return slices.ContainsFunc(t.ofStore[store], covers) || slices.ContainsFunc(t.ofMany, covers)
}

// appendTimes writes start and end in the form of the row. A local end that is a date is the end of it.
func (row closure) appendTimes(b []byte) []byte {
	layout := "2006-01-02 15:04"
	end := row.end
	switch row.form {
	case utcTimes:
		layout = time.RFC3339
	case localDates:
		layout, end = time.DateOnly, end-dayUS
	}
	b = append(time.UnixMicro(row.start).UTC().AppendFormat(b, layout), ',')
	if row.end == forever {
		return b
	}
	return time.UnixMicro(end).UTC().AppendFormat(b, layout)
}
