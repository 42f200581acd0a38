package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"openhours/analytics/params"
	"openhours/analytics/report"
)

// Status is the state of a report and its progress.
type Status struct {
	Record
	Progress *StepProgress `json:"progress,omitempty"` // of a running one
	Waiting  int           `json:"waiting,omitempty"`  // place in the queue, from 1
}

// status must be called with the lock held.
func (r *Queue) status(e *entry) Status {
	if e == nil {
		return Status{}
	}
	s := Status{Record: e.record}
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
		record, err := readRecord(r.o.Reports, id)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("report %q: %w", id, report.ErrNoReport)
		} else if err != nil {
			return nil, err
		}
		e = &entry{record: record}
		r.entries[id] = e
	}
	if e.record.State.Final() {
		if _, err := os.Stat(filepath.Join(r.o.Reports, id)); errors.Is(err, fs.ErrNotExist) {
			delete(r.entries, id) // the command removed it
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
	return r.status(e), nil
}

// Manifest reads report.json of a finished report.
func (r *Queue) Manifest(id string) (report.Manifest, error) {
	status, err := r.Find(id)
	if err != nil {
		return report.Manifest{}, err
	}
	if status.State != Complete {
		return report.Manifest{}, &NotCompleteError{status.State}
	}
	return report.ReadManifest(filepath.Join(r.o.Reports, id))
}

// NotCompleteError is returned for a report that has nothing to read yet, or never will.
type NotCompleteError struct{ State State }

func (e *NotCompleteError) Error() string { return "the report is " + string(e.State) }

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
		if err != nil || state != "" && e.record.State != state {
			continue
		}
		list = append(list, r.status(e))
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
		r.waiting = slices.DeleteFunc(r.waiting, func(other string) bool { return other == id })
		return true, r.transition(e, Cancelled)
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

// Retention limits which final reports are kept. Zero means no limit.
type Retention struct {
	Age   time.Duration
	Count int
	Bytes int64
}

// retain removes final reports that are too old, too many or too large together, the oldest first.
func (r *Queue) retain() {
	keep := r.o.Retention
	if keep == (Retention{}) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := r.ids()
	slices.Reverse(ids)
	var count int
	var bytes int64
	for _, id := range ids {
		e := r.entries[id]
		if !e.record.State.Final() {
			continue
		}
		count++
		bytes += folderBytes(filepath.Join(r.o.Reports, id))
		tooOld := keep.Age > 0 && r.o.Now().Sub(e.record.CreatedAt) > keep.Age
		if !tooOld && (keep.Count == 0 || count <= keep.Count) && (keep.Bytes == 0 || bytes <= keep.Bytes) {
			continue
		}
		if err := r.removeFinal(id); err != nil {
			r.o.Log.Error("old report cannot be removed", "report_id", id, "error", err)
			continue
		}
		r.o.Log.Info("old report removed", "report_id", id)
	}
}

func folderBytes(folder string) (sum int64) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// parametersKey is equal for equal parameters.
func parametersKey(p params.Parameters) string {
	text, err := json.Marshal(p)
	if err != nil {
		return err.Error() // parameters are plain data: this cannot be
	}
	return string(text)
}
