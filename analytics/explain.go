package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Explanation is why a store has the numbers it has. Times are UTC with the store's local time
// beside them; all lengths are in seconds.
type Explanation struct {
	StoreID   string         `json:"store_id"`
	Timezone  string         `json:"timezone"`
	AsOf      string         `json:"as_of"`
	Warnings  []string       `json:"warnings"`  // what makes as_of doubtful
	Defaults  []string       `json:"defaults"`  // what was assumed for want of data
	StartsAt  string         `json:"starts_at"` // of the longest window; the timeline begins in it
	Clock     []ClockPeriod  `json:"clock"`
	Hours     []HoursRow     `json:"hours"`
	Measures  []StoreWindow  `json:"measures"`
	Sessions  []Session      `json:"sessions"`
	Evidence  []Observation  `json:"evidence"`
	Outside   []Observation  `json:"outside_hours"` // of the horizon; they say nothing
	Timeline  []TimelineSpan `json:"timeline"`
	Outages   []Outage       `json:"outages"`
	Parameter Parameters     `json:"parameters"`
	Inputs    []InputFile    `json:"inputs"`
}

// ClockPeriod is a stretch of time with one offset from UTC, up to the next of them. The first begins
// before all that is told.
type ClockPeriod struct {
	StartsAt      string `json:"starts_at"`
	OffsetSeconds int64  `json:"offset_seconds"`
}

// HoursRow is a weekly opening, by the store's clock. It closes on the next date where closes is not
// after opens.
type HoursRow struct {
	Weekday int64  `json:"weekday"` // 0 = Monday
	Opens   string `json:"opens"`
	Closes  string `json:"closes"`
}

// StoreWindow is a row of report.parquet.
type StoreWindow struct {
	Window         string   `json:"time_window"`
	OpenSeconds    float64  `json:"open_seconds"`
	UptimeSeconds  float64  `json:"uptime_seconds"`
	DownSeconds    float64  `json:"downtime_seconds"`
	UnknownSeconds float64  `json:"unknown_seconds"`
	MinSeconds     float64  `json:"uptime_min_seconds"`
	MaxSeconds     float64  `json:"uptime_max_seconds"`
	CoveredSeconds float64  `json:"covered_seconds"`
	UptimeRatio    *float64 `json:"uptime_ratio"`
	Observations   int64    `json:"observations"`
	Outages        int64    `json:"outages"`
	LongestSeconds float64  `json:"longest_outage_seconds"`
}

// Session is a stretch of time in which the store is open, as far as the report looks: from the
// horizon to as_of.
type Session struct {
	OpensAt       string `json:"opens_at"`
	ClosesAt      string `json:"closes_at"`
	OpensLocal    string `json:"opens_local"`
	ClosesLocal   string `json:"closes_local"`
	OpenedEarlier bool   `json:"opened_earlier"` // it opened before the horizon, opens_at is where that begins
	StillOpen     bool   `json:"still_open"`     // it closes after as_of, which is closes_at
}

// Observation is one instant of evidence.
type Observation struct {
	At     string `json:"at"`
	Local  string `json:"local"`
	Status string `json:"status"` // active or inactive
}

// TimelineSpan is a stretch of open time with one status for one reason.
type TimelineSpan struct {
	StartsAt    string  `json:"starts_at"`
	EndsAt      string  `json:"ends_at"`
	StartsLocal string  `json:"starts_local"`
	Seconds     float64 `json:"seconds"`
	Status      string  `json:"status"` // up, down or unknown
	Certain     bool    `json:"certain"`
	Kind        string  `json:"kind"`                  // run, pair, head, tail or silence, as in sql/models/evidence/48_stretches.sql
	GovernedBy  string  `json:"governed_by,omitempty"` // the observation that gave the status; in a run each has its part
	Rule        string  `json:"rule"`
}

// Outage is a row of outages.parquet.
type Outage struct {
	StartedAt   string  `json:"started_at"`
	EndedAt     string  `json:"ended_at"`
	OpenSeconds float64 `json:"open_seconds"`
	Ongoing     bool    `json:"ongoing"`
}

// Explain runs the models for one store and says what each of them made of it. The data is read
// whole, so that as_of is the one that a report would take.
func (e *Engine) Explain(ctx context.Context, data, store string, p Parameters, now time.Time, progress Progress) (_ Explanation, err error) {
	p.Stores = []string{store}
	j, err := e.newJob(ctx, data, p, now, progress)
	if err != nil {
		return Explanation{}, err
	}
	defer func() { err = errors.Join(err, j.close()) }()
	if err := j.run(ctx); err != nil {
		return Explanation{}, err
	}
	return j.explain(ctx, store)
}

