package queue

import (
	"errors"
	"slices"

	"openhours/analytics/params"
)

// ErrNoLatest is returned where no report stands for the fleet.
var ErrNoLatest = errors.New("no complete report has the default parameters")

// Latest returns the report that stands for the fleet: the newest complete one with the default parameters, so that
// an experiment does not take its place. One that is broken down by date or hour too has the same numbers and counts.
func (r *Queue) Latest() (Status, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.scan(); err != nil {
		return Status{}, err
	}
	e := r.latest()
	if e == nil {
		return Status{}, ErrNoLatest
	}
	return r.status(e), nil
}

// latest returns nil if there is none. The lock must be held.
func (r *Queue) latest() *entry {
	want := parametersKey(params.Parameters{}.WithDefaults())
	ids := r.ids()
	slices.Reverse(ids)
	for _, id := range ids {
		e := r.entries[id]
		if e.record.State != Complete || e.storesAsked > 0 {
			continue
		}
		p := e.record.Parameters.WithDefaults() // a record of an earlier release lacks what came later
		p.By = ""
		if parametersKey(p) != want {
			continue
		}
		if e, err := r.find(id); err == nil && r.status(e).State == Complete {
			return e
		}
	}
	return nil
}
