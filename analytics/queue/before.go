package queue

import (
	"errors"

	"openhours/analytics/params"
	"openhours/analytics/report"
)

// asksTheSame reports whether two reports have the same parameters, whatever their as_of: one that was asked for as of some
// other time says nothing of what became of the reports up to the latest observation.
func asksTheSame(a, b report.Manifest) bool {
	asked := func(p params.Parameters) string { p.AsOf, p.By = "", ""; return parametersKey(p) }
	return a.AsOfGiven == b.AsOfGiven && asked(a.Parameters) == asked(b.Parameters)
}

// Before finds the newest complete report before the one given that asks the same up to an earlier as_of; nil: none does.
func (r *Queue) Before(id string) (*report.Manifest, error) {
	last, err := r.Manifest(id)
	if err != nil {
		return nil, err
	}
	end, err := params.ParseInstant(last.AsOf)
	if err != nil {
		return nil, err
	}
	list, err := r.List(Complete, id, mostTrendReports)
	if err != nil {
		return nil, err
	}
	for _, status := range list {
		m, err := r.Manifest(status.ReportID)
		if errors.Is(err, report.ErrNoReport) { // removed meanwhile
			continue
		} else if err != nil {
			r.o.Log.Warn("report is left out of those before", "report_id", status.ReportID, "error", err)
			continue
		}
		if !asksTheSame(m, last) {
			continue
		}
		if at, err := params.ParseInstant(m.AsOf); err == nil && at < end {
			return &m, nil
		}
	}
	return nil, nil
}
