package analytics_test

import (
	"cmp"
	"openhours/analytics/zoneinfo"
	"slices"
	"sort"
	"sync"
	"time"
	_ "time/tzdata" // the zones of the test worlds, on any machine
)

// The reference is the definition of a report, read off docs/definition.md and written as slowly and
// plainly as it can be. It shares nothing with the models: local time only comes from UTC, and every
// status is found by looking at one instant.

type refPoll struct {
	Store string
	AtUS  int64
	Up    bool
}

type refHours struct {
	Store      string
	Weekday    int   // 0 = Monday
	Start, End int64 // seconds after local midnight; End up to 86400
	refDates         // on which the row counts
}

type refZone struct{ Store, Zone string }

type refParams struct {
	AsOfUS                             int64
	Interpolation, Unobserved          string
	MaxGapUS, FreshWithinUS, JoinGapUS int64 // MaxGapUS 0: none
	Windows                            []refWindow
	TargetPPM                          int64 // 0: none
}

type refWorld struct {
	Polls  []refPoll
	Hours  []refHours
	Zones  []refZone
	Params refParams

	Details  []refDetail
	Special  []refSpecial
	Closures []refClosure
	Targets  []refTarget
}

type refMeasures struct {
	Store, Zone, Window                                                                    string
	Open, Uptime, Downtime, Unknown, UptimeMin, UptimeMax, Covered, LongestOutage, Planned int64
	Observations, Outages                                                                  int64
}

type refOutage struct {
	Store                  string
	StartUS, EndUS, OpenUS int64
	Ongoing                bool
}

const refSecond, refDay = int64(1e6), int64(86400e6)

type refSpan struct{ start, end int64 }

// refStore is one store, ready to be asked about any instant.
type refStore struct {
	params   refParams
	horizon  int64
	windows  []refSpan // by the store's clock
	span     refSpan   // from the earliest start of a window to as_of
	unclosed []refSpan // sessions before closures are cut out
	sessions []refSpan
	evidence []refPoll
	absent   bool // as_of lies in a closure or after the store has closed for good
}

func refReport(w refWorld) ([]refMeasures, []refOutage) {
	var measures []refMeasures
	var outages []refOutage
	clocks := map[string]*refClock{}
	for _, store := range refStores(w) {
		zone := refZoneOf(w, store)
		if clocks[zone] == nil {
			clocks[zone] = newRefClock(zone)
		}
		s := newRefStore(w, store, clocks[zone])
		m, o := s.measure(store, zone)
		measures = append(measures, m...)
		outages = append(outages, o...)
	}
	return measures, outages
}

