package queue

import (
	"cmp"
	"slices"

	"openhours/analytics/params"
)

// NoLatestError is returned where no report stands for the fleet.
type NoLatestError struct {
	Pinned string // id of the pinned report; "": none is
}

func (e *NoLatestError) Error() string {
	if e.Pinned != "" {
		return "no complete report has the parameters of the pinned report " + e.Pinned
	}
	return "no complete report has the default parameters"
}

// Latest returns the report that stands for the fleet: the newest complete one with the parameters of the pinned report,
// or with the default ones, so that an experiment does not take its place. One that is broken down further, by date or
// hour, has the same numbers and counts.
func (r *Queue) Latest() (Status, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.scan(); err != nil {
		return Status{}, err
	}
	e := r.latest()
	if e == nil {
		var none NoLatestError
		if pinned := r.pinned(); pinned != nil {
			none.Pinned = pinned.record.ReportID
		}
		return Status{}, &none
	}
	return r.status(e), nil
}

// latest returns nil if there is none. The lock must be held.
func (r *Queue) latest() *entry {
	want, by := numbersKey(params.Parameters{}), ""
	if pinned := r.pinned(); pinned != nil {
		want, by = pinned.numbersKey(), pinned.record.Parameters.By
	}
	ids := r.ids()
	slices.Reverse(ids)
	for _, id := range ids {
		e := r.entries[id]
		if e.record.State != Complete || e.numbersKey() != want || breakdown(e.record.Parameters.By) < breakdown(by) {
			continue
		}
		if e, err := r.find(id); err == nil && r.status(e).State == Complete {
			return e
		}
	}
	return nil
}

// breakdown orders what a report has besides its windows: one by the hour has the dates too.
func breakdown(by string) int { return slices.Index([]string{"", "date", "hour"}, by) }

// numbersKey is equal for parameters that give the same numbers of the windows.
func numbersKey(p params.Parameters) string {
	p = p.WithDefaults() // a record of an earlier release lacks what came later
	p.By = ""
	return parametersKey(p)
}

func (e *entry) numbersKey() string { return cmp.Or(e.numbers, numbersKey(e.record.Parameters)) }
