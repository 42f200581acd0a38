package generate

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"openhours/analytics/zoneinfo"
)

// calendar is what a chain knows of its stores and their days, apart from weekly hours. It draws from a source of
// its own, so that stores, zones, weekly hours and the times of polls are those of the same seed without it.
type calendar struct {
	options Options
	random  *rand.Rand
	stores  []store
	last    int // the date of as_of, as all dates in days since 1970
	days    int // before it in which most happens: the polls of a default report

	columns  []string // attributes
	profiles []profile
	hours    [][]version // by store; none: open all day
	changed  bool        // some store has more than one
	clocks   map[string]clock

	special    []special
	closedRows int // of special
	dates      specialDates
	closures   []closure
	closed     closedTimes
	openings   []span // used again for every poll
}

// profile is the row of a store in the stores file.
type profile struct {
	listed            bool
	name              string
	opensOn, closesOn int // 0: not given
	values            []string
}

// version is a store's weekly hours for some dates; 0 is no bound.
type version struct {
	week
	weekdays      uint8 // a bit for each day with hours
	from, through int
}

// The attributes that the calendar itself asks for come first.
const (
	brandColumn = iota
	regionColumn
	cityColumn
	formatColumn
	ownershipColumn
	seatsColumn
)

var attributes = []string{"brand", "region", "city", "format", "ownership", "seats"}

func newCalendar(w *world) (*calendar, error) {
	o := w.options
	c := &calendar{
		options: o,
		random:  rand.New(rand.NewPCG(o.Seed, 0x63616c656e646172)),
		stores:  w.stores,
		last:    int(o.AsOf.Unix() / daySeconds),
		days:    min(o.Days, 7),
		columns: append([]string(nil), attributes...),
		hours:   make([][]version, len(w.stores)),
		dates:   newSpecialDates(),
		closed:  closedTimes{ofStore: map[int][]closure{}},
	}
	for len(c.columns) < o.Attributes {
		c.columns = append(c.columns, fmt.Sprintf("tag_%02d", len(c.columns)+1))
	}
	if err := c.readClocks(); err != nil {
		return nil, err
	}
	brands := drawBrands(c.random)
	for _, s := range c.stores {
		c.profiles = append(c.profiles, c.drawProfile(s, brands))
	}
	c.drawLives()
	c.drawSpecial()
	c.drawClosures()
	return c, nil
}

func (c *calendar) chance(p float64) bool { return c.random.Float64() < p }

// readClocks needs the periods of all dates on which anything may happen.
func (c *calendar) readClocks() error {
	rules, err := zoneinfo.Open("")
	if err != nil {
		return err
	}
	c.clocks = map[string]clock{}
	from := c.options.AsOf.AddDate(0, 0, -c.options.Days-spreadBefore-2)
	for name := range cities {
		c.clocks[name], err = rules.Periods(name, from.UnixMicro(), c.options.AsOf.AddDate(0, 0, spreadAfter+2).UnixMicro())
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *calendar) drawProfile(s store, brands []string) profile {
	all := cities[zoneOf(s)]
	where := all[c.random.IntN(len(all))]
	brand := brands[min(c.random.IntN(len(brands)), c.random.IntN(len(brands)))]
	format := formats[c.random.IntN(len(formats))]
	ownership := "franchise"
	if c.chance(0.4) {
		ownership = "company"
	}
	p := profile{
		listed: len(c.profiles) == 0 || c.chance(0.99),
		name:   brand + " " + drawPlace(c.random, format) + ", " + where.name,
		values: []string{brand, where.region, where.name, format, ownership, strconv.Itoa(20 + 5*c.random.IntN(33))},
	}
	for i := len(p.values); i < len(c.columns); i++ {
		p.values = append(p.values, strconv.Itoa(c.random.IntN(2+i*i%97)))
	}
	for i := ownershipColumn; i < len(p.values); i++ {
		if c.chance(0.01) {
			p.values[i] = "" // not known
		}
	}
	if c.chance(0.7) {
		p.opensOn = c.last - 60 - c.random.IntN(5000)
	}
	if c.chance(0.01) {
		p.closesOn = c.last + 10 + c.random.IntN(60)
	}
	return p
}

// drawLives lets some stores open and others close for good in the days of the polls, one of each halfway.
func (c *calendar) drawLives() {
	order := c.random.Perm(len(c.profiles))
	count := max(1, len(order)/100)
	halfway := c.last - (c.days+1)/2
	for i, store := range order[:min(2*count, len(order))] {
		p := &c.profiles[store]
		day := halfway
		if i > 1 {
			day = c.recentDay()
		}
		p.listed = true
		if i%2 == 0 {
			p.opensOn, p.closesOn = day, 0
		} else {
			p.closesOn = day
		}
	}
}

// recentDay is one that most windows of a report contain.
func (c *calendar) recentDay() int { return c.last - 1 - c.random.IntN(c.days) }

// drawVersions returns the weekly hours of a store with their dates: for most stores one version without any.
func (c *calendar) drawVersions(hours week) []version {
	first := version{week: hours}
	if c.changed && !c.chance(0.05) {
		return []version{first}
	}
	c.changed = true
	opens := (10 + c.random.IntN(2)) * 3600
	next := version{week: week{shape: 9, opens: opens, closes: opens + (7+c.random.IntN(3))*3600}, from: c.recentDay()}
	switch c.random.IntN(3) {
	case 0: // for some days only, over hours without dates
		next.through = next.from + c.random.IntN(4)
	case 1:
		first.through = next.from - 1
	default: // nobody has said what holds on the dates between the two
		first.through = next.from - 2 - c.random.IntN(2)
	}
	return []version{first, next}
}

// addHours keeps the versions of a store, and writes the rows of all but the first.
func (c *calendar) addHours(t *table, store int, weekdays uint8, versions []version) {
	for i := range versions {
		versions[i].weekdays = weekdays
	}
	c.hours[store] = versions
	for _, v := range versions[1:] {
		for day := range 7 {
			if weekdays>>day&1 == 1 {
				dayRows(t, c.stores[store].id, day, v.week, v.validity())
			}
		}
	}
}

// validity is the last two cells of the rows of a version, each after its comma.
func (v version) validity() string {
	return string(appendDate(append(appendDate([]byte{','}, v.from), ','), v.through))
}

// clock is the offset periods of a zone.
type clock []zoneinfo.Period

// local returns what the clock shows at an instant, both in microseconds since 1970.
func (z clock) local(us int64) int64 {
	i := len(z) - 1
	for i > 0 && us < z[i].StartUS {
		i--
	}
	return us + z[i].OffsetUS
}

// instant is exact but for the hours around a clock change, which is enough to make up a time.
func (z clock) instant(localUS int64) int64 { return 2*localUS - z.local(localUS) }

func (c *calendar) clock(store int) clock { return c.clocks[zoneOf(c.stores[store])] }

// zoneOf is the zone that a report takes.
func zoneOf(s store) string {
	if s.zone == "" {
		return "America/Chicago"
	}
	return s.zone
}
