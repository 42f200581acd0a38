package queue

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"openhours/analytics/params"
	"openhours/analytics/report"
	"openhours/analytics/storage"
)

// Status is the state of a report and its progress.
type Status struct {
	Record
	Label
	Summary  Summary       `json:"-"`                  // of a complete one
	Progress *StepProgress `json:"progress,omitempty"` // of a running one
	Waiting  int           `json:"waiting,omitempty"`  // place in the queue, from 1

	StoresAsked int `json:"stores_asked,omitempty"` // stores that the request names; lists have only the first of them; none: all
}

// status must be called with the lock held.
func (r *Queue) status(e *entry) Status {
	if e == nil {
		return Status{}
	}
	s := Status{Record: e.record, Label: e.label.shown(), Summary: e.summary, StoresAsked: cmp.Or(e.storesAsked, len(e.record.Parameters.Stores))}
	if s.State == Complete {
		// what is served must be what was made: a failed disk or a careless hand may have changed it since
		if damage := cmp.Or(e.broken, report.Damage(r.Folder(s.ReportID), e.outputs)); damage != "" {
			s.State, s.Error, s.Summary = Failed, damage, Summary{}
		}
	}
	if e.record.State == Running {
		progress := e.progress
		s.Progress = &progress
	}
	s.Waiting = slices.Index(r.waiting, e.record.ReportID) + 1
	return s
}

// find looks for a report in memory, then in the folder. The lock must be held.
func (r *Queue) find(id string) (*entry, error) {
	if !report.IsID(id) {
		return nil, fmt.Errorf("report %q: %w", id, report.ErrNoReport)
	}
	e := r.entries[id]
	if e == nil {
		var err error
		if e, err = r.load(id); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("report %q: %w", id, report.ErrNoReport)
		} else if err != nil {
			return nil, err
		}
	}
	if e.record.State.Final() {
		if _, err := os.Stat(filepath.Join(r.o.Reports, id)); errors.Is(err, fs.ErrNotExist) {
			// the command removed it, or this server did and cannot tell whether that lasts
			if err := storage.SyncFolder(r.o.Reports); err != nil {
				return nil, fmt.Errorf("report folder: %w", err)
			}
			delete(r.entries, id)
			return nil, fmt.Errorf("report %q: %w", id, report.ErrNoReport)
		}
	}
	return e, nil
}

// Find returns the status of a report.
func (r *Queue) Find(id string) (Status, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, err := r.find(id)
	if err != nil {
		return Status{}, err
	}
	s := r.status(e)
	if e.storesAsked > 0 {
		whole, err := readEntry(r.o.Reports, id)
		if err != nil {
			return Status{}, err
		}
		s.Parameters = whole.record.Parameters
	}
	return s, nil
}

// A list, and the memory of a server, hold so many of the ids that a report was asked for.
const (
	mostListedStores     = 5
	mostListedStoreBytes = 500
)

// firstStores returns the first of many ids.
func firstStores(stores []string) []string {
	bytes := 0
	for i, id := range stores {
		if bytes += len(id); i == mostListedStores || bytes > mostListedStoreBytes {
			return slices.Clone(stores[:i:i])
		}
	}
	return stores
}

// shorten forgets most ids of a report that is final; its folder has them.
func (e *entry) shorten() {
	p := &e.record.Parameters
	e.numbers = e.numbersKey() // every search for the latest asks for it
	if short := firstStores(p.Stores); len(short) < len(p.Stores) {
		e.key, e.storesAsked = parametersKey(*p), len(p.Stores)
		p.Stores = short
	}
}

// parametersKey is that of the parameters that the report was asked for.
func (e *entry) parametersKey() string { return cmp.Or(e.key, parametersKey(e.record.Parameters)) }

// Manifest reads report.json of a finished report.
func (r *Queue) Manifest(id string) (report.Manifest, error) {
	status, err := r.Find(id)
	if err != nil {
		return report.Manifest{}, err
	}
	if status.State != Complete {
		return report.Manifest{}, &NotCompleteError{status.State, status.Error}
	}
	return report.ReadManifest(filepath.Join(r.o.Reports, id))
}

// NotCompleteError is returned for a report that has nothing to read yet, or never will.
type NotCompleteError struct {
	State State
	Cause string // of a failed one
}

func (e *NotCompleteError) Error() string {
	if e.Cause != "" {
		return "the report is " + string(e.State) + ": " + e.Cause
	}
	return "the report is " + string(e.State)
}

// Folder is where the files of a report lie.
func (r *Queue) Folder(id string) string { return filepath.Join(r.o.Reports, id) }

// List gives reports newest first, those before the id given and in the state given; "": all.
func (r *Queue) List(state State, before string, limit int) ([]Status, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.scan(); err != nil {
		return nil, err
	}
	list := []Status{}
	ids := r.ids()
	slices.Reverse(ids)
	for _, id := range ids {
		if len(list) == limit {
			break
		}
		if before != "" && id >= before {
			continue
		}
		e, err := r.find(id)
		if err != nil {
			continue
		}
		if status := r.status(e); state == "" || status.State == state {
			status.Parameters.Stores = firstStores(status.Parameters.Stores)
			list = append(list, status)
		}
	}
	return list, nil
}

// Remove cancels a report that waits or runs, and waits until it has stopped; one that is final it
// removes with its files. cancelled reports which it was.
func (r *Queue) Remove(ctx context.Context, id string) (cancelled bool, err error) {
	r.mu.Lock()
	e, err := r.find(id)
	if err != nil {
		r.mu.Unlock()
		return false, err
	}
	switch e.record.State {
	case Queued:
		defer r.mu.Unlock()
		if err := r.transition(e, e.record, Cancelled); err != nil {
			return false, err
		}
		r.waiting = slices.DeleteFunc(r.waiting, func(other string) bool { return other == id })
		e.shorten()
		return true, nil
	case Running:
		e.cancel(errCancelled)
		ended := e.ended
		r.mu.Unlock()
		select {
		case <-ended:
			return true, nil
		case <-ctx.Done():
			return true, ctx.Err()
		}
	}
	defer r.mu.Unlock()
	return false, r.removeFinal(id)
}

func (r *Queue) removeFinal(id string) error {
	if err := r.o.Lock.Held(); err != nil {
		return err
	}
	if err := report.RemoveFolder(r.o.Reports, id); err != nil {
		return err
	}
	delete(r.entries, id)
	return nil
}

// Counts returns how many reports are in each state, and how many wait.
func (r *Queue) Counts() (states map[State]int, waiting int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	states = map[State]int{Queued: 0, Running: 0, Complete: 0, Failed: 0, Cancelled: 0}
	for _, e := range r.entries {
		states[e.record.State]++
	}
	return states, len(r.waiting)
}

// parametersKey is equal for equal parameters.
func parametersKey(p params.Parameters) string {
	text, err := json.Marshal(p)
	if err != nil {
		return err.Error() // parameters are plain data: this cannot be
	}
	sum := sha256.Sum256(text)
	return string(sum[:])
}
