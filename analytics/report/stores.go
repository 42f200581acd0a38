package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
)

// StoreRow is one row of report.parquet, with what the other files of the report have on its store and window.
type StoreRow struct {
	StoreID    string            `json:"store_id"`
	Name       string            `json:"name,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Timezone   string            `json:"timezone"`
	DownSince  *string           `json:"down_since"` // null unless it was down when last open; at the earliest the start of the span
	MeasuredWindow
}

// MeasuredWindow is a row of report.parquet with its target.
type MeasuredWindow struct {
	StoreWindow
	Target     *float64 `json:"target"`              // percentage; null without one
	Verdict    *string  `json:"verdict"`             // null without a target or open time
	BudgetLeft *float64 `json:"budget_left_seconds"` // null without a target
}

// StorePage is some stores of one window, and how many there are in all.
type StorePage struct {
	Total  int64      `json:"total"`
	Stores []StoreRow `json:"stores"`
	// Missing are those of several ids in the search that no store of the report has, unless all are.
	Missing []string `json:"missing_ids,omitempty"`
}

const storeColumns = `store_id, coalesce(name, ''), details, timezone, epoch_us(down_since), time_window, open_seconds, uptime_seconds, downtime_seconds,
	unknown_seconds, coalesce(planned_seconds, 0), uptime_min_seconds, uptime_max_seconds, covered_seconds, uptime_ratio, observations, outages,
	longest_outage_seconds, CAST(target AS DOUBLE), CAST(verdict AS VARCHAR), CAST(budget_left_seconds AS DOUBLE)`

func scanStore(rows *sql.Rows) (r StoreRow, err error) {
	var details sql.NullString
	var since sql.NullInt64
	err = rows.Scan(&r.StoreID, &r.Name, &details, &r.Timezone, &since, &r.Window, &r.OpenSeconds, &r.UptimeSeconds, &r.DownSeconds, &r.UnknownSeconds,
		&r.PlannedSeconds, &r.MinSeconds, &r.MaxSeconds, &r.CoveredSeconds, &r.UptimeRatio, &r.Observations, &r.Outages, &r.LongestSeconds,
		&r.Target, &r.Verdict, &r.BudgetLeft)
	r.DownSince = optionalInstant(since)
	if err == nil && details.Valid {
		r.Attributes, err = attributesOf(details.String)
	}
	return r, err
}

// attributesOf reads the attribute columns of stores.parquet.
func attributesOf(row string) (map[string]string, error) {
	var cells map[string]*string
	if err := json.Unmarshal([]byte(row), &cells); err != nil {
		return nil, fmt.Errorf("%s: %w", StoresFile, err)
	}
	attributes := map[string]string{}
	for name, value := range cells {
		if !slices.Contains(storesColumns, name) && value != nil {
			attributes[name] = *value
		}
	}
	return attributes, nil
}

// query checks what was asked for and returns the chosen rows of measured, and their arguments.
func (q StoreQuery) query(folder string) (from string, args []any, err error) {
	if folder, err = filepath.Abs(folder); err != nil {
		return "", nil, err
	}
	m, err := ReadManifest(folder)
	if err != nil {
		return "", nil, err
	}
	if err := q.Check(m); err != nil {
		return "", nil, err
	}
	relation, args, err := measured(folder)
	if err != nil {
		return "", nil, err
	}
	c, err := q.where(m)
	return " FROM " + relation + c.String(), append(args, c.args...), err
}

// Stores reads a page of a report.
func (r Reader) Stores(ctx context.Context, folder string, q StoreQuery) (StorePage, error) {
	page := StorePage{Stores: []StoreRow{}}
	from, args, err := q.query(folder)
	if err != nil {
		return page, err
	}
	if err := r.Engine.DB.QueryRowContext(ctx, "SELECT count(*)"+from, args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count stores: %w", err)
	}
	if page.Missing, err = r.missingIDs(ctx, folder, q); err != nil {
		return page, err
	}
	args = append(args, sql.Named("limit", q.Limit), sql.Named("offset", q.Offset))
	err = r.eachStore(ctx, "SELECT "+storeColumns+from+q.order()+" LIMIT $limit OFFSET $offset", args, func(row StoreRow) error {
		page.Stores = append(page.Stores, row)
		return nil
	})
	return page, err
}

// missingIDs are those of a search for several ids that no store has. A text that some store has as a whole, such as a name
// with blanks, and one without any id do not ask for ids.
func (r Reader) missingIDs(ctx context.Context, folder string, q StoreQuery) ([]string, error) {
	asked := parseSearch(q.Search)
	if asked.pasted == nil {
		return nil, nil
	}
	ids, err := json.Marshal(asked.ids())
	if err != nil {
		return nil, err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return nil, err
	}
	relation, args, err := measured(folder)
	if err != nil {
		return nil, err
	}
	known, isText := map[string]bool{}, false
	rows, err := r.Engine.DB.QueryContext(ctx, "SELECT store_id, coalesce("+hasText+", false) AS has_text FROM "+relation+
		" WHERE time_window = $window AND (store_id IN ("+idList+") OR has_text)", append(args, sql.Named("window", q.Window), sql.Named("search", asked.text), sql.Named("ids", string(ids)))...)
	if err != nil {
		return nil, fmt.Errorf("look for ids: %w", err)
	}
	defer rows.Close()
	for rows.Next() && !isText {
		var id string
		if err := rows.Scan(&id, &isText); err != nil {
			return nil, fmt.Errorf("look for ids: %w", err)
		}
		known[id] = true
	}
	if isText || len(known) == 0 {
		return nil, rows.Err()
	}
	return asked.missing(known), rows.Err()
}

// EachStore hands over every store of a query, whatever its limit.
func (r Reader) EachStore(ctx context.Context, folder string, q StoreQuery, take func(StoreRow) error) error {
	from, args, err := q.query(folder)
	if err != nil {
		return err
	}
	return r.eachStore(ctx, "SELECT "+storeColumns+from+q.order(), args, take)
}

func (r Reader) eachStore(ctx context.Context, query string, args []any, take func(StoreRow) error) error {
	rows, err := r.Engine.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("read stores: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scanStore(rows)
		if err != nil {
			return fmt.Errorf("read stores: %w", err)
		}
		if err := take(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
