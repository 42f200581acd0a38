package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// StoreQuery asks for some of the stores of a finished report.
type StoreQuery struct {
	Window     string
	Sort       string // one of SortColumns
	Descending bool
	Search     string // part of an id, in any case; "": all
	Zone       string // "": all
	Limit      int
	Offset     int
}

// SortColumns are what stores can be sorted by: the columns of report.parquet that have an order.
func SortColumns() []string {
	return []string{"store_id", "timezone", "open_seconds", "uptime_seconds", "downtime_seconds", "unknown_seconds",
		"uptime_min_seconds", "uptime_max_seconds", "covered_seconds", "uptime_ratio", "observations", "outages", "longest_outage_seconds"}
}

// StoreRow is one row of report.parquet.
type StoreRow struct {
	StoreID  string `json:"store_id"`
	Timezone string `json:"timezone"`
	StoreWindow
}

// StorePage is some stores of one window, and how many there are in all.
type StorePage struct {
	Total  int64      `json:"total"`
	Stores []StoreRow `json:"stores"`
}

const storeColumns = `store_id, timezone, time_window, open_seconds, uptime_seconds, downtime_seconds, unknown_seconds,
	uptime_min_seconds, uptime_max_seconds, covered_seconds, uptime_ratio, observations, outages, longest_outage_seconds`

func scanStore(rows *sql.Rows) (r StoreRow, err error) {
	err = rows.Scan(&r.StoreID, &r.Timezone, &r.Window, &r.OpenSeconds, &r.UptimeSeconds, &r.DownSeconds, &r.UnknownSeconds,
		&r.MinSeconds, &r.MaxSeconds, &r.CoveredSeconds, &r.UptimeRatio, &r.Observations, &r.Outages, &r.LongestSeconds)
	return r, err
}

// Stores reads a page of a report.
func (e *Engine) Stores(ctx context.Context, folder string, q StoreQuery) (StorePage, error) {
	if !slices.Contains(SortColumns(), q.Sort) {
		return StorePage{}, &ParameterError{fmt.Errorf("sort %q: it is one of %v", q.Sort, SortColumns())}
	}
	direction := "ASC"
	if q.Descending {
		direction = "DESC"
	}
	page := StorePage{Stores: []StoreRow{}}
	path, err := filepath.Abs(filepath.Join(folder, "report.parquet"))
	if err != nil {
		return page, err
	}
	const chosen = ` FROM read_parquet(?) WHERE time_window = ? AND (? = '' OR contains(lower(store_id), lower(?))) AND (? = '' OR timezone = ?)`
	args := []any{path, q.Window, q.Search, q.Search, q.Zone, q.Zone}
	if err := e.db.QueryRowContext(ctx, "SELECT count(*)"+chosen, args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count stores: %w", err)
	}
	rows, err := e.db.QueryContext(ctx, fmt.Sprintf("SELECT %s%s ORDER BY %s %s NULLS LAST, store_id LIMIT ? OFFSET ?",
		storeColumns, chosen, q.Sort, direction), append(args, q.Limit, q.Offset)...)
	if err != nil {
		return page, fmt.Errorf("read stores: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scanStore(rows)
		if err != nil {
			return page, fmt.Errorf("read stores: %w", err)
		}
		page.Stores = append(page.Stores, row)
	}
	return page, rows.Err()
}

// StoreReport is what a finished report says of one store.
type StoreReport struct {
	StoreID  string        `json:"store_id"`
	Timezone string        `json:"timezone"`
	Windows  []StoreWindow `json:"windows"`
	Outages  []Outage      `json:"outages"`
}

// ErrNoStore says that a report has no such store.
var ErrNoStore = errors.New("the report has no such store")

// Store reads one store of a report.
func (e *Engine) Store(ctx context.Context, folder, store string) (StoreReport, error) {
	report := StoreReport{StoreID: store, Windows: []StoreWindow{}, Outages: []Outage{}}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return report, err
	}
	rows, err := e.db.QueryContext(ctx, "SELECT "+storeColumns+" FROM read_parquet(?, file_row_number = true) WHERE store_id = ? ORDER BY file_row_number",
		filepath.Join(folder, "report.parquet"), store)
	if err != nil {
		return report, fmt.Errorf("read store: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scanStore(rows)
		if err != nil {
			return report, fmt.Errorf("read store: %w", err)
		}
		report.Timezone = row.Timezone
		report.Windows = append(report.Windows, row.StoreWindow)
	}
	if err := rows.Err(); err != nil {
		return report, fmt.Errorf("read store: %w", err)
	}
	if len(report.Windows) == 0 {
		return report, ErrNoStore
	}
	outages, err := e.db.QueryContext(ctx, `SELECT epoch_us(started_at), epoch_us(ended_at), open_seconds, ongoing
		FROM read_parquet(?) WHERE store_id = ? ORDER BY started_at`, filepath.Join(folder, "outages.parquet"), store)
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
		o.StartedAt, o.EndedAt = instantText(started), instantText(ended)
		report.Outages = append(report.Outages, o)
	}
	return report, outages.Err()
}

// MemoryBytes is what DuckDB says it holds.
func (e *Engine) MemoryBytes(ctx context.Context) (bytes int64, err error) {
	err = e.db.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(memory_usage_bytes), 0) AS BIGINT) FROM duckdb_memory()").Scan(&bytes)
	return bytes, err
}

// Ping tells whether DuckDB answers.
func (e *Engine) Ping(ctx context.Context) error {
	var one int
	return e.db.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}