// explain says what the models of a job made of its only store.
func (j *job) explain(ctx context.Context, store string) (Explanation, error) {
	x := Explanation{StoreID: store, AsOf: instantText(j.asOfUS), Parameter: j.params, Inputs: j.load.files, Warnings: []string{}, Defaults: []string{}}
	for _, f := range j.findings {
		switch f.Code {
		case "as_of_is_stale", "as_of_in_future", "as_of_stands_alone":
			x.Warnings = append(x.Warnings, f.Title)
		case "stores_without_zone", "stores_without_hours", "stores_with_rejected_hours", "stores_without_observations", "zone_conflicts":
			x.Defaults = append(x.Defaults, f.Title)
		}
	}
	if err := j.conn.QueryRowContext(ctx, "SELECT any_value(zone) FROM store_zones").Scan(&x.Timezone); err != nil {
		return Explanation{}, fmt.Errorf("explain: %w", err)
	}
	zone, err := readClock(ctx, j, x.Timezone)
	if err != nil {
		return Explanation{}, fmt.Errorf("explain: %w", err)
	}
	for _, part := range []func(context.Context, *job, localClock) error{
		x.readClock, x.readHours, x.readMeasures, x.readSessions, x.readEvidence, x.readTimeline, x.readOutages,
	} {
		if err := part(ctx, j, zone); err != nil {
			return Explanation{}, fmt.Errorf("explain: %w", err)
		}
	}
	return x, nil
}

// each runs a query and hands every row to scan.
func (j *job) each(ctx context.Context, query string, scan func(*sql.Rows) error) error {
	rows, err := j.conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// localClock reads a store's wall clock by the periods that the sessions were made with, so that both
// always agree, whatever zone data this machine has.
type localClock []zonePeriod

type zonePeriod struct{ startsUS, offsetUS int64 }

func readClock(ctx context.Context, j *job, zone string) (clock localClock, err error) {
	rows, err := j.conn.QueryContext(ctx, "SELECT starts_us, offset_us FROM zone_periods WHERE zone = ? ORDER BY starts_us", zone)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p zonePeriod
		if err := rows.Scan(&p.startsUS, &p.offsetUS); err != nil {
			return nil, err
		}
		clock = append(clock, p)
	}
	return clock, rows.Err()
}

// at is the instant as the store's clock shows it.
func (c localClock) at(us int64) time.Time {
	offset := 0
	for _, p := range c {
		if p.startsUS <= us {
			offset = int(p.offsetUS / 1e6)
		}
	}
	return time.UnixMicro(us).In(time.FixedZone("", offset))
}

func localText(us int64, zone localClock) string {
	return zone.at(us).Format("Mon 2006-01-02 15:04:05.999999 -07:00")
}

// readClock tells the offsets between the horizon and as_of.
func (x *Explanation) readClock(ctx context.Context, j *job, zone localClock) error {
	var horizon, start int64
	if err := j.conn.QueryRowContext(ctx, "SELECT horizon_us, report_start_us FROM params").Scan(&horizon, &start); err != nil {
		return err
	}
	x.StartsAt = instantText(start)
	for i, p := range zone {
		if p.startsUS > j.asOfUS || i+1 < len(zone) && zone[i+1].startsUS <= horizon {
			continue
		}
		x.Clock = append(x.Clock, ClockPeriod{instantText(max(p.startsUS, horizon)), p.offsetUS / 1e6})
	}
	return nil
}

func (x *Explanation) readHours(ctx context.Context, j *job, _ localClock) error {
	x.Hours = []HoursRow{}
	clock := func(us int64) string {
		if us == int64(Day) {
			return "24:00:00"
		}
		return time.UnixMicro(us % int64(Day)).UTC().Format("15:04:05")
	}
	return j.each(ctx, "SELECT weekday, opens_clock_us, closes_clock_us FROM store_hours ORDER BY ALL", func(rows *sql.Rows) error {
		var row HoursRow
		var opens, closes int64
		err := rows.Scan(&row.Weekday, &opens, &closes)
		row.Opens, row.Closes = clock(opens), clock(closes)
		x.Hours = append(x.Hours, row)
		return err
	})
}

func (x *Explanation) readMeasures(ctx context.Context, j *job, _ localClock) error {
	return j.each(ctx, `SELECT time_window, open_seconds, uptime_seconds, downtime_seconds, unknown_seconds,
		uptime_min_seconds, uptime_max_seconds, covered_seconds, uptime_ratio, observations, outages,
		longest_outage_seconds FROM report_rows ORDER BY window_no`, func(rows *sql.Rows) error {
		var m StoreWindow
		err := rows.Scan(&m.Window, &m.OpenSeconds, &m.UptimeSeconds, &m.DownSeconds, &m.UnknownSeconds, &m.MinSeconds,
			&m.MaxSeconds, &m.CoveredSeconds, &m.UptimeRatio, &m.Observations, &m.Outages, &m.LongestSeconds)
		x.Measures = append(x.Measures, m)
		return err
	})
}

