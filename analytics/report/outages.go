package report

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	"openhours/analytics/engine"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// OutageQuery asks for outages of a finished report.
type OutageQuery struct {
	Store     string // "": all
	Window    string // those that overlap it; "": all
	Attribute string // one of the report's; "": all
	Value     string // of the attribute; "": the stores without one
	Before    string // folder of the report before: only those that it did not know of; "": all
}

// OutageRow is a row of outages.parquet with the store that it is of.
type OutageRow struct {
	StoreID  string
	Name     string
	Timezone string
	Outage
}

// Check returns an error that begins with the name of the field that asks for what a report does not have.
func (q OutageQuery) Check(m Manifest) error {
	if q.Attribute == "" && q.Value != "" {
		return params.Errorf("value %q: needs an attribute", q.Value)
	}
	if q.Attribute == "" {
		return nil
	}
	if err := pipeline.CheckAttribute(q.Attribute, m.Attributes); err != nil {
		return params.Errorf("attribute: %v", err)
	}
	return nil
}

// EachOutage hands over the outages by store and start.
func (r Reader) EachOutage(ctx context.Context, folder string, q OutageQuery, take func(OutageRow) error) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	m, err := ReadManifest(folder)
	if err != nil {
		return err
	}
	if err := q.Check(m); err != nil {
		return err
	}
	relation, args, err := measured(folder)
	if err != nil {
		return err
	}
	var c conditions
	window := q.Window
	if window == "" {
		window = m.Parameters.Windows[0].Name // every store is once in each
	} else {
		c.add("o.started_at < s.window_end AND o.ended_at > s.window_start")
	}
	c.add("s.time_window = $window", sql.Named("window", window))
	if q.Store != "" {
		c.add("s.store_id = $store", sql.Named("store", q.Store))
	}
	if q.Attribute != "" {
		c.addAttribute(m, q.Attribute, q.Value)
	}
	before, known, err := outagesBefore(q.Before, m)
	if err != nil {
		return err
	}
	if q.Before != "" {
		c.add(isNewOutage, known...)
	}
	rows, err := r.Engine.DB.QueryContext(ctx, `WITH before_outages AS (`+before+`)
		SELECT s.store_id, coalesce(s.name, ''), s.timezone, epoch_us(o.started_at), epoch_us(o.ended_at), o.open_seconds, o.ongoing
		FROM read_parquet($outages, file_row_number = true) AS o JOIN `+relation+" AS s ON s.store_id = o.store_id"+c.String()+
		" ORDER BY o.file_row_number", append(args, c.args...)...)
	if err != nil {
		return fmt.Errorf("read outages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var o OutageRow
		var started, ended int64
		if err := rows.Scan(&o.StoreID, &o.Name, &o.Timezone, &started, &ended, &o.OpenSeconds, &o.Ongoing); err != nil {
			return fmt.Errorf("read outages: %w", err)
		}
		o.StartedAt, o.EndedAt = params.FormatInstant(started), params.FormatInstant(ended)
		if err := take(o); err != nil {
			return err
		}
	}
	return rows.Err()
}

// isNewOutage is the condition for outages o that go on after the report before and are none of its own. Of a report from
// before the span, the outage of a store that was down may be cut: then the store's first counts as the same.
const isNewOutage = `o.ended_at > make_timestamptz($before_as_of)
	AND NOT EXISTS (SELECT 1 FROM before_outages AS b
		WHERE b.store_id = o.store_id AND b.started_at < o.ended_at AND b.ended_at > o.started_at)
	AND NOT ($before_span AND o.store_id IN (SELECT store_id FROM before_outages WHERE ongoing)
		AND o.started_at = (SELECT min(f.started_at) FROM read_parquet($outages) AS f WHERE f.store_id = o.store_id))`

// outagesBefore returns the query of the outages in the report before, and the arguments of it and of isNewOutage. Without a
// report before there are none.
func outagesBefore(folder string, m Manifest) (query string, args []any, err error) {
	if folder == "" {
		return "SELECT store_id, started_at, ended_at, ongoing FROM read_parquet($outages) WHERE false",
			[]any{sql.Named("before_as_of", 0), sql.Named("before_span", false)}, nil
	}
	asOf, err := params.ParseInstant(m.AsOf)
	if err != nil {
		return "", nil, err
	}
	start, err := m.Parameters.StartUS(asOf)
	if err != nil {
		return "", nil, err
	}
	before, err := ReadManifest(folder)
	if err != nil {
		return "", nil, err
	}
	beforeAsOf, err := params.ParseInstant(before.AsOf)
	if err != nil {
		return "", nil, err
	}
	path, err := filepath.Abs(filepath.Join(folder, "outages.parquet"))
	if err != nil {
		return "", nil, err
	}
	return "SELECT store_id, started_at, ended_at, ongoing FROM read_parquet($before)", []any{sql.Named("before_as_of", beforeAsOf),
		sql.Named("before_span", beforeAsOf <= start), sql.Named("before", engine.FilePattern(path))}, nil
}
