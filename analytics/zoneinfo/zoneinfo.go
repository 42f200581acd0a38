// Package zoneinfo reads the rules of time zones from one release of the tz database: the newer of the
// one built into the program and the system's, or that of a folder. It knows nothing of DuckDB: reports
// get its offset periods as a relation, the same for every engine.
package zoneinfo

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Database is one release of the tz database.
type Database struct {
	Release string // such as 2026f
	Source  string // where it comes from, for people
	files   fs.FS

	names     []string
	links     map[string]string // by name: the zone that it is a link to, or ""
	namesErr  error
	namesOnce sync.Once
}

// systemFolder is where Unix systems keep the compiled database.
var systemFolder = "/usr/share/zoneinfo"

// embedded holds the package that `just zones` downloads, tzdata.whl; without it only README.md.
//
//go:embed data
var embedded embed.FS

const embeddedFile = "data/tzdata.whl"

// Open opens the database in a folder, or without one the newer of the built-in one and the system's.
func Open(folder string) (*Database, error) {
	if folder != "" {
		d, err := openFolder(folder)
		if err == nil {
			err = d.check()
		}
		if err != nil {
			return nil, fmt.Errorf("zoneinfo %s: %w; give a folder of compiled zones with their release in tzdata.zi or +VERSION, such as %s",
				folder, err, systemFolder)
		}
		return d, nil
	}
	builtIn, builtInErr := openEmbedded()
	system, systemErr := openFolder(systemFolder)
	switch {
	case builtInErr != nil && systemErr != nil:
		return nil, fmt.Errorf("no time zone rules: none are built in (%w) and the system has none (%w); build with `just build`, "+
			"install the package tzdata, or give --zoneinfo", builtInErr, systemErr)
	case builtInErr != nil || systemErr == nil && newer(system.Release, builtIn.Release):
		return system, nil
	}
	return builtIn, nil
}

func openEmbedded() (*Database, error) {
	text, err := embedded.ReadFile(embeddedFile)
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", embeddedFile, err)
	}
	files, err := fs.Sub(archive, "tzdata/zoneinfo")
	if err != nil {
		return nil, err
	}
	return open(files, "built in")
}

func openFolder(folder string) (*Database, error) { return open(os.DirFS(folder), folder) }

func open(files fs.FS, source string) (*Database, error) {
	release, err := readRelease(files)
	if err != nil {
		return nil, err
	}
	d := &Database{Release: release, Source: source, files: files}
	if _, err := d.read("America/New_York"); err != nil {
		return nil, err
	}
	return d, nil
}

// readRelease reads the first line of tzdata.zi, `# version 2026f`, or the file +VERSION of BSD and macOS.
func readRelease(files fs.FS) (string, error) {
	first := func(name string) (string, error) {
		file, err := files.Open(name)
		if err != nil {
			return "", err
		}
		head := make([]byte, 64)
		n, err := io.ReadFull(file, head)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return "", errors.Join(err, file.Close())
		}
		line, _, _ := strings.Cut(string(head[:n]), "\n")
		return strings.TrimSpace(line), file.Close()
	}
	line, err := first("tzdata.zi")
	if errors.Is(err, fs.ErrNotExist) {
		if line, err = first("+VERSION"); errors.Is(err, fs.ErrNotExist) {
			return "", errors.New("there is neither tzdata.zi nor +VERSION to read the release from")
		}
	}
	if err != nil {
		return "", err
	}
	release := strings.TrimPrefix(line, "# version ")
	if year, letters := splitRelease(release); year == 0 || letters == "" {
		return "", fmt.Errorf("its release is %q: it must be like 2026f", release)
	}
	return release, nil
}

// newer reports whether release a, such as 2026f, is later than b.
func newer(a, b string) bool {
	yearA, lettersA := splitRelease(a)
	yearB, lettersB := splitRelease(b)
	if yearA != yearB {
		return yearA > yearB
	}
	if len(lettersA) != len(lettersB) { // after 2026z would come 2026za
		return len(lettersA) > len(lettersB)
	}
	return lettersA > lettersB
}

func splitRelease(release string) (year int, letters string) {
	if len(release) < 5 {
		return 0, ""
	}
	year, err := strconv.Atoi(release[:4])
	if err != nil {
		return 0, ""
	}
	return year, release[4:]
}

// Names returns the names of all zones and links in byte order.
func (d *Database) Names() ([]string, error) {
	d.namesOnce.Do(func() {
		if d.links, d.namesErr = d.index(); d.namesErr == nil {
			delete(d.links, "Factory") // stands for a clock that nobody has set
			d.names = slices.Sorted(maps.Keys(d.links))
		}
	})
	return d.names, d.namesErr
}