func refStores(w refWorld) []string {
	var all []string
	for _, p := range w.Polls {
		all = append(all, p.Store)
	}
	for _, h := range w.Hours {
		all = append(all, h.Store)
	}
	for _, z := range w.Zones {
		all = append(all, z.Store)
	}
	for _, d := range w.Details {
		all = append(all, d.Store)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func refZoneOf(w refWorld, store string) string {
	var zones []string
	for _, z := range w.Zones {
		if z.Store == store {
			zones = append(zones, z.Zone)
		}
	}
	if len(zones) == 0 {
		return "America/Chicago"
	}
	return slices.Min(zones)
}

// refClock finds the first instant at which a wall clock reads a time or later by walking through UTC.
type refClock struct {
	zone  *time.Location
	known map[int64]int64
}

var refRules = sync.OnceValue(func() *zoneinfo.Database {
	d, err := zoneinfo.Open("")
	if err != nil {
		panic(err)
	}
	return d
})

func newRefClock(zone string) *refClock {
	text, err := refRules().Bytes(zone)
	if err != nil {
		panic(err) // a test world names only zones that exist
	}
	location, err := time.LoadLocationFromTZData(zone, text) // Go's own reading of the same release
	if err != nil {
		panic(err)
	}
	return &refClock{location, map[int64]int64{}}
}

// wall is what the clock reads, in seconds as if it were UTC.
func (c *refClock) wall(utcSeconds int64) int64 {
	t := time.Unix(utcSeconds, 0).In(c.zone)
	_, offset := t.Zone()
	return utcSeconds + int64(offset)
}

func (c *refClock) first(local int64) int64 {
	if utc, ok := c.known[local]; ok {
		return utc
	}
	minute := local - 30*3600
	for c.wall(minute) < local {
		minute += 60
	}
	second := minute - 60
	for c.wall(second) < local {
		second++
	}
	c.known[local] = second
	return second
}

func newRefStore(w refWorld, store string, clock *refClock) *refStore {
	s := &refStore{params: w.Params, horizon: refHorizon(w), span: refSpan{w.Params.AsOfUS, w.Params.AsOfUS}}
	for _, window := range w.Params.Windows {
		span := window.span(clock, w.Params.AsOfUS)
		s.windows = append(s.windows, span)
		s.span.start = min(s.span.start, span.start)
	}
	s.unclosed = w.bounded(store, clock, refSessions(w, store, clock, s.horizon))
	s.sessions, s.absent = s.unclosed, w.closesAt(store, clock) <= w.Params.AsOfUS
	for _, c := range w.closures(store, clock) {
		s.sessions = refWithout(s.sessions, c)
		s.absent = s.absent || c.start <= w.Params.AsOfUS && w.Params.AsOfUS < c.end
	}
	at := map[int64]bool{}
	for _, p := range w.Polls {
		if p.Store != store || p.AtUS > w.Params.AsOfUS || p.AtUS < s.horizon || s.session(p.AtUS) < 0 {
			continue
		}
		up, seen := at[p.AtUS]
		at[p.AtUS] = p.Up && (up || !seen)
	}
	for us, up := range at {
		s.evidence = append(s.evidence, refPoll{store, us, up})
	}
	slices.SortFunc(s.evidence, func(a, b refPoll) int { return cmp.Compare(a.AtUS, b.AtUS) })
	return s
}

func refSessions(w refWorld, store string, clock *refClock, horizon int64) []refSpan {
	first := horizon/refDay - 5 - w.Params.JoinGapUS/refDay
	last := w.Params.AsOfUS/refDay + 5 + w.Params.JoinGapUS/refDay
	var intervals []refSpan
	for day := first; day <= last; day++ {
		for _, o := range w.openings(store, day) {
			span := refSpan{clock.first(day*86400+o.start) * refSecond, clock.first(day*86400+o.end) * refSecond}
			if span.start < span.end {
				intervals = append(intervals, span)
			}
		}
	}
	slices.SortFunc(intervals, func(a, b refSpan) int { return cmp.Compare(a.start, b.start) })
	var sessions []refSpan
	for _, i := range intervals {
		if n := len(sessions); n > 0 && i.start-sessions[n-1].end <= w.Params.JoinGapUS {
			sessions[n-1].end = max(sessions[n-1].end, i.end)
			continue
		}
		sessions = append(sessions, i)
	}
	return sessions
}

func (s *refStore) session(x int64) int {
	return slices.IndexFunc(s.sessions, func(r refSpan) bool { return r.start <= x && x < r.end })
}

// neighbours are the last evidence at or before x and the first after it, among those given.
func refNeighbours(evidence []refPoll, x int64) (before, after *refPoll) {
	for i := range evidence {
		if evidence[i].AtUS <= x {
			before = &evidence[i]
		} else {
			return before, &evidence[i]
		}
	}
	return before, nil
}

func (s *refStore) boundary(p, q int64) int64 {
	switch s.params.Interpolation {
	case "previous":
		return q
	case "next":
		return p
	}
	return (p + q) / 2
}

// own is the evidence of one session.
func (s *refStore) own(session int) []refPoll {
	var own []refPoll
	for _, e := range s.evidence {
		if s.session(e.AtUS) == session {
			own = append(own, e)
		}
	}
	return own
}

// status of an instant of open time: up, down or unknown.
func (s *refStore) status(x int64, own []refPoll) string {
	evidence := own
	if len(own) == 0 {
		if s.params.Unobserved == "unknown" {
			return "unknown"
		}
		evidence = s.evidence
	}
	before, after := refNeighbours(evidence, x)
	governs := before
	if before == nil || after != nil && x >= s.boundary(before.AtUS, after.AtUS) {
		governs = after
	}
	if governs == nil {
		return "unknown"
	}
	if g := s.params.MaxGapUS; g > 0 && (x < governs.AtUS-g || x >= governs.AtUS+g) {
		return "unknown"
	}
	if governs.Up {
		return "up"
	}
	return "down"
}

// cuts are all instants at which anything about the store may change.
func (s *refStore) cuts() []int64 {
	cuts := []int64{s.params.AsOfUS}
	for _, w := range s.windows {
		cuts = append(cuts, w.start, w.end)
	}
	for _, r := range s.sessions {
		cuts = append(cuts, r.start, r.end)
	}
	for i, e := range s.evidence {
		for _, d := range []int64{0, s.params.MaxGapUS, s.params.FreshWithinUS} {
			cuts = append(cuts, e.AtUS-d, e.AtUS+d)
		}
		if i > 0 {
			cuts = append(cuts, s.boundary(s.evidence[i-1].AtUS, e.AtUS))
		}
	}
	sort.Slice(cuts, func(i, j int) bool { return cuts[i] < cuts[j] })
	return slices.Compact(cuts)
}

// refPiece is open time in which nothing changes.
type refPiece struct {
	refSpan
	status, certain string
	covered         bool
}

func (s *refStore) pieces() []refPiece {
	var pieces []refPiece
	cuts := s.cuts()
	own := map[int][]refPoll{}
	for i := 1; i < len(cuts); i++ {
		x := cuts[i-1]
		session := s.session(x)
		if session < 0 {
			continue
		}
		if _, known := own[session]; !known {
			own[session] = s.own(session)
		}
		piece := refPiece{refSpan: refSpan{x, cuts[i]}, status: s.status(x, own[session])}
		if before, after := refNeighbours(s.evidence, x); before != nil && after != nil && before.Up == after.Up {
			piece.certain = map[bool]string{true: "up", false: "down"}[before.Up]
		}
		for _, e := range own[session] {
			piece.covered = piece.covered || e.AtUS-s.params.FreshWithinUS <= x && x < e.AtUS+s.params.FreshWithinUS
		}
		pieces = append(pieces, piece)
	}
	return pieces
}

func (s *refStore) measure(store, zone string) ([]refMeasures, []refOutage) {
	pieces := s.pieces()
	var measures []refMeasures
	for i, window := range s.windows {
		m := refMeasures{Store: store, Zone: zone, Window: s.params.Windows[i].Name, Planned: s.plannedIn(window.start, window.end)}
		for _, p := range pieces {
			if p.start < window.start || p.start >= window.end {
				continue
			}
			length := p.end - p.start
			m.Open += length
			switch p.status {
			case "up":
				m.Uptime += length
			case "down":
				m.Downtime += length
			default:
				m.Unknown += length
			}
			if p.certain == "up" {
				m.UptimeMin += length
			}
			if p.certain != "down" {
				m.UptimeMax += length
			}
			if p.covered {
				m.Covered += length
			}
		}
		for _, e := range s.evidence {
			if e.AtUS >= window.start && e.AtUS < window.end {
				m.Observations++
			}
		}
		for _, o := range s.outages(pieces, window) {
			m.Outages++
			m.LongestOutage = max(m.LongestOutage, o.OpenUS)
		}
		measures = append(measures, m)
	}
	outages := s.outages(pieces, s.span)
	for i := range outages {
		outages[i].Store = store
	}
	return measures, outages
}

// outages are the maximal runs of downtime in a span of time.
func (s *refStore) outages(pieces []refPiece, in refSpan) []refOutage {
	var all []refOutage
	open := false // whether the last open time was down
	for _, p := range pieces {
		if p.start < in.start || p.start >= in.end {
			continue
		}
		if p.status != "down" {
			open = false
			continue
		}
		if !open {
			all = append(all, refOutage{StartUS: p.start})
		}
		open = true
		last := &all[len(all)-1]
		last.EndUS = p.end
		last.OpenUS += p.end - p.start
	}
	if open {
		all[len(all)-1].Ongoing = !s.absent
	}
	return all
}
