package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"
	"sync"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/sandbox"
)

// Trials have files from outside read in processes of their own, which may die of them: one changed byte
// can end the process that reads a Parquet file. A nil *Trials reads them in this process.
type Trials struct {
	program *sandbox.Program

	mu   sync.Mutex
	seen map[string]tried // by path
}

// tried is what became of a file.
type tried struct {
	info    os.FileInfo
	answer  TrialAnswer
	hasRows bool // its rows were read, not only its columns
}

// NewTrials returns trials by a program that passes its standard input and output to AnswerTrials.
func NewTrials(program *sandbox.Program) *Trials {
	return &Trials{program: program, seen: map[string]tried{}}
}

// TrialRequest asks to read one file.
type TrialRequest struct {
	Name        string `json:"name"`
	Path        string `json:"path"`
	Set         string `json:"set"` // "": only the columns are read
	MostRejects int64  `json:"most_rejects"`
}

// TrialAnswer is what a process of its own read.
type TrialAnswer struct {
	CheckedFile
	Columns []string `json:"columns"` // only if no set was named
	Fault   string   `json:"fault"`   // why the file cannot be read; "": it can
	Machine string   `json:"machine"` // what is wrong with the machine rather than the file
}

// err is what CheckFile would have returned.
func (a TrialAnswer) err() error {
	switch {
	case a.Machine != "":
		return &machineError{a.Machine}
	case a.Fault != "":
		return errors.New(a.Fault)
	}
	return nil
}

// machineError is an error of another process that is not the file's.
type machineError struct{ text string }

func (e *machineError) Error() string { return e.text }

func (e *machineError) Unwrap() error { return engine.ErrMachine }

// AnswerTrials reads the requested files one by one. It stops early where DuckDB can do no more.
func AnswerTrials(ctx context.Context, e *engine.Engine, requests []TrialRequest, answer func(TrialAnswer) error) error {
	for _, q := range requests {
		found, err := answerTrial(ctx, e, q)
		broken := engine.IsBroken(err)
		switch {
		case err == nil:
		case engine.IsOutOfMemory(err):
			found.Fault = "it needs more memory than the check of a file may take: write it with smaller row groups and pages"
		case broken:
			cause, _, _ := strings.Cut(err.Error(), "\n")
			found.Fault = "it is damaged: write it again (" + cause + ")"
		case engine.IsMachineFault(err):
			found.Machine = err.Error()
		default:
			found.Fault = err.Error()
		}
		if err := answer(found); err != nil || broken {
			return err
		}
	}
	return nil
}

func answerTrial(ctx context.Context, e *engine.Engine, q TrialRequest) (found TrialAnswer, err error) {
	for _, set := range input.Sets() {
		if set.Name == q.Set {
			found.CheckedFile, err = CheckFile(ctx, e, input.File{Set: set, Name: q.Name, Path: q.Path}, q.MostRejects)
			return found, err
		}
	}
	found.Columns, err = columnsOf(ctx, e, q.Path)
	return found, err
}

// CheckFile is the function CheckFile in a process of its own.
func (t *Trials) CheckFile(ctx context.Context, e *engine.Engine, file input.File, mostRejects int64) (CheckedFile, error) {
	if t == nil {
		return CheckFile(ctx, e, file, mostRejects)
	}
	var found TrialAnswer
	err := t.run(ctx, []TrialRequest{{file.Name, file.Path, file.Set.Name, mostRejects}}, func(_ int, a TrialAnswer) { found = a })
	if err != nil {
		return CheckedFile{}, err
	}
	return found.CheckedFile, found.err()
}

// Accept remembers that a file, which CheckFile has read, will lie at path.
func (t *Trials) Accept(path string, info os.FileInfo) {
	if t != nil {
		t.remember(path, tried{info: info, hasRows: true})
	}
}

func (t *Trials) remember(path string, found tried) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 100_000
	if len(t.seen) >= most { // the files of folders that are gone
		clear(t.seen)
	}
	t.seen[path] = found
}

// known returns what became of a file, unless it has changed since.
func (t *Trials) known(path string, info os.FileInfo) (tried, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	found, ok := t.seen[path]
	return found, ok && os.SameFile(found.info, info) && found.info.Size() == info.Size() && found.info.ModTime().Equal(info.ModTime())
}

// try has the Parquet files among files and unread read, except those that were before, and returns the
// first error of files.
func (t *Trials) try(ctx context.Context, files []*File, unread []input.UnreadFile) error {
	if t == nil {
		return nil
	}
	var requests []TrialRequest
	var infos []os.FileInfo
	for _, f := range files {
		if !f.IsParquet() {
			continue
		}
		info, err := os.Stat(f.onDisk())
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrChanged
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if found, ok := t.known(f.onDisk(), info); !ok || !found.hasRows {
			requests, infos = append(requests, TrialRequest{f.Name, f.onDisk(), f.Set.Name, math.MaxInt64 / 2}), append(infos, info)
		}
	}
	for _, f := range unread {
		if !maybeParquet(f) {
			continue
		}
		info, err := os.Stat(f.Path)
		if err != nil {
			continue // it is not read, so it need not be there
		}
		if _, ok := t.known(f.Path, info); !ok {
			requests, infos = append(requests, TrialRequest{Name: f.File, Path: f.Path}), append(infos, info)
		}
	}
	if err := t.run(ctx, requests, func(n int, found TrialAnswer) {
		if found.Machine == "" {
			t.remember(requests[n].Path, tried{infos[n], found, requests[n].Set != ""})
		}
	}); err != nil {
		return err
	}
	for _, f := range files {
		if !f.IsParquet() {
			continue
		}
		found, ok := t.known(f.onDisk(), f.Info)
		if !ok && (f.origin == "" || f.pinned) { // of a local copy nothing but the path is known
			return fmt.Errorf("%s: %w", f.Name, ErrChanged)
		}
		if err := found.answer.err(); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// onDisk is where another process finds the file.
func (f *File) onDisk() string {
	if f.pinned {
		return f.origin
	}
	return f.Path
}

// run has a process read files, and calls take with the place of each and the answer. A file counts as the
// one that a process died of only if that had read no other: the files before it might be the cause.
func (t *Trials) run(ctx context.Context, requests []TrialRequest, take func(int, TrialAnswer)) error {
	for done := 0; done < len(requests); {
		first := done
		err := t.program.Run(ctx, requests[first:], seconds(requests[first:]), func(text json.RawMessage) error {
			var found TrialAnswer
			if err := json.Unmarshal(text, &found); err != nil || done == len(requests) {
				return fmt.Errorf("read the answer of a process: %w", err)
			}
			if found.Machine != "" {
				return found.err()
			}
			take(done, found)
			done++
			return nil
		})
		var death *sandbox.DeathError
		switch {
		case done > first && (err == nil || errors.As(err, &death)):
		case errors.As(err, &death):
			take(done, TrialAnswer{Fault: "it cannot be read: the process that tried " + death.Error() + "; write the file again"})
			done++
		case err == nil:
			return errors.New("a process that reads files ended without an answer")
		default:
			return err
		}
	}
	return nil
}

// seconds is how long the processor may work on files: several times of what the slowest take, whose rows
// are all rejected.
func seconds(requests []TrialRequest) int {
	const least, perMegabyte = 30, 10
	var bytes int64
	for _, q := range requests {
		if info, err := os.Stat(q.Path); err == nil {
			bytes += info.Size()
		}
	}
	return least + int(min(bytes/1e6, 1e6))*perMegabyte
}
