// Package queue makes reports in the background: states, recovery after a crash, reuse, retention. The
// report folder is its only memory.
package queue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"openhours/analytics/pipeline"
	"openhours/analytics/report"
	"openhours/analytics/storage"
)

// Options configure a Runner. The zero value of a limit means its default.
type Options struct {
	Engines pipeline.Engines
	Data    string
	Reports string
	Lock    *storage.FolderLock // of Reports; nil: nobody else can come there
	Version string              // of the program, for manifests
	Log     *slog.Logger
	Now     func() time.Time

	Workers   int           // reports that run at once; 1
	Queue     int           // reports that may wait; 64
	TimeLimit time.Duration // of one report; 30 min
	Retention Retention
	Observe   Observer
}

// Observer is called after events, for metrics. Any of its functions may be nil.
type Observer struct {
	Step     func(name string, seconds float64)
	Finished func(state State, rowsRead, rowsRejected int64)
}

const mostTries = 3

// What callers of a Runner branch on.
var (
	ErrQueueFull   = errors.New("too many reports are waiting")
	ErrStopping    = errors.New("the server is stopping")
	ErrTaken       = errors.New("another server works on it, and each needs one of its own")
	ErrKeyConflict = errors.New("the idempotency key was used for another request")

	errCancelled = errors.New("cancelled")
	errTimeLimit = errors.New("the report took longer than the time limit of the server")
)

// StepProgress is the step that a running report has begun.
type StepProgress struct {
	Step  string `json:"step"`
	Done  int    `json:"steps_done"`
	Total int    `json:"steps_total"`
}

// entry is one report in memory; runner.mu guards it.
type entry struct {
	record   Record
	progress StepProgress
	cancel   context.CancelCauseFunc // of a running one
	ended    chan struct{}           // closed when a running one has stopped
	outputs  []report.OutputFile     // of a complete one

	label   label
	summary Summary // of a complete one

	key         string // see parametersKey; "": not shortened
	numbers     string // see numbersKey; "": not final
	storesAsked int    // 0: not shortened
	broken      string // what is wrong with its files, if that is known otherwise than by their sizes
}

// Queue takes requests for reports, runs a bounded number of them and finds all of them again after
// a restart: the report folder is its only memory.
type Queue struct {
	o    Options
	mu   sync.Mutex
	wake *sync.Cond
	// entries are all reports known, waiting those in the queue, oldest first.
	entries map[string]*entry
	waiting []string
	// unreadable are folders whose record cannot be read, with the error that was logged.
	unreadable map[string]string
	stopping   bool
	workers    sync.WaitGroup
	keeper     sync.WaitGroup
	stop       context.CancelCauseFunc
	ctx        context.Context
}

// Lock keeps other servers from the folder of the reports until it is released or the process
// ends: each would take the reports that another has in work for those of a server that died.
func Lock(reports string) (*storage.FolderLock, error) {
	return storage.Lock(reports, fmt.Errorf("report folder %s: %w", reports, ErrTaken))
}

// New finds the reports of the folder, puts those back in the queue that did not end, and
// starts to work.
func New(o Options) (*Queue, error) {
	orElse := func(n *int, fallback int) {
		if *n == 0 {
			*n = fallback
		}
	}
	orElse(&o.Workers, 1)
	orElse(&o.Queue, 64)
	if o.TimeLimit == 0 {
		o.TimeLimit = 30 * time.Minute
	}
	r, err := open(o)
	if err != nil {
		return nil, err
	}
	r.keeper.Go(func() { r.keep(r.ctx) })
	for range o.Workers {
		r.workers.Add(1)
		go r.work()
	}
	return r, nil
}

// open finds the reports of the folder, and does not work yet.
func open(o Options) (*Queue, error) {
	if err := storage.MakeFolder(o.Reports); err != nil {
		return nil, fmt.Errorf("report folder: %w", err)
	}
	r := &Queue{o: o, entries: map[string]*entry{}, unreadable: map[string]string{}}
	r.wake = sync.NewCond(&r.mu)
	r.ctx, r.stop = context.WithCancelCause(context.Background())
	if err := r.recover(); err != nil {
		return nil, err
	}
	r.retain()
	return r, nil
}

