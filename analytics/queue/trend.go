package queue

import (
	"errors"
	"slices"

	"openhours/analytics/params"
	"openhours/analytics/report"
)

// TrendPoint is one report's measures of the whole fleet.
type TrendPoint struct {
	ReportID string               `json:"report_id"`
	AsOf     string               `json:"as_of"`
	Stores   int64                `json:"stores"`
	Fleet    []report.FleetWindow `json:"fleet"`
}

// mostTrendReports is how many reports a trend considers.
const mostTrendReports = 1000

// Trend lists reports that ask the same as the one given up to its as_of or an earlier one, in time
// order, at most limit of them. Of several with one as_of the newest stands for all.
func (r *Queue) Trend(id string, limit int) ([]TrendPoint, error) {
	last, err := r.Manifest(id)
	if err != nil {
		return nil, err
	}
	list, err := r.List(Complete, "", mostTrendReports)
	if err != nil {
		return nil, err
	}
	end, err := params.ParseInstant(last.AsOf)
	if err != nil {
		return nil, err
	}
	points := map[int64]TrendPoint{end: {last.ReportID, last.AsOf, last.Stores, last.Fleet}}
	for _, status := range list {
		m, err := r.Manifest(status.ReportID)
		if err != nil {
			if !errors.Is(err, report.ErrNoReport) { // removed meanwhile
				r.o.Log.Warn("report is left out of the trend", "report_id", status.ReportID, "error", err)
			}
			continue
		}
		if !asksTheSame(m, last) {
			continue
		}
		at, err := params.ParseInstant(m.AsOf)
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
