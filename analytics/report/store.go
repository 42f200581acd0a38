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

// Store reads one store of a report, given by its id or its exact name. An id counts before an equal name.
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
	store, err := r.storeID(ctx, relation, args, asked)
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

// storeID finds the id of a store by its id or its name.
func (r Reader) storeID(ctx context.Context, relation string, args []any, asked string) (string, error) {
	args = append(slices.Clone(args), sql.Named("asked", asked))
	ids, err := engine.QueryStrings(ctx, r.Engine.DB, `SELECT store_id FROM `+relation+` WHERE store_id = $asked OR name = $asked
		GROUP BY store_id ORDER BY store_id <> $asked, store_id`, args...)
	if err != nil {
		return "", fmt.Errorf("look for a store: %w", err)
	}
	switch {
	case len(ids) == 1 || len(ids) > 1 && ids[0] == asked:
		return ids[0], nil
	case len(ids) > 1:
		return "", pipeline.AmbiguousName(asked, ids)
	}
	nearest, err := engine.QueryStrings(ctx, r.Engine.DB, `SELECT word FROM (SELECT store_id AS word FROM `+relation+` UNION SELECT name FROM `+relation+`)
		WHERE levenshtein(lower(word), lower($asked)) <= 3 ORDER BY levenshtein(lower(word), lower($asked)), word LIMIT 3`, args...)
	if err != nil {
		return "", fmt.Errorf("look for stores like the one asked for: %w", err)
	}
	return "", fmt.Errorf("%w: %s", ErrNoStore, pipeline.ExactlyMatched(asked, nearest))
}
