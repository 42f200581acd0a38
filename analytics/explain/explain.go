// Package explain answers why one store has its numbers: its sessions, observations, and each stretch of
// time with the rule that gave it its status. It computes nothing that a report does not.
package explain

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// Explanation is why a store has the numbers it has. Times are UTC with the store's local time
// beside them; all lengths are in seconds.
type Explanation struct {
	StoreID    string            `json:"store_id"`
	Name       string            `json:"name,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Timezone   string            `json:"timezone"`
	AsOf       string            `json:"as_of"`
	Warnings   []string          `json:"warnings"`  // what makes as_of or the data doubtful
	Defaults   []string          `json:"defaults"`  // what was assumed for want of data
	StartsAt   string            `json:"starts_at"` // of the longest window; the timeline begins in it
	Clock      []ClockPeriod     `json:"clock"`
	Hours      []HoursRow        `json:"hours"`
	Calendar
	Measures  []report.MeasuredWindow `json:"measures"`
	Sessions  []Session               `json:"sessions"`
	Evidence  []Observation           `json:"evidence"`
	Outside   []Observation           `json:"outside_hours"` // of the horizon; they say nothing
	Timeline  []TimelineSpan          `json:"timeline"`
	Outages   []report.Outage         `json:"outages"`
	Next      string                  `json:"next,omitempty"` // where the next page begins: the lists below have nothing from then on
	Parameter params.Parameters       `json:"parameters"`
	Inputs    []input.LoadedFile      `json:"inputs"`
}

// ClockPeriod is a stretch of time with one offset from UTC, up to the next of them. The first begins
// before everything else in the explanation.
type ClockPeriod struct {
	StartsAt      string `json:"starts_at"`
	OffsetSeconds int64  `json:"offset_seconds"`
}

// HoursRow is a weekly opening, by the store's clock. It closes on the next date where closes is not
// after opens.
type HoursRow struct {
	Weekday      int64  `json:"weekday"` // 0 = Monday
	Opens        string `json:"opens"`
	Closes       string `json:"closes"`
	ValidFrom    string `json:"valid_from,omitempty"` // the local dates between which it counts, both included
	ValidThrough string `json:"valid_through,omitempty"`
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

// Request asks why a store has its numbers.
type Request struct {
	Data       string // the data folder
	Store      string // its id or its name
	Parameters params.Parameters
	Now        time.Time // the wall clock, for findings
	Progress   engine.Progress
}

// Store runs the models for one store and returns what each of them made of it. The data is read
// whole, so that as_of is the one that a report would take.
func Store(ctx context.Context, e *engine.Engine, q Request) (x Explanation, err error) {
	err = pipeline.Engines{DuckDB: e}.Retry(ctx, func() error {
		x, err = explainStore(ctx, e, q)
		return err
	})
	return x, err
}

func explainStore(ctx context.Context, e *engine.Engine, q Request) (_ Explanation, err error) {
	p := q.Parameters
	p.By = "" // an explanation has no breakdown
	p.Stores = []string{q.Store}
	r, err := pipeline.New(ctx, pipeline.Engines{DuckDB: e}, pipeline.Request{Data: q.Data, Parameters: p, Now: q.Now, Progress: q.Progress})
	if err != nil {
		return Explanation{}, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := r.Execute(ctx); err != nil {
		return Explanation{}, err
	}
	return explainRun(ctx, r, wholeStore)
}

// Page selects a part of the evidence, the observations outside hours, the timeline and the outages.
type Page struct {
	FromUS int64 // what ends before it is left out
	Limit  int   // rows of each list; 0: without limit
}

var wholeStore = Page{FromUS: math.MinInt64}

// explainer collects what the models of a run made of its only store.
type explainer struct {
	run  *pipeline.Run
	db   *engine.Session
	page Page
	zone localClock
	next int64 // where the next page begins
	x    Explanation
}

func explainRun(ctx context.Context, r *pipeline.Run, page Page) (Explanation, error) {
	e := &explainer{run: r, db: r.DB(), page: page, x: Explanation{StoreID: r.Params.Stores[0], AsOf: params.FormatInstant(r.AsOfUS), Parameter: r.Params,
		Inputs: r.Loader.Files, Warnings: []string{}, Defaults: []string{}}}
	for _, f := range r.Findings {
		switch {
		case f.IsDoubtful():
			e.x.Warnings = append(e.x.Warnings, fmt.Sprintf("%s (%s)", f.Title, strings.Join(f.Examples, "; ")))
		case f.AsOfDoubt() != "":
			e.x.Warnings = append(e.x.Warnings, f.Title)
		case f.IsAssumption():
			e.x.Defaults = append(e.x.Defaults, f.Title)
		}
	}
	for _, part := range []func(context.Context) error{
		e.readZone, e.readStore, e.readClock, e.readHours, e.readCalendar, e.readMeasures, e.readSessions, e.findNext, e.readEvidence, e.readTimeline, e.readOutages,
	} {
		if err := part(ctx); err != nil {
			return Explanation{}, fmt.Errorf("explain: %w", err)
		}
	}
	return e.x, nil
}

// localClock reads a store's wall clock by the periods that the sessions were made with, so that both
// always agree, whatever zone data this machine has.
type localClock []zonePeriod

type zonePeriod struct{ startsUS, offsetUS int64 }

// readZone finds the store's time zone and its offset periods.
func (e *explainer) readZone(ctx context.Context) error {
	if err := e.db.Conn.QueryRowContext(ctx, "SELECT any_value(zone) FROM store_zones").Scan(&e.x.Timezone); err != nil {
		return err
	}
	return e.db.Each(ctx, "SELECT starts_us, offset_us FROM zone_periods WHERE zone = ? ORDER BY starts_us", func(rows *sql.Rows) error {
		var p zonePeriod
		err := rows.Scan(&p.startsUS, &p.offsetUS)
		e.zone = append(e.zone, p)
		return err
	}, e.x.Timezone)
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

// readClock lists the offsets between the horizon and as_of.
func (e *explainer) readClock(ctx context.Context) error {
	var horizon, start int64
	if err := e.db.Conn.QueryRowContext(ctx, "SELECT p.horizon_us, s.start_us FROM report_bounds AS p, store_spans AS s").Scan(&horizon, &start); err != nil {
		return err
	}
	e.x.StartsAt = params.FormatInstant(start)
	for i, p := range e.zone {
		if p.startsUS > e.run.AsOfUS || i+1 < len(e.zone) && e.zone[i+1].startsUS <= horizon {
			continue
		}
		e.x.Clock = append(e.x.Clock, ClockPeriod{params.FormatInstant(max(p.startsUS, horizon)), p.offsetUS / 1e6})
	}
	return nil
}

func (e *explainer) readHours(ctx context.Context) error {
	e.x.Hours = []HoursRow{}
	clock := func(us int64) string {
		if us == int64(params.Day) {
			return "24:00:00"
		}
		return time.UnixMicro(us % int64(params.Day)).UTC().Format("15:04:05")
	}
	return e.db.Each(ctx, `SELECT weekday, opens_clock_us, closes_clock_us, coalesce(day_text(valid_from_day), ''),
		coalesce(day_text(valid_through_day), '') FROM store_hours ORDER BY valid_from_day NULLS FIRST, valid_through_day, weekday, opens_clock_us, closes_clock_us`, func(rows *sql.Rows) error {
		var row HoursRow
		var opens, closes int64
		err := rows.Scan(&row.Weekday, &opens, &closes, &row.ValidFrom, &row.ValidThrough)
		row.Opens, row.Closes = clock(opens), clock(closes)
		e.x.Hours = append(e.x.Hours, row)
		return err
	})
}

func (e *explainer) readMeasures(ctx context.Context) error {
	target, from := "NULL, NULL, NULL", "report_rows AS r"
	if e.run.Has("target_rows") {
		target, from = "t.target, t.verdict, t.budget_left_seconds", from+" LEFT JOIN target_rows AS t ON t.store_id = r.store_id AND t.window_no = r.window_no"
	}
	return e.db.Each(ctx, `SELECT r.time_window, r.open_seconds, r.uptime_seconds, r.downtime_seconds, r.unknown_seconds,
			r.planned_seconds, r.uptime_min_seconds, r.uptime_max_seconds, r.covered_seconds, r.uptime_ratio, r.observations, r.outages,
			r.longest_outage_seconds, `+target+` FROM `+from+` ORDER BY r.window_no`, func(rows *sql.Rows) error {
		var m report.MeasuredWindow
		err := rows.Scan(&m.Window, &m.OpenSeconds, &m.UptimeSeconds, &m.DownSeconds, &m.UnknownSeconds, &m.PlannedSeconds, &m.MinSeconds,
			&m.MaxSeconds, &m.CoveredSeconds, &m.UptimeRatio, &m.Observations, &m.Outages, &m.LongestSeconds, &m.Target, &m.Verdict, &m.BudgetLeft)
		e.x.Measures = append(e.x.Measures, m)
		return err
	})
}

func (e *explainer) readSessions(ctx context.Context) error {
	e.x.Sessions = []Session{}
	return e.db.Each(ctx, `SELECT greatest(s.opens_us, p.horizon_us), least(s.closes_us, p.as_of_us),
			s.opens_us < p.horizon_us, s.closes_us > p.as_of_us
		FROM sessions AS s CROSS JOIN report_bounds AS p
		WHERE s.opens_us < p.as_of_us ORDER BY s.opens_us`, func(rows *sql.Rows) error {
		var opens, closes int64
		var session Session
		err := rows.Scan(&opens, &closes, &session.OpenedEarlier, &session.StillOpen)
		session.OpensAt, session.ClosesAt = params.FormatInstant(opens), params.FormatInstant(closes)
		session.OpensLocal, session.ClosesLocal = localText(opens, e.zone), localText(closes, e.zone)
		e.x.Sessions = append(e.x.Sessions, session)
		return err
	})
}

// findNext finds where the page ends: at the first row that is too many for its list.
func (e *explainer) findNext(ctx context.Context) error {
	e.next = math.MaxInt64
	if e.page.Limit == 0 {
		return nil
	}
	var next sql.NullInt64
	err := e.db.Conn.QueryRowContext(ctx, `SELECT min(starts_us) FROM (
			SELECT starts_us, row_number() OVER (PARTITION BY list ORDER BY starts_us) AS row_no FROM (
				SELECT 1 AS list, observed_us AS starts_us FROM evidence
				UNION ALL SELECT DISTINCT 2, observed_us FROM observations WHERE opens_us IS NULL
				UNION ALL SELECT 3, starts_us FROM spans
				UNION ALL SELECT 4, started_us FROM outage_rows)
			WHERE starts_us >= ?)
		WHERE row_no > ?`, e.page.FromUS, e.page.Limit).Scan(&next)
	if next.Valid {
		e.next, e.x.Next = next.Int64, params.FormatInstant(next.Int64)
	}
	return err
}

// onPage is a condition on the rows of a list, with its arguments.
func (e *explainer) onPage(starts, ends string) (condition string, args []any) {
	return fmt.Sprintf("%s >= ? AND %s < ?", ends, starts), []any{e.page.FromUS, e.next}
}

func (e *explainer) readEvidence(ctx context.Context) (err error) {
	condition, args := e.onPage("observed_us", "observed_us")
	if e.x.Evidence, err = e.observationList(ctx, "SELECT observed_us, is_up FROM evidence WHERE "+condition+" ORDER BY observed_us", args); err != nil {
		return err
	}
	e.x.Outside, err = e.observationList(ctx, `SELECT observed_us, bool_and(is_up) FROM observations
		WHERE opens_us IS NULL AND `+condition+` GROUP BY observed_us ORDER BY observed_us`, args)
	return err
}

func (e *explainer) observationList(ctx context.Context, query string, args []any) ([]Observation, error) {
	list := []Observation{}
	err := e.db.Each(ctx, query, func(rows *sql.Rows) error {
		var at int64
		var up bool
		err := rows.Scan(&at, &up)
		list = append(list, Observation{params.FormatInstant(at), localText(at, e.zone), input.StatusText(up)})
		return err
	}, args...)
	return list, err
}

func (e *explainer) readTimeline(ctx context.Context) error {
	e.x.Timeline = []TimelineSpan{}
	condition, args := e.onPage("s.starts_us", "s.ends_us")
	return e.db.Each(ctx, `SELECT greatest(s.starts_us, p.horizon_us), least(s.ends_us, p.as_of_us), s.status, s.certain = s.status, s.kind,
			s.governed_by_us, s.left_us, s.right_us
		FROM spans AS s CROSS JOIN report_bounds AS p
		WHERE s.starts_us < p.as_of_us AND s.ends_us > p.horizon_us AND `+condition+`
		ORDER BY s.starts_us`, func(rows *sql.Rows) error {
		var starts, ends int64
		var span TimelineSpan
		var kind string
		var by, left, right sql.NullInt64
		if err := rows.Scan(&starts, &ends, &span.Status, &span.Certain, &kind, &by, &left, &right); err != nil {
			return err
		}
		span.StartsAt, span.EndsAt, span.StartsLocal = params.FormatInstant(starts), params.FormatInstant(ends), localText(starts, e.zone)
		span.Seconds, span.Kind = float64(ends-starts)/1e6, kind
		if by.Valid && kind != "run" {
			span.GovernedBy = params.FormatInstant(by.Int64)
		}
		span.Rule = e.ruleText(span.Status, kind, by, left, right)
		e.x.Timeline = append(e.x.Timeline, span)
		return nil
	}, args...)
}

// ruleText describes the rule of the definition that gave a span its status.
func (e *explainer) ruleText(status, kind string, by, left, right sql.NullInt64) string {
	clock := func(us int64) string { return e.zone.at(us).Format("Mon 15:04:05") }
	if status == "unknown" {
		switch {
		case !left.Valid && !right.Valid:
			return "no observation inside opening hours at all"
		case kind == "silence" && e.run.Params.Unobserved == "unknown":
			return "session without an observation, and those are left unknown"
		}
		return fmt.Sprintf("no observation reaches this far: max_gap is %s", *e.run.Params.MaxGap)
	}
	said := input.StatusText(status == "up")
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
			side, said, e.zone.at(by.Int64).Format("Mon 2006-01-02 15:04:05"))
	}
	return fmt.Sprintf("%s observation %s %s", e.run.Params.Interpolation, clock(by.Int64), said)
}

func (e *explainer) readOutages(ctx context.Context) error {
	e.x.Outages = []report.Outage{}
	condition, args := e.onPage("started_us", "ended_us")
	return e.db.Each(ctx, "SELECT started_us, ended_us, open_seconds, ongoing FROM outage_rows WHERE "+condition+" ORDER BY started_us", func(rows *sql.Rows) error {
		var o report.Outage
		var started, ended int64
		err := rows.Scan(&started, &ended, &o.OpenSeconds, &o.Ongoing)
		o.StartedAt, o.EndedAt = params.FormatInstant(started), params.FormatInstant(ended)
		e.x.Outages = append(e.x.Outages, o)
		return err
	}, args...)
}
