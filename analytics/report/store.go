package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"openhours/analytics/engine"
	"openhours/analytics/params"
)

// StoreReport is what a finished report has about one store.
type StoreReport struct {
	StoreID    string            `json:"store_id"`
	Name       string            `json:"name,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Timezone   string            `json:"timezone"`
	Windows    []MeasuredWindow  `json:"windows"`
	Outages    []Outage          `json:"outages"`
}

// ErrNoStore is returned when a report has no such store.
var ErrNoStore = errors.New("the report has no such store")

// Store reads one store of a report.
func (r Reader) Store(ctx context.Context, folder, store string) (StoreReport, error) {
	report := StoreReport{StoreID: store, Windows: []MeasuredWindow{}, Outages: []Outage{}}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return report, err
	}
	relation, args, err := measured(folder)
	if err != nil {
		return report, err
	}
	err = r.eachStore(ctx, "SELECT "+storeColumns+" FROM "+relation+" WHERE store_id = $store ORDER BY file_row_number",
		append(args, sql.Named("store", store)), func(row StoreRow) error {
			report.Name, report.Attributes, report.Timezone = row.Name, row.Attributes, row.Timezone
			report.Windows = append(report.Windows, row.MeasuredWindow)
			return nil
		})
	if err != nil {
		return report, err
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
