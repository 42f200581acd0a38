package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"openhours/analytics/spark"
)

// Options configure an Engine.
type Options struct {
	SQL      fs.FS         // the sql folder: models, checks, findings and what DuckDB alone can say
	Threads  int           // of DuckDB; 0: one per processor
	Memory   string        // of the process, such as 600MB; "": 80 % of the machine for DuckDB
	SpillDir string        // where DuckDB puts what does not fit; made when needed
	Folders  []string      // the only folders that DuckDB may read and write
	Files    []string      // files elsewhere that it may read
	Spark    *SparkOptions // of the cluster that runs the models of reports and checks; nil: DuckDB runs them
}

var memoryForm = regexp.MustCompile(`(?i)^([1-9]\d{0,8}(?:\.\d{1,3})?) ?([KMGT]i?B)$`)

// Validate reports every fault at once.
func (o Options) Validate() error {
	var faults []error
	if o.SQL == nil {
		faults = append(faults, errors.New("no models given"))
	}
	if o.Threads < 0 || o.Threads > 1024 {
		faults = append(faults, fmt.Errorf("threads %d: it lies between 1 and 1024, 0 means one per processor", o.Threads))
	}
	if o.Memory != "" && !memoryForm.MatchString(o.Memory) {
		faults = append(faults, fmt.Errorf("memory %q: write it like 600MB or 2GB", o.Memory))
	} else if o.Memory != "" && o.memoryBytes() < leastMemory {
		faults = append(faults, fmt.Errorf("memory %s: less than 200MB is not enough to start", o.Memory))
	}
	if o.Spark != nil {
		faults = append(faults, o.Spark.Validate())
	}
	return errors.Join(faults...)
}

// Engine is one DuckDB in memory and the models that run on it, or on a Spark cluster beside it.
// Every job has a connection of its own, so the temporary views of two jobs never meet.
// What no job changes is made once for all of them: see words.
type Engine struct {
	db     *sql.DB
	models fs.FS
	words  *words
	spark  *SparkOptions
	pings  *sql.DB // to the cluster, for PingCluster

	spillDir string

	duckdbVersion, zoneData string
}

// NewEngine opens DuckDB, sets it up and locks its configuration.
func NewEngine(ctx context.Context, o Options) (*Engine, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("open DuckDB: %w", err)
	}
	e := &Engine{db: sql.OpenDB(connector), models: o.SQL, spark: o.Spark, spillDir: o.SpillDir}
	if o.Spark != nil {
		e.pings = o.Spark.openPings()
	}
	if err := e.readVersions(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	for _, setting := range o.settings() {
		if _, err := e.db.ExecContext(ctx, setting); err != nil {
			return nil, errors.Join(fmt.Errorf("set up DuckDB: %s: %w", setting, err), e.Close())
		}
	}
	e.makeWords(ctx)
	return e, nil
}

// settings are all global: a plain SET would reach one connection of the pool only.
func (o Options) settings() []string {
	threads := o.Threads
	if threads == 0 {
		threads = runtime.NumCPU()
	}
	s := []string{
		"SET GLOBAL TimeZone = 'UTC'",
		"SET GLOBAL autoinstall_known_extensions = false",
		"SET GLOBAL preserve_insertion_order = false",
		fmt.Sprintf("SET GLOBAL threads = %d", threads),
	}
	if o.Memory != "" {
		s = append(s, "SET GLOBAL memory_limit = "+quote(o.duckDBMemory()))
	}
	folders := slices.Clone(o.Folders)
	if o.SpillDir != "" {
		s = append(s, "SET GLOBAL temp_directory = "+quote(o.SpillDir))
		folders = append(folders, o.SpillDir)
	}
	var allowed, files []string
	for _, folder := range folders {
		// where its name has signs of a pattern, DuckDB is given, and holds to the folder, another text
		allowed = append(allowed, quote(filepath.Clean(folder)+"/"), quotePath(filepath.Clean(folder)+"/"))
		if real, err := filepath.EvalSymlinks(folder); err == nil {
			allowed = append(allowed, quote(real+"/"), quotePath(real+"/"))
		}
	}
	for _, file := range o.Files {
		files = append(files, quote(file))
	}
	return append(s,
		"SET GLOBAL allowed_directories = ["+strings.Join(allowed, ", ")+"]",
		"SET GLOBAL allowed_paths = ["+strings.Join(files, ", ")+"]",
		"SET GLOBAL enable_external_access = false",
		"SET GLOBAL lock_configuration = true")
}

const leastMemory = 200e6

// memoryBytes reads the limit.
func (o Options) memoryBytes() float64 {
	form := memoryForm.FindStringSubmatch(o.Memory)
	size, err := strconv.ParseFloat(form[1], 64)
	if err != nil {
		return 0 // the form allows digits only
	}
	unit := strings.ToUpper(form[2])
	base := 1000.0
	if strings.Contains(unit, "I") {
		base = 1024
	}
	return size * math.Pow(base, float64(1+strings.IndexByte("KMGT", unit[0])))
}

