package load

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"openhours/analytics/csvfile"
	"openhours/analytics/enginetest"
	"openhours/analytics/input"
)

// longRows is a rowSource of rows as long as a row may be.
type longRows struct{ read int }

func (r *longRows) Next() (csvfile.Row, error) {
	r.read++
	return csvfile.Row{Line: int64(r.read), Raw: strings.Repeat("x", csvfile.MaxRowBytes), FaultCell: -1}, nil
}

func statusSet() input.Set {
	sets := input.Sets()
	return sets[slices.IndexFunc(sets, func(s input.Set) bool { return s.Name == input.StatusSet })]
}

// TestChunkOfLongRows: a chunk ends by the bytes of its rows too, so that they do not fill the memory.
func TestChunkOfLongRows(t *testing.T) {
	rows := &longRows{}
	chunk := &exactChunk{file: &File{File: input.File{Set: statusSet()}, Head: csvfile.Header{Names: []string{"a"}}, Columns: input.Columns{Places: []int{0}}}}
	if more, err := chunk.fill(rows); err != nil || !more || rows.read != chunkBytes/csvfile.MaxRowBytes {
		t.Errorf("%d rows in a chunk, error %v", rows.read, err)
	}
}

// TestScanStops: DuckDB, which reads beside the inspection, stops when that refuses the file.
func TestScanStops(t *testing.T) {
	ctx, stop := (&File{inspected: make(chan struct{})}).whileSound(t.Context())
	if stop(); ctx.Err() == nil {
		t.Error("the context goes on after its end")
	}
	refused := &File{inspected: make(chan struct{}), seenErr: context.DeadlineExceeded}
	ctx, stop = refused.whileSound(t.Context())
	defer stop()
	close(refused.inspected)
	select {
	case <-ctx.Done():
	case <-time.After(10 * time.Second):
		t.Error("the scan of a refused file goes on")
	}
}

// TestManyRejects: the check of an upload ends where far too many rows are rejected, and says so.
func TestManyRejects(t *testing.T) {
	dir := t.TempDir()
	text := enginetest.StatusHead + strings.Repeat("a,b\n", 150_000)
	enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": text})
	file := input.File{Set: statusSet(), Name: "store_status.csv", Path: dir + "/store_status.csv"}
	e := enginetest.New(t, dir, 1)
	if found, err := CheckFile(t.Context(), e, file, 10); err == nil || !strings.Contains(err.Error(), "more than 100010 rows are rejected") || len(found.Rejects) != MaxExamples {
		t.Errorf("%d examples, error %v", len(found.Rejects), err)
	}
	if found, err := CheckFile(t.Context(), e, file, 60_000); err != nil || found.Loaded.Rejected != 150_000 {
		t.Errorf("%d rejected rows, error %v", found.Loaded.Rejected, err)
	}
}