// index returns all names, with the target of each link. They are in tzdata.zi, since some systems leave out
// the files of old links; without it they are the names of the files.
func (d *Database) index() (map[string]string, error) {
	text, err := fs.ReadFile(d.files, "tzdata.zi")
	if errors.Is(err, fs.ErrNotExist) {
		return d.list()
	}
	links := map[string]string{}
	for line := range strings.Lines(string(text)) {
		switch words := strings.Fields(line); {
		case len(words) > 1 && (words[0] == "Z" || words[0] == "Zone"):
			links[words[1]] = ""
		case len(words) > 2 && (words[0] == "L" || words[0] == "Link"):
			links[words[2]] = words[1]
		}
	}
	return links, err
}

func (d *Database) list() (map[string]string, error) {
	links := map[string]string{}
	err := fs.WalkDir(d.files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == "posix" || name == "right": // the same zones again, without and with leap seconds
			return skip(entry)
		case entry.IsDir() || path.Base(name) == "localtime" || path.Base(name) == "posixrules" || strings.Contains(path.Base(name), "."):
			return nil
		}
		if _, err := d.read(name); errors.Is(err, errNoZone) {
			return nil
		} else if err != nil {
			return err
		}
		links[name] = ""
		return nil
	})
	return links, err
}

func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

var errNoZone = errors.New("is no compiled time zone")

// read returns the content of a zone's file.
func (d *Database) read(name string) ([]byte, error) {
	text, err := fs.ReadFile(d.files, name)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(text, []byte("TZif")) {
		return nil, fmt.Errorf("%s %w", name, errNoZone)
	}
	return text, nil
}

// Bytes returns the compiled file of a zone, in the form of RFC 8536; that of its target if a link has none.
func (d *Database) Bytes(name string) ([]byte, error) {
	text, err := d.read(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return text, err
	}
	if _, err := d.Names(); err != nil {
		return nil, err
	}
	// a link may lead to another one; a ring of them must end
	for n, target := 0, d.links[name]; n < 4 && target != "" && errors.Is(err, fs.ErrNotExist); n, target = n+1, d.links[target] {
		text, err = d.read(target)
	}
	return text, err
}

// Period is a stretch of time with one offset from UTC. It lasts until the next one starts.
type Period struct {
	StartUS  int64 // UTC microseconds
	OffsetUS int64 // local clock minus UTC
}

// Unbounded is the start of a first period and, positive, the end of a last one: beyond any instant, yet small
// enough that adding an instant to it does not overflow.
const Unbounded = int64(1_000_000_000_000_000_000)

// BoundedPeriod is a period with its end, half-open, in UTC microseconds.
type BoundedPeriod struct{ StartUS, EndUS, OffsetUS int64 }

// Bounded returns what Periods does, with ends: the first period starts and the last ends beyond any instant.
func (d *Database) Bounded(name string, fromUS, toUS int64) (list []BoundedPeriod, err error) {
	periods, err := d.Periods(name, fromUS, toUS)
	for i, p := range periods {
		b := BoundedPeriod{p.StartUS, Unbounded, p.OffsetUS}
		if i == 0 {
			b.StartUS = -Unbounded
		}
		if i+1 < len(periods) {
			b.EndUS = periods[i+1].StartUS
		}
		list = append(list, b)
	}
	return list, err
}

// Periods returns the offset periods of a zone that overlap [fromUS, toUS); the first holds at fromUS and may
// have started before.
func (d *Database) Periods(name string, fromUS, toUS int64) ([]Period, error) {
	zone, err := d.zone(name)
	if err != nil {
		return nil, err
	}
	return zone.periods(fromUS, toUS), nil
}

func (d *Database) zone(name string) (*zone, error) {
	text, err := d.Bytes(name)
	if err != nil {
		return nil, err
	}
	zone, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return zone, nil
}

// check reads every zone.
func (d *Database) check() error {
	names, err := d.Names()
	for _, name := range names {
		if _, err := d.zone(name); err != nil {
			return err
		}
	}
	return err
}

// WritePeriods writes the offset periods of all zones from 1970 to 2100 as CSV: zone, starts_us, ends_us,
// offset_us as in Bounded, and the release.
func (d *Database) WritePeriods(to io.Writer) error {
	names, err := d.Names()
	if err != nil {
		return err
	}
	out := csv.NewWriter(to)
	if err := out.Write([]string{"zone", "starts_us", "ends_us", "offset_us", "release"}); err != nil {
		return err
	}
	from, end := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range names {
		periods, err := d.Bounded(name, from.UnixMicro(), end.UnixMicro())
		if err != nil {
			return err
		}
		for _, p := range periods {
			if err := out.Write([]string{name, strconv.FormatInt(p.StartUS, 10), strconv.FormatInt(p.EndUS, 10),
				strconv.FormatInt(p.OffsetUS, 10), d.Release}); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
