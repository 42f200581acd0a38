// Package params holds the parameters of a report, and windows, lengths and instants, with their defaults,
// limits and text forms. It reads no files and is independent of the engines.
package params

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Parameters are everything apart from its inputs that a report depends on. The zero value selects the
// defaults. The tags `about`, `values`, `pattern` and `limits` put the rules of Validate into the API's description.
type Parameters struct {
	AsOf          string   `json:"as_of,omitempty" about:"The instant at which the report ends, in any form of a timestamp; default: the latest accepted observation."`
	Interpolation string   `json:"interpolation" values:",nearest,previous,next" about:"Which observation governs the time between two of them; default nearest."`
	Unobserved    string   `json:"unobserved" values:",nearest,unknown" about:"How to fill sessions without observations: from the nearest session of the store, or as unknown; default nearest."`
	MaxGap        *Length  `json:"max_gap" limits:"longer than 0s and at most 3650d" about:"Time farther than this from the observation that governs it is unknown; default: no limit."`
	FreshWithin   *Length  `json:"fresh_within" limits:"longer than 0s and at most 3650d" about:"Time within this distance of an observation of the same session counts as covered; default 1h."`
	JoinGap       *Length  `json:"join_gap" limits:"at most 7d" about:"Gaps up to this long between openings count as open; default 1m."`
	CollectorGap  *Length  `json:"collector_gap,omitempty" limits:"between 1h and 3650d" about:"Report gaps longer than this in which no store was polled; default 2h."`
	Windows       []Window `json:"windows" limits:"at most 50" about:"The windows to measure; default last_hour, last_day and last_week."`
	Target        *Target  `json:"target,omitempty" limits:"a percentage above 0 and below 100" about:"What share of their open time stores and groups should be up that no row of a targets file addresses; default: no target."`
	By            string   `json:"by,omitempty" values:",date,hour" about:"Also measure each store by local date, or by local date and hour; default: neither."`
	Stores        []string `json:"stores,omitempty" pattern:"^[^\\x00]+$" about:"The stores to report on, by their ids or exact names; default: all."`
}

const (
	longestWindow  = 3650 * Day
	longestJoinGap = 7 * Day
	longestReach   = 3650 * Day
	MaxWindows     = 50

	highestTarget Target = 999_999
)

var windowName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func defaultWindows() []Window {
	return []Window{{Name: "last_hour", Length: Hour}, {Name: "last_day", Length: Day}, {Name: "last_week", Length: 7 * Day}}
}

// WithDefaults returns the parameters with the defaults filled in.
func (p Parameters) WithDefaults() Parameters {
	if p.Interpolation == "" {
		p.Interpolation = "nearest"
	}
	if p.Unobserved == "" {
		p.Unobserved = "nearest"
	}
	orElse := func(l *Length, fallback Length) *Length {
		if l == nil {
			return &fallback
		}
		return l
	}
	p.FreshWithin = orElse(p.FreshWithin, 60*Minute)
	p.JoinGap = orElse(p.JoinGap, Minute) // rows that end at 23:59:00 or 23:59:59 join 00:00
	p.CollectorGap = orElse(p.CollectorGap, 2*Hour)
	if len(p.Windows) == 0 {
		p.Windows = defaultWindows()
	}
	named := slices.Clone(p.Windows)
	for i, w := range named {
		if w.Name == "" && w.Dates != "" {
			named[i].Name = nameOf(w.Dates)
		}
	}
	p.Windows = named
	return p
}

// Validate expects the defaults to be filled in. It reports every fault at once.
func (p Parameters) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !slices.Contains([]string{"nearest", "previous", "next"}, p.Interpolation) {
		fault("interpolation %q: must be nearest, previous or next", p.Interpolation)
	}
	if !slices.Contains([]string{"nearest", "unknown"}, p.Unobserved) {
		fault("unobserved %q: must be nearest or unknown", p.Unobserved)
	}
	if !slices.Contains([]string{"", "date", "hour"}, p.By) {
		fault("by %q: must be date or hour, or left out", p.By)
	}
	within := func(name string, l *Length, least, most Length) {
		switch {
		case l == nil || *l >= least && *l <= most:
		case least == 0:
			fault("%s %s: must be at most %s", name, *l, most)
		case least < Second:
			fault("%s %s: must be longer than 0s and at most %s", name, *l, most)
		default:
			fault("%s %s: must be between %s and %s", name, *l, least, most)
		}
	}
	within("max_gap", p.MaxGap, 1, longestReach)
	within("fresh_within", p.FreshWithin, 1, longestReach)
	within("join_gap", p.JoinGap, 0, longestJoinGap)
	within("collector_gap", p.CollectorGap, Hour, longestReach)
	if len(p.Windows) > MaxWindows {
		fault("%d windows: at most %d are measured", len(p.Windows), MaxWindows)
	}
	seen := map[string]bool{}
	for _, w := range p.Windows {
		text := w.fault()
		if w.Name == "" && text != "" { // only right dates give it a name
			fault("%s", text)
			continue
		}
		if !windowName.MatchString(w.Name) {
			fault("window name %q: must begin with a letter from a to z and go on with those, digits and _, 40 at most", w.Name)
		}
		if seen[w.Name] {
			fault("window %s is given twice", w.Name)
		}
		seen[w.Name] = true
		if text != "" {
			fault("%s", text)
		} else if w.Dates == "" {
			within("window "+w.Name, &w.Length, Second, longestWindow)
		}
	}
	if p.Target != nil && (*p.Target < 1 || *p.Target > highestTarget) {
		fault("target %s: must be a percentage above 0 and below 100", *p.Target)
	}
	if slices.Contains(p.Stores, "") {
		fault("store: an id must not be empty")
	}
	return errors.Join(faults...)
}

// StartUS is an instant, in UTC microseconds, at or before the start of every window in any time zone, at most some two days
// before the earliest. It is an error if a window starts too long before as_of.
func (p Parameters) StartUS(asOfUS int64) (int64, error) {
	start := asOfUS
	for _, w := range p.Windows {
		from := w.StartUS(asOfUS)
		if asOfUS-from > int64(longestWindow+3*Day) {
			return 0, Errorf("window %s: %s starts more than %s before as_of: choose later dates", w.Name, w, Length(longestWindow))
		}
		start = min(start, from)
	}
	return start, nil
}
