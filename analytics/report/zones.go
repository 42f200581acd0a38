package report

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"

	"openhours/analytics/engine"
)

// ZoneWindow sums the measures of the stores of one time zone in one window.
type ZoneWindow struct {
	Timezone string `json:"timezone"`
	FleetWindow
}

// Zones sums a window of a finished report by time zone, the one with the most downtime first.
func (r Reader) Zones(ctx context.Context, folder, window string) ([]ZoneWindow, error) {
	path, err := filepath.Abs(filepath.Join(folder, "report.parquet"))
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(r.Engine.SQL, "duckdb/report_zones.sql")
	if err != nil {
		return nil, fmt.Errorf("read duckdb/report_zones.sql: %w", err)
	}
	rows, err := r.Engine.DB.QueryContext(ctx, string(text), sql.Named("report", engine.FilePattern(path)), sql.Named("window", window))
	if err != nil {
		return nil, fmt.Errorf("sum up zones: %w", err)
	}
	defer rows.Close()
	zones := []ZoneWindow{}
	for rows.Next() {
		var z ZoneWindow
		if err := rows.Scan(&z.Timezone, &z.Window, &z.Stores, &z.StoresOpen, &z.StoresUnknown, &z.OpenSeconds, &z.UptimeSeconds,
			&z.DowntimeSeconds, &z.UnknownSeconds, &z.PlannedSeconds, &z.UptimeMinSeconds, &z.UptimeMaxSeconds, &z.CoveredSeconds,
			&z.UptimeRatio, &z.UptimeRatioMin, &z.UptimeRatioMax, &z.Coverage, &z.Outages); err != nil {
			return nil, fmt.Errorf("sum up zones: %w", err)
		}
		zones = append(zones, z)
	}
	return zones, rows.Err()
}
