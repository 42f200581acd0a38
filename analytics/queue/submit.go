package queue

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/report"
)

// Submission asks for a report.
type Submission struct {
	Parameters     params.Parameters
	Fresh          bool   // a new report even if an equal one is there
	IdempotencyKey string // "": none
	RequestedBy    string // see Record
}

// Submit accepts a report, or answers with one that is the same: an equal request on the same files,
// finished or in progress; reused reports which.
func (r *Queue) Submit(ctx context.Context, s Submission) (status Status, reused bool, err error) {
	p := s.Parameters.WithDefaults()
	if err := p.Validate(); err != nil {
		return Status{}, false, params.NewError(err)
	}
	fingerprint, err := input.Fingerprint(ctx, r.o.Data)
	if err != nil {
		return Status{}, false, input.NewError(err)
	}
	fingerprint = r.inputsKey(fingerprint)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.scan(); err != nil {
		return Status{}, false, err
	}
	same, err := r.findReusable(s, p, fingerprint)
	if err != nil || same != nil {
		return r.status(same), same != nil, err
	}
	if r.stopping {
		return Status{}, false, ErrStopping
	}
	if len(r.waiting) >= r.o.Queue {
		return Status{}, false, ErrQueueFull
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Status{}, false, fmt.Errorf("make a report id: %w", err)
	}
	e := &entry{record: Record{ReportID: id.String(), CreatedAt: r.o.Now().UTC(), Parameters: p, Inputs: fingerprint,
		Fresh: s.Fresh, IdempotencyKey: s.IdempotencyKey, RequestedBy: s.RequestedBy}}
	if err := e.record.move(Queued, r.o.Now()); err != nil {
		return Status{}, false, err
	}
	if err := r.o.Lock.Held(); err != nil {
		return Status{}, false, err
	}
	if err := report.MakeFolder(r.o.Reports, e.record.ReportID, e.record.save); err != nil {
		return Status{}, false, err
	}
	r.entries[e.record.ReportID] = e
	r.waiting = append(r.waiting, e.record.ReportID)
	r.wake.Signal()
	return r.status(e), false, nil
}

// inputsKey is equal for reports that read the same files by the same rules: those of the time zones have releases.
func (r *Queue) inputsKey(fingerprint string) string {
	return fingerprint + "-" + r.o.Engines.DuckDB.Zones.Release
}

// findReusable finds the report that an equal request on the same files shares.
func (r *Queue) findReusable(s Submission, p params.Parameters, fingerprint string) (*entry, error) {
	ids := r.ids()
	slices.Reverse(ids)
	key := parametersKey(p)
	if s.IdempotencyKey != "" {
		for _, id := range ids {
			if e := r.entries[id]; e.record.IdempotencyKey == s.IdempotencyKey {
				if e.parametersKey() != key || e.record.Fresh != s.Fresh {
					return nil, ErrKeyConflict
				}
				return e, nil
			}
		}
	}
	if s.Fresh {
		return nil, nil
	}
	for _, id := range ids {
		e := r.entries[id]
		if e.record.Inputs != fingerprint || e.parametersKey() != key {
			continue
		}
		if state := r.status(e).State; state != Failed && state != Cancelled {
			return e, nil
		}
	}
	return nil, nil
}
