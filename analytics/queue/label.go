package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"openhours/analytics/params"
	"openhours/analytics/storage"
)

// Label is what people say of a report.
type Label struct {
	Name   string `json:"name"`
	Note   string `json:"note"`
	Pinned bool   `json:"pinned"` // its parameters are those of the fleet's report; at most one is
}

// LabelChange has what is to change; nil: stays.
type LabelChange struct {
	Name, Note *string
	Pinned     *bool
}

// What a label may hold, in characters.
const (
	LongestName = 100
	LongestNote = 2000
)

// labelFile lies beside what a report is made of, so that a report of the command can have one too.
const labelFile = "label.json"

// label is a Label on disk. Of several pins, which a power cut or a copied folder can leave, the last one counts.
type label struct {
	Name     string     `json:"name"`
	Note     string     `json:"note"`
	PinnedAt *time.Time `json:"pinned_at,omitempty"`
}

func (l label) shown() Label { return Label{l.Name, l.Note, l.PinnedAt != nil} }

// keeps reports whether retention leaves the report alone.
func (l label) keeps() bool { return l.Name != "" || l.PinnedAt != nil }

func (l label) save(folder string) error {
	return storage.ReplaceFile(filepath.Join(folder, labelFile), func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(l)
	})
}

func readLabel(folder string) (l label, err error) {
	text, err := os.ReadFile(filepath.Join(folder, labelFile))
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	} else if err != nil {
		return l, err
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return label{}, fmt.Errorf("%s: %w", labelFile, err)
	}
	return l, nil
}

// Labels reads the labels of reports without a server, by their ids. A label that cannot be read hides no other: the error names it.
func Labels(reports string, ids []string) (map[string]Label, error) {
	found := map[string]Label{}
	var faults []error
	var pinned string // the report whose pin counts
	var last time.Time
	for _, id := range ids {
		l, err := readLabel(filepath.Join(reports, id))
		if err != nil {
			faults = append(faults, fmt.Errorf("report %s: %w", id, err))
			continue
		}
		if l.PinnedAt != nil && l.PinnedAt.After(last) {
			pinned, last = id, *l.PinnedAt
		}
		found[id] = Label{Name: l.Name, Note: l.Note}
	}
	if pinned != "" {
		l := found[pinned]
		l.Pinned = true
		found[pinned] = l
	}
	return found, errors.Join(faults...)
}

// Validate reports every fault at once, and takes blanks around the name away.
func (c *LabelChange) Validate() error {
	var faults []error
	if c.Name != nil {
		name := strings.TrimSpace(*c.Name)
		c.Name = &name
		if n := utf8.RuneCountInString(name); n > LongestName {
			faults = append(faults, fmt.Errorf("name: it has %d characters: at most %d are kept", n, LongestName))
		}
		if strings.ContainsFunc(name, unicode.IsControl) {
			faults = append(faults, errors.New("name: it has a line end or another control character: write one line of text"))
		}
	}
	if c.Note != nil {
		if n := utf8.RuneCountInString(*c.Note); n > LongestNote {
			faults = append(faults, fmt.Errorf("note: it has %d characters: at most %d are kept", n, LongestNote))
		}
	}
	return errors.Join(faults...)
}

// Label names, annotates and pins a report. Pinning one unpins the one before.
func (r *Queue) Label(id string, change LabelChange) (Status, error) {
	if err := change.Validate(); err != nil {
		return Status{}, params.NewError(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	e, err := r.find(id)
	if err != nil {
		return Status{}, err
	}
	next := e.label
	if change.Name != nil {
		next.Name = *change.Name
	}
	if change.Note != nil {
		next.Note = *change.Note
	}
	if change.Pinned != nil && *change.Pinned != next.shown().Pinned {
		if next.PinnedAt = nil; *change.Pinned {
			if s := r.status(e); s.State != Complete {
				return Status{}, &NotCompleteError{s.State, s.Error}
			}
			at := r.o.Now().UTC()
			if last := r.pinned(); last != nil && !at.After(*last.label.PinnedAt) { // a clock was set back
				at = last.label.PinnedAt.Add(time.Microsecond)
			}
			next.PinnedAt = &at
		}
	}
	if err := r.saveLabel(e, next); err != nil {
		return Status{}, err
	}
	r.settlePins()
	return r.status(e), nil
}

func (r *Queue) saveLabel(e *entry, next label) error {
	if err := r.o.Lock.Held(); err != nil {
		return err
	}
	if err := next.save(r.Folder(e.record.ReportID)); err != nil {
		return fmt.Errorf("label of report %s: %w", e.record.ReportID, err)
	}
	e.label = next
	return nil
}

// pinned is the report whose pin counts, or nil.
func (r *Queue) pinned() (last *entry) {
	for _, e := range r.entries {
		if e.label.PinnedAt != nil && (last == nil || e.label.PinnedAt.After(*last.label.PinnedAt)) {
			last = e
		}
	}
	return last
}

// settlePins takes every pin away but the last. What cannot be written down now is settled again at the next start.
func (r *Queue) settlePins() {
	last := r.pinned()
	for id, e := range r.entries {
		if e.label.PinnedAt == nil || e == last {
			continue
		}
		next := e.label
		next.PinnedAt = nil
		if err := r.saveLabel(e, next); err != nil {
			r.o.Log.Warn("an earlier pin stays in the folder of its report", "report_id", id, "error", err)
			e.label = next
		}
	}
}
