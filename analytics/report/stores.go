package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"openhours/analytics/engine"
	"openhours/analytics/params"
)

// StoreQuery asks for some of the stores of a finished report.
type StoreQuery struct {
	Window     string
	Sort       string // one of SortColumns
	Descending bool
	Search     string // part of an id, a name or the value of an attribute, in any case; "": all
	Zone       string // "": all
	Status     string // one of StoreStatuses; "": all
	Limit      int
	Offset     int
}

// SortColumns are what stores can be sorted by: the columns of report.parquet that have an order.
func SortColumns() []string {
	return []string{"store_id", "name", "timezone", "open_seconds", "uptime_seconds", "downtime_seconds", "unknown_seconds",
		"planned_seconds", "uptime_min_seconds", "uptime_max_seconds", "covered_seconds", "uptime_ratio", "observations", "outages", "longest_outage_seconds"}
}

// StoreStatuses are what stores can be picked by: down when they were last open, and those of them
// that are open at as_of; open in the window with nothing known of it; with an outage in it; closed in it.
func StoreStatuses() []string {
	return []string{"down", "down_and_open", "unknown", "outage", "closed"}
}

// StoreRow is one row of report.parquet.
type StoreRow struct {
	StoreID    string            `json:"store_id"`
	Name       string            `json:"name,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Timezone   string            `json:"timezone"`
	StoreWindow
}

// StorePage is some stores of one window, and how many there are in all.
type StorePage struct {
	Total  int64      `json:"total"`
	Stores []StoreRow `json:"stores"`
}

const storeColumns = `store_id, coalesce(name, ''), details, timezone, time_window, open_seconds, uptime_seconds, downtime_seconds, unknown_seconds,
	coalesce(planned_seconds, 0), uptime_min_seconds, uptime_max_seconds, covered_seconds, uptime_ratio, observations, outages, longest_outage_seconds`

func scanStore(rows *sql.Rows) (r StoreRow, err error) {
	var details sql.NullString
	err = rows.Scan(&r.StoreID, &r.Name, &details, &r.Timezone, &r.Window, &r.OpenSeconds, &r.UptimeSeconds, &r.DownSeconds, &r.UnknownSeconds,
		&r.PlannedSeconds, &r.MinSeconds, &r.MaxSeconds, &r.CoveredSeconds, &r.UptimeRatio, &r.Observations, &r.Outages, &r.LongestSeconds)
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

// measured are the rows of a report with the names and attributes of their stores, of report.parquet as $report and, if
// the report has one, stores.parquet as $stores. Reports of earlier releases lack some columns.
func measured(folder string) (relation string, args []any) {
	args = []any{sql.Named("report", engine.FilePattern(filepath.Join(folder, "report.parquet")))}
	stores := "SELECT '' AS store_id, '' AS name, '' AS details, '' AS words WHERE false"
	if _, err := os.Stat(filepath.Join(folder, StoresFile)); err == nil {
		// the alias is the whole row, unless an attribute has its name
		stores = `SELECT store_id, name, CAST(to_json("row of stores.parquet") AS VARCHAR) AS details,
			lower(concat_ws(chr(10), *COLUMNS(* EXCLUDE (timezone)))) AS words FROM read_parquet($stores) AS "row of stores.parquet"`
		args = append(args, sql.Named("stores", engine.FilePattern(filepath.Join(folder, StoresFile))))
	}
	return `(SELECT r.*, s.name, s.details, s.words
		FROM (SELECT * FROM read_parquet($report, file_row_number = true) UNION ALL BY NAME SELECT CAST(NULL AS DOUBLE) AS planned_seconds WHERE false) AS r
		LEFT JOIN (` + stores + `) AS s ON s.store_id = r.store_id)`, args
}

// chosenStores are the rows of a page, of the report and its outages as $report and $outages.
const chosenStores = ` WHERE time_window = $window
	AND ($search = '' OR contains(lower(store_id), lower($search)) OR contains(words, lower($search)))
	AND ($zone = '' OR timezone = $zone)
	AND CASE $status
		WHEN '' THEN true
		WHEN 'unknown' THEN open_seconds > 0 AND unknown_seconds = open_seconds
		WHEN 'outage' THEN outages > 0
		WHEN 'closed' THEN open_seconds = 0
		ELSE store_id IN (SELECT store_id FROM read_parquet($outages)
			WHERE ongoing AND ($status = 'down' OR ended_at = window_end))
	END`

// query checks what was asked for and returns the rows of measured and chosenStores, their arguments, and the order.
func (q StoreQuery) query(folder string) (from string, args []any, order string, err error) {
	if !slices.Contains(SortColumns(), q.Sort) {
		return "", nil, "", params.Errorf("sort %q: must be one of %v", q.Sort, SortColumns())
	}
	if q.Status != "" && !slices.Contains(StoreStatuses(), q.Status) {
		return "", nil, "", params.Errorf("status %q: must be one of %v", q.Status, StoreStatuses())
	}
	direction := "ASC"
	if q.Descending {
		direction = "DESC"
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return "", nil, "", err
	}
	relation, args := measured(folder)
	return " FROM " + relation + chosenStores, append(args, sql.Named("outages", engine.FilePattern(filepath.Join(folder, "outages.parquet"))),
		sql.Named("window", q.Window), sql.Named("search", q.Search), sql.Named("zone", q.Zone), sql.Named("status", q.Status),
	), fmt.Sprintf(" ORDER BY %s %s NULLS LAST, store_id", q.Sort, direction), nil
}

// Stores reads a page of a report.
func (r Reader) Stores(ctx context.Context, folder string, q StoreQuery) (StorePage, error) {
	page := StorePage{Stores: []StoreRow{}}
	from, args, order, err := q.query(folder)
	if err != nil {
		return page, err
	}
	if err := r.Engine.DB.QueryRowContext(ctx, "SELECT count(*)"+from, args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count stores: %w", err)
	}
	args = append(args, sql.Named("limit", q.Limit), sql.Named("offset", q.Offset))
	err = r.eachStore(ctx, "SELECT "+storeColumns+from+order+" LIMIT $limit OFFSET $offset", args, func(row StoreRow) error {
		page.Stores = append(page.Stores, row)
		return nil
	})
	return page, err
}

// EachStore hands over every store of a query, whatever its limit.
func (r Reader) EachStore(ctx context.Context, folder string, q StoreQuery, take func(StoreRow) error) error {
	from, args, order, err := q.query(folder)
	if err != nil {
		return err
	}
	return r.eachStore(ctx, "SELECT "+storeColumns+from+order, args, take)
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

// StoreReport is what a finished report has about one store.
type StoreReport struct {
	StoreID    string            `json:"store_id"`
	Name       string            `json:"name,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Timezone   string            `json:"timezone"`
	Windows    []StoreWindow     `json:"windows"`
	Outages    []Outage          `json:"outages"`
}

