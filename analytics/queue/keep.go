package queue

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"openhours/analytics/report"
	"openhours/analytics/storage"
)

// Retention limits which final reports are kept, the last to finish first. Zero means no limit. The last complete one and
// the one that stands for the fleet always stay, as do named and pinned ones, which count towards no limit.
type Retention struct {
	Age   time.Duration // counted back from the last report, so that a clock that is set does not remove them all
	Count int
	Bytes int64
}

const (
	retainEvery = time.Minute // for reports that the command makes meanwhile
	verifyEvery = 24 * time.Hour
	// restFactor is how much longer than the reading of a report the pause after it is: the pass over all bytes must
	// not be felt.
	restFactor = 20
)

// keep looks after the finished reports until ctx ends.
func (r *Queue) keep(ctx context.Context) {
	retain, verify := time.NewTicker(retainEvery), time.NewTimer(0)
	defer retain.Stop()
	defer verify.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-retain.C:
			r.retain()
		case <-verify.C:
			r.verifyAll(ctx, func(worked time.Duration) {
				select {
				case <-ctx.Done():
				case <-time.After(restFactor * worked):
				}
			})
			verify.Reset(verifyEvery)
		}
	}
}

// verifyAll compares the bytes of all complete reports with their hashes, with a rest after each.
func (r *Queue) verifyAll(ctx context.Context, rest func(worked time.Duration)) {
	r.mu.Lock()
	ids := r.ids()
	r.mu.Unlock()
	for _, id := range ids {
		r.mu.Lock()
		e := r.entries[id]
		due := e != nil && r.status(e).State == Complete
		var outputs []report.OutputFile
		if due {
			outputs = e.outputs
		}
		r.mu.Unlock()
		if !due {
			continue
		}
		start := time.Now()
		broken := brokenBytes(ctx, r.Folder(id), outputs)
		if ctx.Err() != nil {
			return
		}
		if broken != "" {
			r.o.Log.Error("report is damaged", "report_id", id, "error", broken)
			r.mu.Lock()
			e.broken = broken
			r.mu.Unlock()
		}
		rest(time.Since(start))
	}
}

// brokenBytes names the first of the files whose bytes are not those that were written; "": none.
func brokenBytes(ctx context.Context, folder string, outputs []report.OutputFile) string {
	for _, f := range outputs {
		if f.SHA256 == "" {
			continue
		}
		if seen, err := storage.HashFile(ctx, filepath.Join(folder, f.File)); err == nil && seen.SHA256 != f.SHA256 {
			return "damaged: the SHA-256 of " + f.File + " is not the one in " + report.ManifestFile
		}
	}
	return "" // a file that is gone is seen by its size
}

// retain removes final reports that are too old, too many or too large together, the oldest first, and what killed
// runs of the command have left.
func (r *Queue) retain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	keep := r.o.Retention
	if keep == (Retention{}) {
		return
	}
	if err := r.scan(); err != nil {
		r.o.Log.Error("old reports cannot be looked for", "error", err)
		return
	}
	var latest time.Time
	var count int
	var bytes int64
	var completeStays bool
	fleet := r.latest()
	for i, e := range r.final() {
		id := e.record.ReportID
		if i == 0 {
			latest = e.finishedAt()
		}
		if e.label.keeps() {
			completeStays = completeStays || r.status(e).State == Complete
			continue
		}
		count++
		bytes += folderBytes(r.Folder(id))
		tooOld := keep.Age > 0 && latest.Sub(e.finishedAt()) > keep.Age
		if !completeStays && r.status(e).State == Complete {
			completeStays = true
			continue
		}
		if e == fleet {
			continue
		}
		if !tooOld && (keep.Count == 0 || count <= keep.Count) && (keep.Bytes == 0 || bytes <= keep.Bytes) {
			continue
		}
		if err := r.removeFinal(id); err != nil {
			r.o.Log.Error("old report cannot be removed", "report_id", id, "error", err)
			continue
		}
		r.o.Log.Info("old report removed", "report_id", id)
	}
	if err := report.CleanUp(r.o.Reports); err != nil {
		r.o.Log.Error("what killed runs left cannot be removed", "error", err)
	}
}

// final lists the final reports, the last to finish first: what has just been made is the last to go.
func (r *Queue) final() (list []*entry) {
	for _, e := range r.entries {
		if e.record.State.Final() {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *entry) int {
		return cmp.Or(b.finishedAt().Compare(a.finishedAt()), strings.Compare(b.record.ReportID, a.record.ReportID))
	})
	return list
}

func (e *entry) finishedAt() time.Time {
	if e.record.FinishedAt == nil {
		return e.record.CreatedAt
	}
	return *e.record.FinishedAt
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