// duckDBMemory is what DuckDB may count. Its limit leaves out what it allocates beside its buffers and
// what the allocator keeps, which came to half as much again and more (measured at 18 million rows:
// 832 MiB with a limit of 600 MB, 1,508 MiB with 1 GB, 619 MiB with 330 MB).
func (o Options) duckDBMemory() string {
	return fmt.Sprintf("%.0fKB", o.memoryBytes()*0.5/1000)
}

// Close ends DuckDB.
func (e *Engine) Close() error {
	if e.words != nil {
		<-e.words.zones
	}
	err := e.db.Close()
	if e.pings != nil {
		err = errors.Join(err, e.pings.Close())
	}
	return err
}

// Ping tells whether DuckDB answers.
func (e *Engine) Ping(ctx context.Context) error {
	var one int
	return e.db.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// AwaitFault waits for a fault of DuckDB's own after which no statement works in this process any more;
// nil when the context ends before.
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

const mostRuns = 3

// retry runs something again after the cluster went away, a little later each time, and at once after a
// file of the input was replaced while it was read: the next run reads the new one.
func (e *Engine) retry(ctx context.Context, run func() error) error {
	for n := 1; ; n++ {
		err := run()
		var away *spark.UnreachableError
		pause := time.Duration(0)
		switch {
		case n == mostRuns || ctx.Err() != nil:
			return err
		case errors.As(err, &away):
			pause = time.Duration(n) * 2 * time.Second
		case !errors.Is(err, errChanged):
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// Name is that of the engine that runs the models: duckdb or spark.
func (e *Engine) Name() string {
	if e.spark != nil {
		return engineSpark
	}
	return engineDuckDB
}

// readVersions asks before the configuration is locked: the list of extensions looks at folders.
func (e *Engine) readVersions(ctx context.Context) error {
	err := e.db.QueryRowContext(ctx, `SELECT version(), coalesce(any_value(extension_version), 'unknown')
		FROM duckdb_extensions() WHERE extension_name = 'icu'`).Scan(&e.duckdbVersion, &e.zoneData)
	if err != nil {
		return fmt.Errorf("ask DuckDB for its version: %w", err)
	}
	e.zoneData = "ICU " + e.zoneData + " of DuckDB " + e.duckdbVersion
	return nil
}

// Versions are DuckDB's own words for its version and that of its zone data.
func (e *Engine) Versions() (duckdbVersion, zoneData string) { return e.duckdbVersion, e.zoneData }

// filePattern writes a path as DuckDB's readers want it: they take any for a pattern of several files.
func filePattern(path string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}

func quotePath(path string) string { return quote(filePattern(path)) }

// quote writes text as an SQL literal. It is for paths and settings, which DuckDB takes no
// parameters for; values of users go in as parameters.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// model is one file of SQL and what its header says.
type model struct {
	name  string // what it defines
	file  string
	text  string
	keep  keeping  // whose engines keep its rows instead of computing them at each use
	frees []string // tables that nothing after it reads
}

// keeping is what a model's header says after `keep`.
type keeping string

const (
	keptByAll   keeping = "yes"
	keptBySpark keeping = "spark" // whose planning grows with every view in a view
)

// statement swaps the one word that makes a table of a view.
func (m model) statement() string {
	if m.keep == keptByAll {
		return strings.Replace(m.text, "TEMP VIEW", "TEMP TABLE", 1)
	}
	return m.text
}

var modelFile = regexp.MustCompile(`^\d\d_([a-z_]+)\.sql$`)

// loadModels reads the numbered models in the given folders and their subfolders, in the order of their numbers.
func loadModels(sqlFiles fs.FS, folders ...string) ([]model, error) {
	var models []model
	for _, folder := range folders {
		files, err := fs.Glob(sqlFiles, folder+"/*.sql")
		layers, layersErr := fs.Glob(sqlFiles, folder+"/*/*.sql")
		if err := errors.Join(err, layersErr); err != nil {
			return nil, fmt.Errorf("list models: %w", err)
		}
		for _, file := range append(files, layers...) {
			name := modelFile.FindStringSubmatch(path.Base(file))
			if name == nil {
				continue
			}
			text, err := fs.ReadFile(sqlFiles, file)
			if err != nil {
				return nil, fmt.Errorf("read model: %w", err)
			}
			m := model{name: name[1], file: file, text: string(text)}
			switch m.keep = keeping(headerLine(m.text, "keep")); m.keep {
			case "", keptByAll, keptBySpark:
			default:
				return nil, fmt.Errorf("%s: keep is %q: it is yes, spark or left out", file, m.keep)
			}
			m.frees = strings.Fields(headerLine(m.text, "frees"))
			models = append(models, m)
		}
	}
	slices.SortFunc(models, func(a, b model) int { return strings.Compare(path.Base(a.file), path.Base(b.file)) })
	return models, nil
}

// headerLine finds the value of `-- key: value` among the comments that begin a file.
func headerLine(text, key string) string {
	for line := range strings.Lines(text) {
		comment, isComment := strings.CutPrefix(line, "--")
		if !isComment {
			return ""
		}
		if value, found := strings.CutPrefix(strings.TrimSpace(comment), key+":"); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
