package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"
)

// ZoneWindow sums the measures of the stores of one time zone in one window.
type ZoneWindow struct {
	Timezone string `json:"timezone"`
	FleetWindow
}

// Zones sums a window of a finished report by time zone, the one with the most downtime first.
func (e *Engine) Zones(ctx context.Context, folder, window string) ([]ZoneWindow, error) {
	path, err := filepath.Abs(filepath.Join(folder, "report.parquet"))
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(e.models, "duckdb/report_zones.sql")
	if err != nil {
		return nil, fmt.Errorf("read duckdb/report_zones.sql: %w", err)
	}
	rows, err := e.db.QueryContext(ctx, string(text), sql.Named("report", filePattern(path)), sql.Named("window", window))
	if err != nil {
		return nil, fmt.Errorf("sum up zones: %w", err)
	}
	defer rows.Close()
	zones := []ZoneWindow{}
	for rows.Next() {
		var z ZoneWindow
		if err := rows.Scan(&z.Timezone, &z.Window, &z.Stores, &z.StoresOpen, &z.StoresUnknown, &z.OpenSeconds, &z.UptimeSeconds,
			&z.DowntimeSeconds, &z.UnknownSeconds, &z.UptimeMinSeconds, &z.UptimeMaxSeconds, &z.CoveredSeconds,
			&z.UptimeRatio, &z.UptimeRatioMin, &z.UptimeRatioMax, &z.Coverage, &z.Outages); err != nil {
			return nil, fmt.Errorf("sum up zones: %w", err)
		}
		zones = append(zones, z)
	}
	return zones, rows.Err()
}

// TrendPoint is what one report says of the whole fleet.
type TrendPoint struct {
	ReportID string        `json:"report_id"`
	AsOf     string        `json:"as_of"`
	Stores   int64         `json:"stores"`
	Fleet    []FleetWindow `json:"fleet"`
}

// mostTrendReports is how many reports are looked at for a trend.
const mostTrendReports = 1000

// Trend lists reports that ask the same as the one given up to its as_of or an earlier one, in time
// order, at most limit of them. Of several with one as_of the newest stands for all.
func (r *Runner) Trend(id string, limit int) ([]TrendPoint, error) {
	last, err := r.Manifest(id)
	if err != nil {
		return nil, err
	}
	list, err := r.List(Complete, "", mostTrendReports)
	if err != nil {
		return nil, err
	}
	asked := func(p Parameters) string { p.AsOf = ""; return parametersKey(p) }
	end, err := parseInstantText(last.AsOf)
	if err != nil {
		return nil, err
	}
	points := map[int64]TrendPoint{end: {last.ReportID, last.AsOf, last.Stores, last.Fleet}}
	for _, status := range list {
		m, err := r.Manifest(status.ReportID)
		if err != nil {
			if !errors.Is(err, ErrNoReport) { // removed meanwhile
				r.o.Log.Warn("report is left out of the trend", "report_id", status.ReportID, "error", err)
			}
			continue
		}
		if asked(m.Parameters) != asked(last.Parameters) {
			continue
		}
		at, err := parseInstantText(m.AsOf)
		if _, newer := points[at]; err != nil || newer || at > end {
			continue
		}
		points[at] = TrendPoint{m.ReportID, m.AsOf, m.Stores, m.Fleet}
	}
	times := make([]int64, 0, len(points))
	for at := range points {
		times = append(times, at)
	}
	slices.Sort(times)
	trend := []TrendPoint{}
	for _, at := range times[max(0, len(times)-limit):] {
		trend = append(trend, points[at])
	}
	return trend, nil
}

// parseInstantText reads what instantText wrote.
func parseInstantText(text string) (int64, error) {
	at, err := time.Parse("2006-01-02 15:04:05.999999Z", text)
	if err != nil {
		return 0, fmt.Errorf("as_of of a report: %w", err)
	}
	return at.UnixMicro(), nil
}