func (x *Explanation) readSessions(ctx context.Context, j *job, zone localClock) error {
	x.Sessions = []Session{}
	return j.each(ctx, `SELECT greatest(s.opens_us, p.horizon_us), least(s.closes_us, p.as_of_us),
			s.opens_us < p.horizon_us, s.closes_us > p.as_of_us
		FROM sessions AS s CROSS JOIN params AS p
		WHERE s.opens_us < p.as_of_us ORDER BY s.opens_us`, func(rows *sql.Rows) error {
		var opens, closes int64
		var session Session
		err := rows.Scan(&opens, &closes, &session.OpenedEarlier, &session.StillOpen)
		session.OpensAt, session.ClosesAt = instantText(opens), instantText(closes)
		session.OpensLocal, session.ClosesLocal = localText(opens, zone), localText(closes, zone)
		x.Sessions = append(x.Sessions, session)
		return err
	})
}

func (x *Explanation) readEvidence(ctx context.Context, j *job, zone localClock) (err error) {
	if x.Evidence, err = j.observationList(ctx, "SELECT observed_us, is_up FROM evidence ORDER BY observed_us", zone); err != nil {
		return err
	}
	x.Outside, err = j.observationList(ctx, `SELECT observed_us, bool_and(is_up) FROM observations
		WHERE opens_us IS NULL GROUP BY observed_us ORDER BY observed_us`, zone)
	return err
}

func (j *job) observationList(ctx context.Context, query string, zone localClock) ([]Observation, error) {
	list := []Observation{}
	err := j.each(ctx, query, func(rows *sql.Rows) error {
		var at int64
		var up bool
		err := rows.Scan(&at, &up)
		list = append(list, Observation{instantText(at), localText(at, zone), statusText(up)})
		return err
	})
	return list, err
}

func statusText(up bool) string {
	if up {
		return "active"
	}
	return "inactive"
}

func (x *Explanation) readTimeline(ctx context.Context, j *job, zone localClock) error {
	x.Timeline = []TimelineSpan{}
	return j.each(ctx, `SELECT greatest(s.starts_us, p.horizon_us), least(s.ends_us, p.as_of_us), s.status, s.certain = s.status, s.kind,
			s.governed_by_us, s.left_us, s.right_us
		FROM spans AS s CROSS JOIN params AS p
		WHERE s.starts_us < p.as_of_us AND s.ends_us > p.horizon_us
		ORDER BY s.starts_us`, func(rows *sql.Rows) error {
		var starts, ends int64
		var span TimelineSpan
		var kind string
		var by, left, right sql.NullInt64
		if err := rows.Scan(&starts, &ends, &span.Status, &span.Certain, &kind, &by, &left, &right); err != nil {
			return err
		}
		span.StartsAt, span.EndsAt, span.StartsLocal = instantText(starts), instantText(ends), localText(starts, zone)
		span.Seconds, span.Kind = float64(ends-starts)/1e6, kind
		if by.Valid && kind != "run" {
			span.GovernedBy = instantText(by.Int64)
		}
		span.Rule = j.ruleText(span.Status, kind, by, left, right, zone)
		x.Timeline = append(x.Timeline, span)
		return nil
	})
}

// ruleText says in words which rule of the definition gave a span its status.
func (j *job) ruleText(status, kind string, by, left, right sql.NullInt64, zone localClock) string {
	clock := func(us int64) string { return zone.at(us).Format("Mon 15:04:05") }
	if status == "unknown" {
		switch {
		case !left.Valid && !right.Valid:
			return "no observation inside opening hours at all"
		case kind == "silence" && j.params.Unobserved == "unknown":
			return "session without an observation, and those are left unknown"
		}
		return fmt.Sprintf("no observation reaches this far: max_gap is %s", *j.params.MaxGap)
	}
	said := statusText(status == "up")
	switch kind {
	case "run":
		return fmt.Sprintf("all observations from %s to %s say %s", clock(left.Int64), clock(right.Int64), said)
	case "head":
		return fmt.Sprintf("before the session's first observation, %s at %s", said, clock(by.Int64))
	case "tail":
		return fmt.Sprintf("after the session's last observation, %s at %s", said, clock(by.Int64))
	case "silence":
		side := "after"
		if left.Valid && by.Int64 == left.Int64 {
			side = "before"
		}
		return fmt.Sprintf("session without an observation: the nearest one %s it, in another session, is %s at %s",
			side, said, zone.at(by.Int64).Format("Mon 2006-01-02 15:04:05"))
	}
	return fmt.Sprintf("%s observation %s %s", j.params.Interpolation, clock(by.Int64), said)
}

func (x *Explanation) readOutages(ctx context.Context, j *job, _ localClock) error {
	x.Outages = []Outage{}
	return j.each(ctx, "SELECT started_us, ended_us, open_seconds, ongoing FROM outage_rows ORDER BY started_us", func(rows *sql.Rows) error {
		var o Outage
		var started, ended int64
		err := rows.Scan(&started, &ended, &o.OpenSeconds, &o.Ongoing)
		o.StartedAt, o.EndedAt = instantText(started), instantText(ended)
		x.Outages = append(x.Outages, o)
		return err
	})
}
