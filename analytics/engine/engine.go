// Package engine runs SQL on DuckDB. There is one Engine per process and one Session per job; both share
// the models and their functions. It is independent of what the models compute.
package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"openhours/analytics/zoneinfo"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Options configure an Engine.
type Options struct {
	SQL      fs.FS    // the sql folder: models, checks, findings, and what runs on DuckDB only
	Threads  int      // of DuckDB; 0: one per processor
	Memory   string   // of the process, such as 600MB; "": 80 % of the machine for DuckDB
	SpillDir string   // an existing folder, where DuckDB spills what exceeds its memory
	Folders  []string // the only folders that DuckDB may read and write
	Files    []string // files outside those folders that it may read
	Zoneinfo string   // folder with the rules of the time zones; "": the newer of the built-in ones and the system's
}

var memoryForm = regexp.MustCompile(`(?i)^([1-9]\d{0,8}(?:\.\d{1,3})?) ?([KMGT]i?B)$`)

// Validate reports every fault at once.
func (o Options) Validate() error {
	var faults []error
	if o.SQL == nil {
		faults = append(faults, errors.New("no models given"))
	}
	if o.Threads < 0 || o.Threads > 1024 {
		faults = append(faults, fmt.Errorf("threads %d: must be between 1 and 1024, or 0 for one per processor", o.Threads))
	}
	if o.Memory != "" && !memoryForm.MatchString(o.Memory) {
		faults = append(faults, fmt.Errorf("memory %q: write it like 600MB or 2GB", o.Memory))
	} else if o.Memory != "" && o.MemoryBytes() < leastMemory {
		faults = append(faults, fmt.Errorf("memory %s: less than 200MB is not enough to start", o.Memory))
	}
	return errors.Join(faults...)
}

// Engine is one in-memory DuckDB and the models that run on it. Every job has its own connection, so the
// temporary views of two jobs never clash. Shared functions and zone names are created once, at start-up:
// see sharedSQL.
type Engine struct {
	DB       *sql.DB
	SQL      fs.FS
	shared   *sharedSQL
	SpillDir string
	Zones    *zoneinfo.Database

	duckdbVersion string
}

// New opens DuckDB, configures it and locks its configuration.
func New(ctx context.Context, o Options) (*Engine, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	zones, err := zoneinfo.Open(o.Zoneinfo)
	if err != nil {
		return nil, err
	}
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("open DuckDB: %w", err)
	}
	e := &Engine{DB: sql.OpenDB(connector), SQL: o.SQL, SpillDir: o.SpillDir, Zones: zones}
	if err := e.readVersion(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	for _, setting := range o.settings() {
		if _, err := e.DB.ExecContext(ctx, setting); err != nil {
			return nil, errors.Join(fmt.Errorf("set up DuckDB: %s: %w", setting, err), e.Close())
		}
	}
	e.createShared(ctx)
	return e, nil
}

// settings returns global settings only: a plain SET would affect one connection of the pool.
func (o Options) settings() []string {
	threads := o.Threads
	if threads == 0 {
		threads = runtime.NumCPU()
	}
	s := []string{
		"SET GLOBAL TimeZone = 'UTC'",
		"SET GLOBAL autoinstall_known_extensions = false",
		"SET GLOBAL enable_external_file_cache = false", // it knows files by path, and descriptors are used again
		"SET GLOBAL preserve_insertion_order = false",
		fmt.Sprintf("SET GLOBAL threads = %d", threads),
	}
	if o.Memory != "" {
		s = append(s, "SET GLOBAL memory_limit = "+Quote(o.duckDBMemory()))
	}
	folders := slices.Clone(o.Folders)
	if o.SpillDir != "" {
		s = append(s, "SET GLOBAL temp_directory = "+Quote(o.SpillDir))
		folders = append(folders, o.SpillDir)
	}
	var allowed, files []string
	for _, folder := range folders {
		// if the name contains wildcards, DuckDB is passed, and checks the folder against, the escaped
		// pattern
		allowed = append(allowed, Quote(filepath.Clean(folder)+"/"), QuotePath(filepath.Clean(folder)+"/"))
		if real, err := filepath.EvalSymlinks(folder); err == nil {
			allowed = append(allowed, Quote(real+"/"), QuotePath(real+"/"))
		}
	}
	allowed = append(allowed, Quote(Descriptors))
	for _, file := range o.Files {
		files = append(files, Quote(file))
	}
	return append(s,
		"SET GLOBAL allowed_directories = ["+strings.Join(allowed, ", ")+"]",
		"SET GLOBAL allowed_paths = ["+strings.Join(files, ", ")+"]",
		"SET GLOBAL enable_external_access = false",
		"SET GLOBAL lock_configuration = true")
}

const leastMemory = 200e6

// Descriptors is the folder in which Linux has the open files of this process: a file of an allowed folder is read through it
// after it was replaced.
const Descriptors = "/proc/self/fd/"

// MemoryBytes parses Memory; 0: it is empty.
func (o Options) MemoryBytes() float64 {
	form := memoryForm.FindStringSubmatch(o.Memory)
	if form == nil {
		return 0
	}
	size, err := strconv.ParseFloat(form[1], 64)
	if err != nil {
		return 0 // unreachable: the pattern allows digits only
	}
	unit := strings.ToUpper(form[2])
	base := 1000.0
	if strings.Contains(unit, "I") {
		base = 1024
	}
	return size * math.Pow(base, float64(1+strings.IndexByte("KMGT", unit[0])))
}

// duckDBMemory returns the memory limit for DuckDB. The limit excludes allocations outside DuckDB's buffers
// and memory that the allocator retains, which added half as much again or more (measured at 18 million
// rows: 832 MiB with a limit of 600 MB, 1,508 MiB with 1 GB, 619 MiB with 330 MB).
func (o Options) duckDBMemory() string {
	return fmt.Sprintf("%.0fKB", o.MemoryBytes()*0.5/1000)
}

// Close closes DuckDB.
func (e *Engine) Close() error {
	if e.shared != nil {
		<-e.shared.zones // still running, on a connection of its own
	}
	return e.DB.Close()
}

// Ping returns an error if DuckDB does not answer.
func (e *Engine) Ping(ctx context.Context) error {
	var one int
	return e.DB.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// AwaitFault blocks until DuckDB has a fatal error, after which every statement in this process fails, and
// returns it. It returns nil if the context ends first.
func (e *Engine) AwaitFault(ctx context.Context) error {
	for {
		var fault *duckdb.Error
		if err := e.Ping(ctx); errors.As(err, &fault) && fault.Type == duckdb.ErrorTypeFatal {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
}

// readVersion runs before the configuration is locked.
func (e *Engine) readVersion(ctx context.Context) error {
	if err := e.DB.QueryRowContext(ctx, "SELECT version()").Scan(&e.duckdbVersion); err != nil {
		return fmt.Errorf("ask DuckDB for its version: %w", err)
	}
	return nil
}

// Version returns the version of DuckDB.
func (e *Engine) Version() string { return e.duckdbVersion }