// recover reads the folder after a start.
func (r *Queue) recover() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := report.CleanUp(r.o.Reports); err != nil {
		return err
	}
	if err := r.scan(); err != nil {
		return err
	}
	if err := r.removeStrays(); err != nil {
		return err
	}
	for _, id := range r.ids() {
		e := r.entries[id]
		if err := storage.RemoveDrafts(filepath.Join(r.o.Reports, id), "*.part"); err != nil {
			return fmt.Errorf("report %s: %w", id, err)
		}
		if e.record.State.Final() {
			continue
		}
		if err := report.RemoveOutputs(filepath.Join(r.o.Reports, id)); err != nil {
			return fmt.Errorf("report %s: %w", id, err)
		}
		if e.record.State == Running {
			to, next := Queued, e.record
			if next.Error = ""; next.Tries >= mostTries {
				to, next.Error = Failed, fmt.Sprintf("the server died %d times while it made this report", next.Tries)
			}
			if err := r.transition(e, next, to); err != nil {
				return err
			}
		}
		if e.record.State == Queued {
			r.waiting = append(r.waiting, id)
			r.o.Log.Info("report found again", "report_id", id, "tries", e.record.Tries)
		}
	}
	return nil
}

// removeStrays removes the half-made reports of earlier releases, whose command made them under their own names.
func (r *Queue) removeStrays() error {
	found, err := os.ReadDir(r.o.Reports)
	if err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	for _, folder := range found {
		id := folder.Name()
		if !folder.IsDir() || !report.IsID(id) || r.entries[id] != nil || r.unreadable[id] != "" {
			continue
		}
		path := filepath.Join(r.o.Reports, id)
		if err := errors.Join(report.RemoveOutputs(path), storage.RemoveIfEmpty(path)); err != nil {
			return fmt.Errorf("report %s: %w", id, err)
		}
	}
	return nil
}

// scan takes in reports that are new in the folder, such as those the command made.
func (r *Queue) scan() error {
	found, err := os.ReadDir(r.o.Reports)
	if err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	for _, folder := range found {
		id := folder.Name()
		if r.entries[id] != nil || !folder.IsDir() || !report.IsID(id) {
			continue
		}
		if _, err := r.load(id); errors.Is(err, fs.ErrNotExist) {
			continue // the command is writing it, or was killed while it did
		} else if err != nil && r.unreadable[id] != err.Error() { // the folder is scanned repeatedly
			r.unreadable[id] = err.Error()
			r.o.Log.Warn("report cannot be read", "report_id", id, "error", err)
		}
	}
	return nil
}

// load takes in a report of the folder.
func (r *Queue) load(id string) (*entry, error) {
	e, err := readEntry(r.o.Reports, id)
	if err != nil {
		return nil, err
	}
	if e.label, err = readLabel(r.Folder(id)); err != nil {
		r.o.Log.Warn("the name, note and pin of a report cannot be read: it shows without them", "report_id", id, "error", err)
	}
	if e.record.State.Final() {
		e.shorten()
	}
	r.entries[id] = e
	if e.label.PinnedAt != nil {
		r.settlePins()
	}
	return e, nil
}

// ids lists the reports known, oldest first.
func (r *Queue) ids() []string {
	ids := make([]string, 0, len(r.entries))
	for id := range r.entries {
		ids = append(ids, id)
	}
	slices.Sort(ids) // version 7 sorts by time
	return ids
}

// transition writes down that a report moves to a state; next is its record with what else changes. Where it cannot
// be written down the report stays as it is: memory and disk agree.
func (r *Queue) transition(e *entry, next Record, to State) error {
	if err := next.move(to, r.o.Now()); err != nil {
		return err
	}
	if err := r.o.Lock.Held(); err != nil {
		return err
	}
	folder := filepath.Join(r.o.Reports, next.ReportID)
	if err := next.save(folder); err != nil {
		_ = e.record.save(folder) // the new one may be there and only its name not synced; else the old one is there
		return err
	}
	e.record = next
	return nil
}

// Stop takes no new work, gives running reports until ctx ends, then puts them back in the queue.
func (r *Queue) Stop(ctx context.Context) {
	r.mu.Lock()
	r.stopping = true
	r.wake.Broadcast()
	r.mu.Unlock()
	done := make(chan struct{})
	go func() {
		r.workers.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	r.stop(ErrStopping)
	<-done
	r.keeper.Wait()
}
