package explain

import (
	"context"
	"database/sql"

	"openhours/analytics/params"
)

// Opening is a stretch of time in which the store would be open, and what opens it.
type Opening struct {
	OpensAt     string `json:"opens_at"`
	ClosesAt    string `json:"closes_at"`
	OpensLocal  string `json:"opens_local"`
	ClosesLocal string `json:"closes_local"`
	Source      string `json:"source" values:"weekly,special,always"` // always: no hours are known
	ValidFrom   string `json:"valid_from,omitempty"`                  // of weekly hours with dates
	Name        string `json:"name,omitempty"`                        // of special hours
}

// SpecialDay is a local date with special hours in place of the weekly ones.
type SpecialDay struct {
	Date   string `json:"date"`
	Closed bool   `json:"closed"`
	Name   string `json:"name,omitempty"`
	For    string `json:"for" values:"store,attribute,all"` // the level of their address
}

// Closure is a planned closure.
type Closure struct {
	StartsAt       string  `json:"starts_at"`
	EndsAt         string  `json:"ends_at,omitempty"` // empty: until further notice
	StartsLocal    string  `json:"starts_local"`
	EndsLocal      string  `json:"ends_local,omitempty"`
	Reason         string  `json:"reason,omitempty"`
	AnnouncedAt    string  `json:"announced_at,omitempty"`
	PlannedSeconds float64 `json:"planned_seconds"` // open time that it removes within the horizon
}

// Calendar holds the first and last day of a store, its openings, special hours and closures.
type Calendar struct {
	OpensOn     string       `json:"opens_on,omitempty"`
	ClosesOn    string       `json:"closes_on,omitempty"`
	Openings    []Opening    `json:"openings"`
	SpecialDays []SpecialDay `json:"special_days"`
	Closures    []Closure    `json:"closures"`
}

// readStore reads the name, the attributes and the dates of the store.
func (e *explainer) readStore(ctx context.Context) error {
	e.x.Attributes = map[string]string{}
	if err := e.db.Each(ctx, "SELECT attribute, value FROM attribute_values", func(rows *sql.Rows) error {
		var attribute, value string
		err := rows.Scan(&attribute, &value)
		e.x.Attributes[attribute] = value
		return err
	}); err != nil {
		return err
	}
	return e.db.Each(ctx, "SELECT coalesce(name, ''), coalesce(day_text(opens_on_day), ''), coalesce(day_text(closes_on_day), '') FROM named_stores",
		func(rows *sql.Rows) error { return rows.Scan(&e.x.Name, &e.x.OpensOn, &e.x.ClosesOn) })
}

// storeSpan is the time in which the store can be open, from its first to its last day, within the horizon.
const storeSpan = `(SELECT greatest(p.horizon_us, max(b.opens_us)) AS opens_us, least(p.as_of_us, min(b.closes_us)) AS closes_us
	FROM report_bounds AS p LEFT JOIN store_bounds AS b ON true GROUP BY p.horizon_us, p.as_of_us)`

func (e *explainer) readCalendar(ctx context.Context) error {
	e.x.Openings, e.x.SpecialDays, e.x.Closures = []Opening{}, []SpecialDay{}, []Closure{}
	if err := e.db.Each(ctx, `SELECT greatest(s.opens_us, b.opens_us), least(s.closes_us, b.closes_us), s.source,
			coalesce(day_text(s.valid_from_day), ''),
			coalesce((SELECT min(r.name) FROM special_rows AS r JOIN special_days AS d ON d.day_no = r.day_no AND d.level = r.level
				WHERE s.source = 'special' AND r.day_no = s.day_no), '')
		FROM shift_reasons AS s CROSS JOIN `+storeSpan+` AS b
		WHERE greatest(s.opens_us, b.opens_us) < least(s.closes_us, b.closes_us) ORDER BY s.opens_us, s.closes_us`, func(rows *sql.Rows) error {
		var o Opening
		var opens, closes int64
		err := rows.Scan(&opens, &closes, &o.Source, &o.ValidFrom, &o.Name)
		if o.Source == "weekly" && len(e.x.Hours) == 0 { // around special hours, a store without hours opens day by day
			o.Source = "always"
		}
		o.OpensAt, o.ClosesAt = params.FormatInstant(opens), params.FormatInstant(closes)
		o.OpensLocal, o.ClosesLocal = localText(opens, e.zone), localText(closes, e.zone)
		e.x.Openings = append(e.x.Openings, o)
		return err
	}); err != nil {
		return err
	}
	if err := e.db.Each(ctx, `SELECT day_text(d.day_no), d.is_closed, coalesce(min(r.name), ''),
			CASE left(d.level, 1) WHEN '1' THEN 'store' WHEN '2' THEN 'attribute' ELSE 'all' END
		FROM special_days AS d
		JOIN special_rows AS r ON r.day_no = d.day_no AND r.level = d.level
		CROSS JOIN report_bounds AS p
		WHERE (d.day_no + 2) * day_us() > p.horizon_us AND (d.day_no - 1) * day_us() < p.as_of_us
		GROUP BY d.day_no, d.is_closed, d.level ORDER BY d.day_no`, func(rows *sql.Rows) error {
		var d SpecialDay
		err := rows.Scan(&d.Date, &d.Closed, &d.Name, &d.For)
		e.x.SpecialDays = append(e.x.SpecialDays, d)
		return err
	}); err != nil {
		return err
	}
	return e.db.Each(ctx, `SELECT c.starts_us, CASE WHEN c.ends_us < forever_us() THEN c.ends_us END, coalesce(c.reason, ''), c.announced_us,
			seconds_of(CAST(coalesce((SELECT sum(greatest(0, least(j.closes_us, c.ends_us, b.closes_us) - greatest(j.opens_us, c.starts_us, b.opens_us)))
				FROM joined_sessions AS j), 0) AS BIGINT))
		FROM (SELECT DISTINCT * FROM closure_spans) AS c CROSS JOIN `+storeSpan+` AS b ORDER BY c.starts_us, c.ends_us`, func(rows *sql.Rows) error {
		var c Closure
		var starts int64
		var ends, announced sql.NullInt64
		err := rows.Scan(&starts, &ends, &c.Reason, &announced, &c.PlannedSeconds)
		c.StartsAt, c.StartsLocal = params.FormatInstant(starts), localText(starts, e.zone)
		if ends.Valid {
			c.EndsAt, c.EndsLocal = params.FormatInstant(ends.Int64), localText(ends.Int64, e.zone)
		}
		if announced.Valid {
			c.AnnouncedAt = params.FormatInstant(announced.Int64)
		}
		e.x.Closures = append(e.x.Closures, c)
		return err
	})
}
