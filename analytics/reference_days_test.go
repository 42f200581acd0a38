package analytics_test

import "math"

// refCell is what a store has of one local date and hour, or of a date.
type refCell struct {
	Store                                                                   string
	Day, Hour                                                               int64 // Day since 1970; Hour 0 of a date
	Open, Uptime, Downtime, Unknown, UptimeMin, UptimeMax, Covered, Planned int64
	Observations                                                            int64
}

// refCellsOf are the cells of one store from an instant to as_of, each step seconds of its clock long. A cell begins at
// the first instant at which the clock reads its start or later, and ends where the next one begins.
func (s *refStore) refCellsOf(store string, clock *refClock, pieces []refPiece, from, step int64) (cells []refCell) {
	for local := (from/refDay - 3) * 86400; local < (s.params.AsOfUS/refDay+3)*86400; local += step {
		start := max(from, clock.first(local)*refSecond)
		end := min(s.params.AsOfUS, clock.first(local+step)*refSecond)
		if start >= end {
			continue
		}
		day := int64(math.Floor(float64(local) / 86400))
		c := refCell{Store: store, Day: day, Hour: (local - day*86400) / 3600, Planned: s.plannedIn(start, end)}
		for _, p := range pieces {
			length := max(0, min(p.end, end)-max(p.start, start))
			c.Open += length
			switch p.status {
			case "up":
				c.Uptime += length
			case "down":
				c.Downtime += length
			default:
				c.Unknown += length
			}
			if p.certain == "up" {
				c.UptimeMin += length
			}
			if p.certain != "down" {
				c.UptimeMax += length
			}
			if p.covered {
				c.Covered += length
			}
		}
		for _, e := range s.evidence {
			if start <= e.AtUS && e.AtUS < end {
				c.Observations++
			}
		}
		cells = append(cells, c)
	}
	return cells
}

// refBreakdown are the dates of every store, and its hours with open or planned time, over its span.
func refBreakdown(w refWorld) (days, hours []refCell) {
	clocks := refClocks{}
	for _, store := range refStores(w) {
		clock := clocks.of(refZoneOf(w, store))
		s := newRefStore(w, store, clock)
		pieces := s.pieces()
		days = append(days, s.refCellsOf(store, clock, pieces, s.span.start, 86400)...)
		for _, c := range s.refCellsOf(store, clock, pieces, s.span.start, 3600) {
			if c.Open > 0 || c.Planned > 0 {
				hours = append(hours, c)
			}
		}
	}
	return days, hours
}

// refClocks keeps what the clocks of zones have been asked.
type refClocks map[string]*refClock

func (c refClocks) of(zone string) *refClock {
	if c[zone] == nil {
		c[zone] = newRefClock(zone)
	}
	return c[zone]
}

// refFleetDays sums the dates of all stores.
func refFleetDays(days []refCell) map[int64]refCell {
	sums := map[int64]refCell{}
	for _, c := range days {
		sum := sums[c.Day]
		sum.Day = c.Day
		sum.Open += c.Open
		sum.Uptime += c.Uptime
		sum.Downtime += c.Downtime
		sum.Unknown += c.Unknown
		sum.UptimeMin += c.UptimeMin
		sum.UptimeMax += c.UptimeMax
		sum.Covered += c.Covered
		sum.Planned += c.Planned
		sums[c.Day] = sum
	}
	return sums
}

// refWeekHour is what one weekday and hour of the stores' own clocks holds, in microseconds.
type refWeekHour struct{ Open, Down, Unknown int64 }

type refWeekHours [7][24]refWeekHour // Monday first

// refWeek sums the hours of all stores over the last week.
func refWeek(w refWorld) (week refWeekHours) {
	clocks := refClocks{}
	for _, store := range refStores(w) {
		clock := clocks.of(refZoneOf(w, store))
		s := newRefStore(w, store, clock)
		from := max(s.span.start, w.Params.AsOfUS-7*refDay)
		for _, c := range s.refCellsOf(store, clock, s.pieces(), from, 3600) {
			cell := &week[(c.Day+3)%7][c.Hour]
			cell.Open += c.Open
			cell.Down += c.Downtime
			cell.Unknown += c.Unknown
		}
	}
	return week
}
