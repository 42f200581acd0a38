package explain

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/storage"
)

// ErrClosed is returned after the row cache was closed.
var ErrClosed = errors.New("the server is stopping")

// RowCache keeps a copy of the accepted rows of a data folder in the order of the stores, so that a
// look at one store reads a few of them instead of all files. It is made when it is first asked for,
// and again after a file of the data folder has changed.
type RowCache struct {
	Engine *engine.Engine
	Trials *load.Trials // see pipeline.Engines
	Data   string       // the data folder
	Dir    string       // in which the copy gets a folder of its own; the engine must be allowed to write there
	Now    func() time.Time

	mu     sync.Mutex
	latest *rowCopy
	begun  int // copies
	closed bool
	making sync.WaitGroup
}

// rowCopy is the copy for one state of the data folder.
type rowCopy struct {
	no          int    // in the order in which they were begun
	fingerprint string // of the files that are read; RowCache.mu guards it
	folder      string
	stop        context.CancelFunc
	ready       chan struct{} // closed once it is made, or err is set
	files       []input.LoadedFile
	versions    bool           // load.Result.HoursVersions
	history     *input.History // whose days are in the order of the stores already: the copy leaves them out
	err         error
	inUse       sync.RWMutex // held for reading by those who wait for it or read it
}

// copyPrefix begins the names of the copies' folders.
const copyPrefix = ".rows-"

// CleanUp removes copies that another process has left.
func (r *RowCache) CleanUp() error {
	return storage.RemoveDrafts(r.Dir, copyPrefix+"*")
}

// Close ends what is being made and removes the copy.
func (r *RowCache) Close() error {
	r.mu.Lock()
	r.closed = true
	r.drop()
	r.mu.Unlock()
	r.making.Wait()
	return r.CleanUp()
}

// drop gives the latest copy up. The lock must be held.
func (r *RowCache) drop() {
	if r.latest == nil {
		return
	}
	old := r.latest
	r.latest = nil
	old.stop()
	r.making.Go(func() {
		<-old.ready
		old.inUse.Lock()
		defer old.inUse.Unlock()
		_ = storage.Remove(old.folder) // what stays is removed at the next start
	})
}