// ErrNoStore is returned when a report has no such store.
var ErrNoStore = errors.New("the report has no such store")

// Store reads one store of a report.
func (r Reader) Store(ctx context.Context, folder, store string) (StoreReport, error) {
	report := StoreReport{StoreID: store, Windows: []StoreWindow{}, Outages: []Outage{}}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return report, err
	}
	relation, args := measured(folder)
	rows, err := r.Engine.DB.QueryContext(ctx, "SELECT "+storeColumns+" FROM "+relation+" WHERE store_id = $store ORDER BY file_row_number",
		append(args, sql.Named("store", store))...)
	if err != nil {
		return report, fmt.Errorf("read store: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scanStore(rows)
		if err != nil {
			return report, fmt.Errorf("read store: %w", err)
		}
		report.Name, report.Attributes, report.Timezone = row.Name, row.Attributes, row.Timezone
		report.Windows = append(report.Windows, row.StoreWindow)
	}
	if err := rows.Err(); err != nil {
		return report, fmt.Errorf("read store: %w", err)
	}
	if len(report.Windows) == 0 {
		return report, ErrNoStore
	}
	outages, err := r.Engine.DB.QueryContext(ctx, `SELECT epoch_us(started_at), epoch_us(ended_at), open_seconds, ongoing
		FROM read_parquet(?) WHERE store_id = ? ORDER BY started_at`, engine.FilePattern(filepath.Join(folder, "outages.parquet")), store)
	if err != nil {
		return report, fmt.Errorf("read outages: %w", err)
	}
	defer outages.Close()
	for outages.Next() {
		var o Outage
		var started, ended int64
		if err := outages.Scan(&started, &ended, &o.OpenSeconds, &o.Ongoing); err != nil {
			return report, fmt.Errorf("read outages: %w", err)
		}
		o.StartedAt, o.EndedAt = params.FormatInstant(started), params.FormatInstant(ended)
		report.Outages = append(report.Outages, o)
	}
	return report, outages.Err()
}
