package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"openhours/analytics/engine"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
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

// Store reads one store of a report, given as StoreID finds it.
func (r Reader) Store(ctx context.Context, folder, asked string) (StoreReport, error) {
	report := StoreReport{Windows: []MeasuredWindow{}, Outages: []Outage{}}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return report, err
	}
	relation, args, err := measured(folder)
	if err != nil {
		return report, err
	}
	store, err := r.StoreID(ctx, folder, asked)
	if err != nil {
		return report, err
	}
	report.StoreID = store
	err = r.eachStore(ctx, "SELECT "+storeColumns+" FROM "+relation+" WHERE store_id = $store ORDER BY file_row_number",
		append(args, sql.Named("store", store)), func(row StoreRow) error {
			report.Name, report.Attributes, report.Timezone = row.Name, row.Attributes, row.Timezone
			report.Windows = append(report.Windows, row.MeasuredWindow)
			return nil
		})
	if err != nil {
		return report, err
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

// StoreID finds the id of a store of a report, given by its id or its exact name. An id counts before an equal name, and is
// found without reading all rows, which are sorted by it.
func (r Reader) StoreID(ctx context.Context, folder, asked string) (string, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	named := sql.Named("asked", asked)
	ids, err := engine.QueryStrings(ctx, r.Engine.DB, "SELECT store_id FROM read_parquet($file) WHERE store_id = $asked LIMIT 1",
		sql.Named("file", engine.FilePattern(filepath.Join(folder, "report.parquet"))), named)
	if err == nil && len(ids) == 1 {
		return ids[0], nil
	} else if err != nil {
		return "", fmt.Errorf("look for a store: %w", err)
	}
	relation, args, err := measured(folder)
	if err != nil {
		return "", err
	}
	args = append(slices.Clone(args), named)
	ids, err = engine.QueryStrings(ctx, r.Engine.DB, "SELECT DISTINCT store_id FROM "+relation+" WHERE name = $asked ORDER BY store_id", args...)
	switch {
	case err != nil:
		return "", fmt.Errorf("look for a store: %w", err)
	case len(ids) == 1:
		return ids[0], nil
	case len(ids) > 1:
		return "", pipeline.AmbiguousName(asked, ids)
	}
	nearest, err := engine.QueryStrings(ctx, r.Engine.DB,
		pipeline.NearestWords("SELECT store_id AS word FROM "+relation+" UNION SELECT name FROM "+relation, "$asked"), args...)
	if err != nil {
		return "", fmt.Errorf("look for stores like the one asked for: %w", err)
	}
	return "", fmt.Errorf("%w: %s", ErrNoStore, pipeline.ExactlyMatched(asked, nearest))
}
