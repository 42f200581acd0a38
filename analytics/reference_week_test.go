package analytics_test

import "time"

// refWeekHour is what one weekday and hour of the stores' own clocks holds, in microseconds.
type refWeekHour struct{ Open, Down, Unknown int64 }

type refWeekHours [7][24]refWeekHour // Monday first

// refWeek walks through the open time of each store from one full hour of its clock, or change of it,
// to the next.
func refWeek(w refWorld) (week refWeekHours) {
	from := max(refStart(w), w.Params.AsOfUS-7*refDay)
	for _, store := range refStores(w) {
		clock := newRefClock(refZoneOf(w, store))
		for _, piece := range newRefStore(w, store, clock).pieces() {
			end := min(piece.end, w.Params.AsOfUS)
			for at := max(piece.start, from); at < end; {
				local := time.UnixMicro(at).In(clock.zone)
				next := at + 3600*refSecond - int64(local.Minute())*60*refSecond - int64(local.Second())*refSecond - int64(local.Nanosecond())/1000
				if _, change := local.ZoneBounds(); !change.IsZero() {
					next = min(next, change.UnixMicro())
				}
				next = min(next, end)
				cell := &week[(int(local.Weekday())+6)%7][local.Hour()]
				cell.Open += next - at
				switch piece.status {
				case "down":
					cell.Down += next - at
				case "unknown":
					cell.Unknown += next - at
				}
				at = next
			}
		}
	}
	return week
}
