// Package generate writes sample input with the traits of public data of this kind: enough to try
// the engine on, to test it, and to measure it at any size. It is not for tests of single rules;
// those have fixtures of a few rows.
package generate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// IDs is the form of store ids.
type IDs string

// The forms of ids that public data has.
const (
	Numbers IDs = "number" // 19 digits
	UUIDs   IDs = "uuid"
)

// Options say how much to make. The same options make the same bytes.
type Options struct {
	Dir    string // made when missing
	Stores int
	Days   int // of polls, up to AsOf
	Seed   uint64
	IDs    IDs
	AsOf   time.Time // no poll is later

	// Calendar adds stores, special hours, closures and dated hours, and polls that fit them.
	Calendar bool
	// For benchmarks, with Calendar: at least so many columns of attributes, and rows.
	Attributes, SpecialHours, Closures int
}

// mostStoreDays bounds the memory: each has some eighteen polls of 16 bytes.
const mostStoreDays = 20_000_000

// Validate reports every fault at once.
func (o Options) Validate() error {
	var faults []error
	within := func(name string, n, least, most int) {
		if n < least || n > most {
			faults = append(faults, fmt.Errorf("%s %d: must be between %d and %d", name, n, least, most))
		}
	}
	within("stores", o.Stores, 1, 1_000_000)
	within("days", o.Days, 1, 3650)
	if o.Stores > 0 && o.Days > 0 && o.Stores > mostStoreDays/o.Days {
		faults = append(faults, fmt.Errorf("%d stores for %d days: at most %d store days are made at once", o.Stores, o.Days, mostStoreDays))
	}
	if o.IDs != Numbers && o.IDs != UUIDs {
		faults = append(faults, fmt.Errorf("ids %q: they are number or uuid", o.IDs))
	}
	within("attributes", o.Attributes, 0, 200)
	within("special_hours", o.SpecialHours, 0, 10_000_000)
	within("closures", o.Closures, 0, 10_000_000)
	if !o.Calendar && (o.Attributes > 0 || o.SpecialHours > 0 || o.Closures > 0) {
		faults = append(faults, errors.New("attributes, special_hours and closures belong to a calendar: ask for it too"))
	}
	if y := o.AsOf.UTC().Year(); y < 1981 || y > 9998 {
		faults = append(faults, fmt.Errorf("as_of %s: its year must be between 1981 and 9998", o.AsOf.Format(time.RFC3339)))
	}
	return errors.Join(faults...)
}

// File is one file that was written.
type File struct {
	Name  string
	Rows  int64 // without the header
	Bytes int64
}

// Result lists the files in the order of their writing.
type Result struct{ Files []File }

// Write makes the three files, and with a calendar three more. It never replaces a file, and leaves none behind when it fails.
func Write(ctx context.Context, o Options) (_ Result, err error) {
	if err := o.Validate(); err != nil {
		return Result{}, err
	}
	w := newWorld(o)
	type part struct {
		name string
		rows func(*table)
	}
	parts := []part{{"timezones.csv", w.zoneRows}, {"menu_hours.csv", w.hoursRows}}
	if o.Calendar {
		var err error
		if w.calendar, err = newCalendar(w); err != nil {
			return Result{}, fmt.Errorf("generate: %w", err)
		}
		parts = append(parts, part{"stores.csv", w.calendar.storeRows}, part{"special_hours.csv", w.calendar.specialRows},
			part{"closures.csv", w.calendar.closureRows})
	}
	parts = append(parts, part{"store_status.csv", w.statusRows})
	for _, part := range parts {
		if _, err := os.Lstat(filepath.Join(o.Dir, part.name)); err == nil {
			return Result{}, alreadyThere(filepath.Join(o.Dir, part.name))
		}
	}
	if err := errors.Join(storage.MakeFolder(o.Dir), input.RemoveIncoming(o.Dir)); err != nil {
		return Result{}, fmt.Errorf("generate: %w", err)
	}
	var result Result
	drafts := map[string]*storage.Draft{}
	defer func() {
		for _, draft := range drafts {
			err = errors.Join(err, draft.Discard())
		}
	}()
	for _, part := range parts {
		draft, err := input.CreateIncoming(o.Dir, ".csv")
		if err != nil {
			return Result{}, fmt.Errorf("generate %s: %w", part.name, err)
		}
		drafts[filepath.Join(o.Dir, part.name)] = draft
		file, err := writeTable(ctx, draft, part.rows)
		if err != nil {
			return Result{}, fmt.Errorf("generate %s: %w", part.name, err)
		}
		file.Name = part.name
		result.Files = append(result.Files, file)
	}
	return result, publish(ctx, o.Dir, result.Files, drafts)
}

