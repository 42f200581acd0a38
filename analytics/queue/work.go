package queue

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"openhours/analytics/report"
)

// work is one worker.
func (r *Queue) work() {
	defer r.workers.Done()
	for wait := leastWait; ; {
		r.mu.Lock()
		for len(r.waiting) == 0 && !r.stopping {
			r.wake.Wait()
		}
		if r.stopping {
			r.mu.Unlock()
			return
		}
		e := r.entries[r.waiting[0]]
		if err := r.transition(e, e.record, Running); err != nil {
			r.mu.Unlock()
			r.o.Log.Error("report cannot begin: it stays in the queue", "report_id", e.record.ReportID, "error", err, "again_in", wait)
			wait = r.pause(wait)
			continue
		}
		wait = leastWait
		r.waiting = r.waiting[1:]
		ctx, cancel := context.WithCancelCause(r.ctx)
		limited, release := context.WithTimeoutCause(ctx, r.o.TimeLimit, errTimeLimit)
		e.cancel, e.ended = cancel, make(chan struct{})
		r.mu.Unlock()
		m, err := r.run(limited, e)
		r.finish(limited, e, m, err)
		release()
		cancel(nil)
		r.retain()
	}
}

// What cannot be written down is tried again: a disk that is full has room again at some time.
const (
	leastWait = 200 * time.Millisecond
	mostWait  = 30 * time.Second
)

// pause waits, unless the server stops, and returns how long to wait the next time.
func (r *Queue) pause(wait time.Duration) time.Duration {
	select {
	case <-time.After(wait):
	case <-r.ctx.Done():
	}
	return min(2*wait, mostWait)
}

func (r *Queue) run(ctx context.Context, e *entry) (report.Manifest, error) {
	r.o.Log.Info("report begins", "report_id", e.record.ReportID, "try", e.record.Tries)
	return report.Make(ctx, r.o.Engines, report.Request{
		ID: e.record.ReportID, Data: r.o.Data, Reports: r.o.Reports, Parameters: e.record.Parameters,
		Version: r.o.Version, Now: r.o.Now(),
		Opened: func(fingerprint string) {
			r.mu.Lock()
			defer r.mu.Unlock()
			e.record.Inputs = r.inputsKey(fingerprint) // others were there when the request came
		},
		Progress: func(name string, n, total int) {
			r.mu.Lock()
			defer r.mu.Unlock()
			e.progress = StepProgress{Step: name, Done: n - 1, Total: total}
		},
	})
}

// finish writes down how a run ended. Until it is on the disk the report stays a running one; a server that stops
// before leaves it to the next.
func (r *Queue) finish(ctx context.Context, e *entry, m report.Manifest, err error) {
	defer close(e.ended)
	id, next, to := e.record.ReportID, e.record, Complete
	switch cause := context.Cause(ctx); {
	case err == nil:
	case errors.Is(cause, errCancelled):
		to = Cancelled
	case errors.Is(cause, ErrStopping):
		to = Queued
		next.Tries-- // it was not its fault
	case errors.Is(cause, errTimeLimit):
		to, next.Error = Failed, errTimeLimit.Error()
	default:
		to, next.Error = Failed, plainError(err)
	}
	for wait := leastWait; ; {
		r.mu.Lock()
		if to == Complete {
			e.finished(r.Folder(id), m, nil)
		}
		saveErr := r.transition(e, next, to)
		if saveErr == nil && to.Final() {
			e.shorten()
		}
		r.mu.Unlock()
		if saveErr == nil {
			break
		}
		r.o.Log.Error("report state cannot be saved", "report_id", id, "state", to, "error", saveErr, "again_in", wait)
		if r.ctx.Err() != nil {
			return
		}
		wait = r.pause(wait)
	}
	if err != nil {
		r.o.Log.Warn("report ends", "report_id", id, "state", to, "error", err)
	} else {
		r.o.Log.Info("report ends", "report_id", id, "state", to, "stores", m.Stores, "rows", m.Quality.RowsRead,
			"took", e.record.FinishedAt.Sub(*e.record.StartedAt))
	}
	if r.o.Observe.Finished != nil {
		r.o.Observe.Finished(to, m.Quality.RowsRead, m.Quality.RowsRejected)
	}
	for _, s := range m.Steps {
		if r.o.Observe.Step != nil {
			r.o.Observe.Step(s.Name, s.Seconds)
		}
	}
}

// mostErrorBytes is how much of an error a record keeps: it may hold ids of any length.
const mostErrorBytes = 2000

// plainError is what people may read of a failure: paths of the server are not for them.
func plainError(err error) string {
	text := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		text = strings.ReplaceAll(text, path.Path, filepath.Base(path.Path))
	}
	if len(text) > mostErrorBytes {
		text = strings.ToValidUTF8(text[:mostErrorBytes], "") + "…"
	}
	return text
}