// current is a copy, made or being made, of the data folder as it is now or as it was at some time since the call.
// The caller releases inUse.
func (r *RowCache) current(ctx context.Context) (*rowCopy, error) {
	r.mu.Lock()
	before := r.begun
	r.mu.Unlock()
	for {
		fingerprint, err := input.Fingerprint(ctx, r.Data)
		if err != nil {
			return nil, input.NewError(err)
		}
		c, usable := r.look(fingerprint, before)
		if c == nil {
			return nil, ErrClosed
		}
		if usable {
			return c, nil
		}
		// Of another folder than this one: to stop it would leave those without an answer who wait for it, and where
		// files change all the time nobody would ever get one.
		select {
		case <-c.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// look returns the latest copy, a new one if that is out of date, and whether it is fresh enough for a caller who has
// seen so many begin; nil after Close.
func (r *RowCache) look(fingerprint string, before int) (c *rowCopy, usable bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, false
	}
	if c := r.latest; c != nil && !c.failed() && (c.fingerprint == fingerprint || c.no > before) {
		c.inUse.RLock()
		return c, true
	} else if c != nil && !c.ended() {
		return c, false
	}
	r.drop()
	// the build outlives this request; the next caller reuses it
	copying, cancel := context.WithCancel(context.Background())
	r.begun++
	c = &rowCopy{no: r.begun, fingerprint: fingerprint, folder: filepath.Join(r.Dir, copyPrefix+uuid.NewString()), stop: cancel, ready: make(chan struct{})}
	r.latest = c
	c.inUse.RLock()
	r.making.Go(func() {
		defer close(c.ready)
		c.err = pipeline.Engines{DuckDB: r.Engine}.Retry(copying, func() error {
			return copyRows(copying, r.Engine, r.Trials, r.Data, c, func(fingerprint string) {
				r.mu.Lock()
				defer r.mu.Unlock()
				c.fingerprint = fingerprint
			})
		})
	})
	return c, true
}

func (c *rowCopy) ended() bool {
	select {
	case <-c.ready:
		return true
	default:
		return false
	}
}

func (c *rowCopy) failed() bool { return c.ended() && c.err != nil }

// rowTables are what the loading fills and the models read, with the rows that a store ($1) needs.
var rowTables = []struct{ name, rows string }{
	{"status_rows", ofStore}, {"hours_rows", ofStore}, {"zones_rows", ofStore}, {"rejected_hours", ofStore}, {"stores_rows", ofStore},
	{"special_hours_rows", ofStoreOrMany}, {"closures_rows", ofStoreOrMany}, {"targets_rows", ofStoreOrMany},
}

const (
	ofStore       = "store_id = $1"
	ofStoreOrMany = "(store_id = $1 OR coalesce(store_id, '*') = '*')" // without an id, it is for an attribute
)

// copyRows reads a data folder whole and writes its rows sorted by store, in groups so small that one
// store needs one or two of them.
func copyRows(ctx context.Context, e *engine.Engine, trials *load.Trials, data string, c *rowCopy, opened func(string)) (err error) {
	l, err := load.New(ctx, e, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	l.Opened, l.Trials = opened, trials
	if err := l.Read(ctx, func() error {
		files, stop, err := l.OpenAll(ctx)
		if err != nil {
			return input.NewError(err)
		}
		defer stop()
		if err := l.Prepare(ctx); err != nil {
			return err
		}
		return l.LoadAll(ctx, files)
	}); err != nil {
		return err
	}
	if err := storage.MakeFolder(c.folder); err != nil {
		return fmt.Errorf("sorted rows: %w", err)
	}
	for _, table := range rowTables {
		path, err := filepath.Abs(filepath.Join(c.folder, table.name+".parquet"))
		if err != nil {
			return err
		}
		if err := l.DB.Exec(ctx, fmt.Sprintf("COPY (SELECT * FROM %s ORDER BY store_id) TO %s (FORMAT parquet, ROW_GROUP_SIZE 8192)", table.name, engine.Quote(path))); err != nil {
			return fmt.Errorf("sorted rows: %w", err)
		}
	}
	c.files, c.versions, c.history = l.Files, l.HoursVersions, l.History
	return nil
}

// Explain is Engine.Explain for parameters with an as_of, which does not follow from the rows of one
// store.
func (r *RowCache) Explain(ctx context.Context, store string, p params.Parameters, page Page) (Explanation, error) {
	if p.AsOf == "" {
		return Explanation{}, params.Errorf("as_of is missing")
	}
	c, err := r.current(ctx)
	if err != nil {
		return Explanation{}, err
	}
	defer c.inUse.RUnlock()
	select {
	case <-c.ready:
	case <-ctx.Done():
		return Explanation{}, ctx.Err()
	}
	if c.err != nil {
		return Explanation{}, c.err
	}
	return r.explain(ctx, c, store, p, page)
}

func (r *RowCache) explain(ctx context.Context, c *rowCopy, store string, p params.Parameters, page Page) (_ Explanation, err error) {
	p.Stores, p.By = []string{store}, "" // an explanation has no breakdown
	run, err := pipeline.New(ctx, pipeline.Engines{DuckDB: r.Engine}, pipeline.Request{Data: r.Data, Parameters: p, Now: r.Now()})
	if err != nil {
		return Explanation{}, err
	}
	defer func() { err = errors.Join(err, run.Close()) }()
	l := run.Loader
	l.Files, l.HoursVersions, l.History, l.OnlyStore = c.files, c.versions, c.history, store
	if l.Rejects, err = load.NewRejectSpool(); err != nil {
		return Explanation{}, err
	}
	// where windows of the calendar begin in other zones decides how far back evidence counts
	dated := slices.ContainsFunc(p.Windows, func(w params.Window) bool { return w.Dates != "" })
	read := func() error {
		for _, table := range rowTables {
			path, err := filepath.Abs(filepath.Join(c.folder, table.name+".parquet"))
			if err != nil {
				return err
			}
			rows := table.rows
			if table.name == "zones_rows" && dated {
				rows = "$1 = $1"
			}
			if err := l.DB.Exec(ctx, "INSERT INTO "+table.name+" SELECT * FROM read_parquet($2) WHERE "+rows, store, engine.FilePattern(path)); err != nil {
				return fmt.Errorf("sorted rows: %w", err)
			}
		}
		return nil
	}
	if err := run.ExecuteOn(ctx, func(ctx context.Context) error { return run.Read(ctx, read) }); err != nil {
		return Explanation{}, err
	}
	return explainRun(ctx, run, page)
}