// publish gives the files their names, or none of them. The status file, without which no report is made, comes
// last.
func publish(ctx context.Context, dir string, files []File, drafts map[string]*storage.Draft) (err error) {
	lock, err := input.LockFolder(ctx, dir)
	if err != nil {
		return fmt.Errorf("generate: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	var done []string
	for _, file := range files {
		path := filepath.Join(dir, file.Name)
		if err := drafts[path].PublishNew(path); errors.Is(err, fs.ErrExist) {
			return errors.Join(alreadyThere(path), storage.Remove(done...))
		} else if err != nil {
			return errors.Join(fmt.Errorf("generate %s: %w", file.Name, err), storage.Remove(done...))
		}
		done = append(done, path)
	}
	return nil
}

func alreadyThere(path string) error {
	return fmt.Errorf("generate: %s is already there: choose another folder or move it away", path)
}

// table is a CSV file in the making; its first error ends it.
type table struct {
	ctx  context.Context
	out  io.Writer
	row  []byte
	file File
	err  error
}

// add ends a row that was built in t.row.
func (t *table) add() {
	if t.err == nil && t.file.Rows%65536 == 0 {
		t.err = t.ctx.Err()
	}
	if t.err == nil {
		t.row = append(t.row, '\n')
		_, t.err = t.out.Write(t.row)
	}
	t.file.Rows++
	t.file.Bytes += int64(len(t.row))
	t.row = t.row[:0]
}

func writeTable(ctx context.Context, draft *storage.Draft, rows func(*table)) (File, error) {
	t := &table{ctx: ctx}
	err := draft.Write(func(to io.Writer) error {
		t.out = to
		rows(t)
		return errors.Join(t.err, ctx.Err())
	})
	t.file.Rows-- // the header
	return t.file, err
}

// store is what one store is like.
type store struct {
	id       string
	zone     string // empty: not in the file
	reliable float64
	hours    bool
	polled   bool
}

type world struct {
	options Options
	random  *rand.Rand
	stores  []store
	down    []bool // hours, back from AsOf, in which the collector was down

	calendar *calendar // nil: none
}

// zones is weighted by repetition: most chains that publish such data are American.
var zones = []string{
	"America/Chicago", "America/Chicago", "America/Chicago", "America/New_York", "America/New_York", "America/New_York",
	"America/Los_Angeles", "America/Los_Angeles", "America/Denver", "America/Denver", "America/Phoenix", "America/Boise",
	"America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Europe/London", "Asia/Beirut", "Asia/Kolkata",
}

func newWorld(o Options) *world {
	w := &world{options: o, random: rand.New(rand.NewPCG(o.Seed, 0x6f70656e686f7572))}
	seen := map[string]bool{}
	for len(w.stores) < o.Stores {
		s := store{id: w.newID(), hours: w.chance(0.98), polled: w.chance(0.98), reliable: 0.985}
		if w.chance(0.08) {
			s.reliable = 0.80
		}
		if w.chance(0.985) {
			s.zone = zones[w.random.IntN(len(zones))]
		}
		if !s.hours && s.zone == "" {
			s.polled = true // else no file would name it
		}
		if seen[s.id] {
			continue
		}
		seen[s.id] = true
		w.stores = append(w.stores, s)
	}
	w.drawDowntime()
	return w
}

// drawDowntime draws when the collector was down. Four days or more have one long stretch at least.
func (w *world) drawDowntime() {
	w.down = make([]bool, w.options.Days*24)
	if w.options.Days >= 4 {
		for i := 60; i < 60+11; i++ {
			w.down[i] = true
		}
	}
	for hour := 6; hour < len(w.down); {
		length := 1 + w.random.IntN(4)
		if w.chance(0.15) {
			length = 10 + w.random.IntN(20)
		}
		for i := hour; i < min(hour+length, len(w.down)); i++ {
			w.down[i] = true
		}
		hour += length + 12 + w.random.IntN(30)
	}
}

func (w *world) chance(p float64) bool { return w.random.Float64() < p }

func (w *world) newID() string {
	if w.options.IDs == Numbers {
		return strconv.FormatUint(1_000_000_000_000_000_000+w.random.Uint64N(8_000_000_000_000_000_000), 10)
	}
	a, b := w.random.Uint64(), w.random.Uint64()
	a = a&^0xf000 | 0x4000 // version 4
	b = b&^(3<<62) | 1<<63 // variant
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}

func (w *world) zoneRows(t *table) {
	t.row = append(t.row, "store_id,timezone_str"...)
	t.add()
	for _, s := range w.stores {
		if s.zone == "" {
			continue
		}
		t.row = append(append(append(t.row, s.id...), ','), s.zone...)
		t.add()
		if w.chance(0.003) { // twice, and not always the same
			t.row = append(append(append(t.row, s.id...), ','), zones[w.random.IntN(len(zones))]...)
			t.add()
		}
	}
}
