package generate

// address says for whom a special date or a closure is: a store, the stores with a value, or without either all.
type address struct {
	store  int // none: not for one store
	column int // none: not for an attribute
	value  string
}

const none = -1

var everyStore = address{store: none, column: none}

func oneStore(store int) address { return address{store: store, column: none} }

// special is a row of special hours.
type special struct {
	address
	day, through           int // through 0: one date
	closedText, start, end string
	name                   string
}

// specialHours are those of one address and date; without openings it is closed.
type specialHours struct {
	closed   bool
	openings []span
}

func (h *specialHours) add(openings []span) {
	h.closed = h.closed || len(openings) == 0
	h.openings = append(h.openings, openings...)
}

type storeDate struct{ store, day int }

type valueDate struct {
	column int
	value  string
	day    int
}

// specialDates are the rows by date; the most specific address counts alone.
type specialDates struct {
	ofStore map[storeDate]*specialHours
	ofValue map[valueDate]*specialHours
	ofAll   map[int]*specialHours
}

func newSpecialDates() specialDates {
	return specialDates{map[storeDate]*specialHours{}, map[valueDate]*specialHours{}, map[int]*specialHours{}}
}

func at[K comparable](m map[K]*specialHours, key K) *specialHours {
	if m[key] == nil {
		m[key] = &specialHours{}
	}
	return m[key]
}

func (d specialDates) add(a address, day int, openings []span) {
	switch {
	case a.store != none:
		at(d.ofStore, storeDate{a.store, day}).add(openings)
	case a.column != none:
		at(d.ofValue, valueDate{a.column, a.value, day}).add(openings)
	default:
		at(d.ofAll, day).add(openings)
	}
}

// specialColumns are the attributes that special hours go by, in byte order, in which they count.
var specialColumns = []int{brandColumn, cityColumn, formatColumn}

// of returns the special hours of a store on a date, or nil.
func (d specialDates) of(store, day int, p *profile) *specialHours {
	if h := d.ofStore[storeDate{store, day}]; h != nil {
		return h
	}
	if p.listed {
		for _, column := range specialColumns {
			if h := d.ofValue[valueDate{column, p.values[column], day}]; h != nil {
				return h
			}
		}
	}
	return d.ofAll[day]
}

// addSpecial adds a row for one opening.
func (c *calendar) addSpecial(a address, name string, day, through int, opening span) {
	row := special{address: a, name: name, day: day, through: through}
	both := appendOpening(nil, opening)
	row.start, row.end = string(both[:8]), string(both[9:])
	c.special = append(c.special, row)
	for ; day <= max(row.day, through); day++ {
		c.dates.add(a, day, []span{opening})
	}
}

// closedForms are the ways to write that a store is closed; the last is that of schema.org.
var closedForms = []special{{closedText: "true"}, {closedText: "yes"}, {closedText: "1"}, {}, {start: "00:00:00", end: "00:00:00"}}

// addClosed adds a row for a date without openings.
func (c *calendar) addClosed(a address, name string, day, through int) {
	row := closedForms[c.closedRows%len(closedForms)]
	c.closedRows++
	row.address, row.name, row.day, row.through = a, name, day, through
	c.special = append(c.special, row)
	for ; day <= max(row.day, through); day++ {
		c.dates.add(a, day, nil)
	}
}

// drawSpecial puts three holidays on dates before as_of, in reach of the shortest default report, and some more.
func (c *calendar) drawSpecial() {
	of := func(column int) address {
		return address{store: none, column: column, value: c.profiles[0].values[column]}
	}

	c.addClosed(everyStore, "Team Day", c.last-4, 0)
	c.addSpecial(address{none, formatColumn, airport}, "Team Day, airports stay open", c.last-4, 0, span{0, daySeconds})

	c.addSpecial(of(brandColumn), "Anniversary Night", c.last-3, 0, span{10 * 3600, daySeconds + 2*3600})
	c.addSpecial(of(cityColumn), "City Festival", c.last-7, c.last-5, span{12 * 3600, daySeconds})

	for i := range max(4, len(c.profiles)/50) {
		store := oneStore(c.random.IntN(len(c.profiles)))
		switch i % 4 {
		case 0:
			c.addClosed(store, "Street Parade", c.last-2, 0)
		case 1:
			c.addSpecial(store, "Street Parade", c.last-2, 0, span{8 * 3600, 13 * 3600})
		case 2: // closed while it passes
			c.addSpecial(store, "Street Parade", c.last-2, 0, span{9 * 3600, 12*3600 + 1800})
			c.addSpecial(store, "Street Parade", c.last-2, 0, span{17 * 3600, 23 * 3600})
		default:
			day := c.recentDay()
			c.addClosed(store, "Owner's holiday", day, day+1+c.random.IntN(4))
		}
	}
	for len(c.special) < c.options.SpecialHours {
		c.drawAnySpecial()
	}
}

// The further rows that a benchmark asks for are spread over more dates than those of the polls.
const spreadBefore, spreadAfter = 45, 15

func (c *calendar) anyDay() int {
	return c.last - spreadBefore + c.random.IntN(spreadBefore+spreadAfter)
}

func (c *calendar) drawAnySpecial() {
	store := c.random.IntN(len(c.profiles))
	to, day, through := oneStore(store), c.anyDay(), 0
	if c.chance(0.01) {
		to = address{none, cityColumn, c.profiles[store].values[cityColumn]}
	}
	if c.chance(0.05) {
		through = day + 1 + c.random.IntN(3)
	}
	if c.chance(0.3) {
		c.addClosed(to, "Local holiday", day, through)
		return
	}
	opens := (8 + c.random.IntN(4)) * 3600
	c.addSpecial(to, "Local holiday", day, through, span{opens, opens + (5+c.random.IntN(12))*3600})
}
