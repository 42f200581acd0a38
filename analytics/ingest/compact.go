package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/storage"
)

// CompactRequest asks for the status files of a data folder to go into its days.
type CompactRequest struct {
	Data     string
	Before   string // only files whose every observation lies before; "": all
	Now      time.Time
	Progress engine.Progress
}

// Compacted is what a compaction did to a data folder.
type Compacted struct {
	Files     []input.LoadedFile `json:"files"`      // now in the days
	Left      []LeftFile         `json:"files_left"` // and why
	Days      int                `json:"days_written"`
	Rows      int64              `json:"rows"`
	Rejected  int64              `json:"rows_rejected"`
	Bytes     int64              `json:"bytes_before"`
	DayBytes  int64              `json:"bytes_of_days_written"`
	Recovered []string           `json:"recovered"` // what an earlier compact had left to do
}

// LeftFile is a status file that stays as it is.
type LeftFile struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// ErrCompacting is returned while another compact works on the folder.
var ErrCompacting = errors.New("another compact works on this data folder")

// compaction is one run. Whatever it writes lies in a folder of its own that no reader scans, until
// the manifest has marked its files as pending.
type compaction struct {
	engine.Steps
	loader   *load.Loader
	db       *engine.Session
	now      time.Time
	request  CompactRequest
	dir      string // the data folder
	id       string
	beforeUS int64
	history  *input.History
	staging  string // absolute
	staged   int    // files whose rows may lie there
	chosen   []*load.File
	switched bool // their rows count as days
	result   Compacted
	days     []input.StoredDay    // written
	stores   *input.StoredFile    // written
	files    []input.OriginalFile // read
}

// mostTries limits how often a run begins again because files changed that it had read.
const mostTries = 5

// Compact moves the rows of status files into Parquet files by day. At any moment reports on the folder are the
// same to a report, also after a crash; the next run goes on. Where files change that it has read, it begins again.
func Compact(ctx context.Context, e *engine.Engine, r CompactRequest) (_ Compacted, err error) {
	unlock, err := LockHistory(r.Data)
	if err != nil {
		return Compacted{}, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	var recovered []string
	for try := 1; ; try++ {
		c, err := compactOnce(ctx, e, r)
		recovered = append(recovered, c.result.Recovered...)
		if err != nil && try < mostTries && ctx.Err() == nil && c.inputsChanged(ctx) {
			continue
		}
		c.result.Recovered = recovered
		return c.result, err
	}
}

func compactOnce(ctx context.Context, e *engine.Engine, r CompactRequest) (c *compaction, err error) {
	c = &compaction{Steps: engine.Steps{Progress: r.Progress}, now: r.Now, request: r,
		result: Compacted{Files: []input.LoadedFile{}, Left: []LeftFile{}, Recovered: []string{}}}
	l, err := load.New(ctx, e, r.Data)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	c.dir, c.loader, c.db = l.Dir, l, l.DB
	if err := c.loader.Prepare(ctx); err != nil {
		return c, err
	}
	if c.request.Before != "" {
		if c.beforeUS, err = c.db.ParseInstant(ctx, "before", c.request.Before); err != nil {
			return c, err
		}
	}
	if err := c.recover(ctx); err != nil {
		return c, err
	}
	return c, c.compact(ctx)
}

// inputsChanged reports whether a file that was chosen is no longer what it was, before the run itself moved it.
func (c *compaction) inputsChanged(ctx context.Context) bool {
	return !c.switched && slices.ContainsFunc(c.chosen, func(file *load.File) bool { return file.Unchanged(ctx) != nil })
}

// LockHistory keeps two runs apart; a lock goes with its process.
func LockHistory(dir string) (unlock func() error, err error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("data folder %s does not exist", dir)
	}
	folder := filepath.Join(dir, input.DaysFolder)
	if err := storage.MakeFolder(folder); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if info, err := os.Lstat(folder); err != nil || !info.IsDir() {
		return nil, errors.Join(err, fmt.Errorf("%s/ is a link: compact needs a folder there", input.DaysFolder))
	}
	lock, err := storage.Lock(folder, ErrCompacting)
	if errors.Is(err, ErrCompacting) {
		return nil, err
	} else if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return lock.Release, nil
}

// compact does the whole work. Where it fails before the switch, nothing has changed.
func (c *compaction) compact(ctx context.Context) (err error) {
	files, err := c.choose(ctx)
	if err != nil || len(files) == 0 {
		return err
	}
	if c.staging, err = filepath.Abs(filepath.Join(c.dir, input.DaysFolder, stagingPrefix+c.id)); err != nil {
		return err
	}
	if err := storage.MakeFolder(c.staging); err != nil {
		return err
	}
	err = c.write(ctx, files)
	if err == nil && len(c.files) > 0 {
		err = c.switchOver(ctx)
	}
	if err != nil {
		return errors.Join(err, c.abandon())
	}
	return storage.Remove(c.staging)
}

// stagingPrefix begins the name of a run's own folder; the dot keeps everybody from looking into it.
const stagingPrefix = ".compacting-"

// choose lists the status files that are to be compacted.
func (c *compaction) choose(ctx context.Context) ([]*load.File, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("make an id: %w", err)
	}
	c.id = id.String()
	found, _, err := input.FindFiles(ctx, c.dir, c.history)
	if err != nil {
		return nil, err
	}
	var files []*load.File
	for _, file := range found {
		if file.Set.Name != input.StatusSet {
			continue
		}
		if strings.Contains(file.Name, "/") {
			c.leave(file.Name, "it is in a folder that another program wrote")
			continue
		}
		if info, err := os.Lstat(filepath.Join(c.dir, file.Name)); err != nil {
			return nil, err
		} else if info.Mode()&fs.ModeSymlink != 0 {
			c.leave(file.Name, "it is a link, and its file may be needed elsewhere")
			continue
		}
		opened, err := load.OpenFile(ctx, file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		files = append(files, opened)
	}
	if len(files) == 0 {
		return nil, nil
	}
	c.chosen = files
	return files, c.checkArchive()
}

func (c *compaction) leave(file, reason string) {
	c.result.Left = append(c.result.Left, LeftFile{file, reason})
}

// checkArchive makes the archive, and sees to it that a file gets there in one step.
func (c *compaction) checkArchive() error {
	archive := filepath.Join(c.dir, input.ArchiveFolder)
	if err := storage.MakeFolder(archive); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	device := func(path string) (uint64, error) {
		info, err := os.Stat(path)
		if err != nil {
			return 0, err
		}
		return uint64(info.Sys().(*syscall.Stat_t).Dev), nil
	}
	here, err := device(c.dir)
	if err != nil {
		return err
	}
	there, err := device(archive)
	if err == nil && here != there {
		err = fmt.Errorf("%s/ lies on another disk than the data folder: a file cannot be moved there in one step", input.ArchiveFolder)
	}
	return err
}

// write reads the files, and writes and compares days, stores and rejects, all in the staging folder.
func (c *compaction) write(ctx context.Context, files []*load.File) error {
	if err := c.db.ExecFile(ctx, "duckdb/compact_tables.sql"); err != nil {
		return err
	}
	c.staged = len(files)
	stop := load.InspectAll(ctx, files)
	defer stop()
	c.Total = len(files)
	for i, file := range files {
		if err := c.Steps.Run(file.Name, func() error { return c.stage(ctx, i, file) }); err != nil {
			return fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	if len(c.files) == 0 {
		return nil
	}
	if err := c.writeDays(ctx); err != nil {
		return err
	}
	return c.writeStores(ctx)
}

// stage reads a file as a report would, and puts its rows into one folder per day, in no order yet.
func (c *compaction) stage(ctx context.Context, n int, file *load.File) (err error) {
	if c.loader.Rejects, err = load.NewRejectSpool(); err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, c.loader.CloseRejects())
	}()
	original := input.OriginalFile{Modified: file.Info.ModTime(), CompactedAt: c.now.UTC().Truncate(time.Second)}
	rejects := fmt.Sprintf("rejects-%d.jsonl", n)
	if err := storage.WriteFile(filepath.Join(c.staging, rejects), func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		c.loader.Rejects.OnReject = func(r load.Reject) error { return encoder.Encode(r) }
		original.LoadedFile, err = c.loader.LoadFile(ctx, file)
		return err
	}); err != nil {
		return err
	}
	late := false
	if err := c.db.Conn.QueryRowContext(ctx, "SELECT count(DISTINCT store_id), coalesce(max(observed_us) >= ?, false) FROM status_rows",
		c.beforeUS).Scan(&original.Stores, &late); err != nil {
		return err
	}
	if c.request.Before != "" && late {
		c.leave(file.Name, "it has observations that are not before "+params.FormatInstant(c.beforeUS))
		return errors.Join(storage.Remove(filepath.Join(c.staging, rejects)), c.db.Exec(ctx, "TRUNCATE status_rows"))
	}
	if original.Rejected == 0 {
		err = storage.Remove(filepath.Join(c.staging, rejects))
	} else {
		original.Rejects = &input.StoredFile{File: input.DaysFolder + "/" + input.StoredPrefix(c.id) + "-" + rejects, Rows: original.Rejected}
		err = c.describe(ctx, original.Rejects, rejects)
	}
	if err != nil {
		return err
	}
	c.files = append(c.files, original)
	return c.stageRows(ctx, n)
}

// stageRows lets the rows that were read go into the staging folder, and notes what they were.
func (c *compaction) stageRows(ctx context.Context, n int) error {
	if err := c.db.Exec(ctx, `INSERT INTO days_read
		SELECT observed_us // 86400000000, count(*), sum(row_hash(store_id, is_up, observed_us)) FROM status_rows GROUP BY ALL`); err != nil {
		return err
	}
	if err := c.db.Exec(ctx, fmt.Sprintf(`COPY (SELECT store_id, is_up, observed_us, observed_us // 86400000000 AS day_no FROM status_rows)
		TO %s (FORMAT parquet, COMPRESSION lz4, PARTITION_BY (day_no))`, engine.Quote(filepath.Join(c.staging, fmt.Sprintf("rows-%d", n))))); err != nil {
		return err
	}
	return c.db.Exec(ctx, "TRUNCATE status_rows")
}

// describe fills in what a file of the staging folder is, once its bytes have reached the disk.
func (c *compaction) describe(ctx context.Context, f *input.StoredFile, name string) error {
	path := filepath.Join(c.staging, name)
	if err := storage.SyncFile(path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	seen, err := storage.HashFile(ctx, path)
	f.Bytes, f.Modified, f.SHA256 = info.Size(), info.ModTime().UTC(), seen.SHA256
	return err
}

// archiveName is a name in the archive that no file has, nor is meant to have.
func (c *compaction) archiveName(name string) (string, error) {
	taken := func(archive string) (bool, error) {
		if slices.ContainsFunc(c.history.Originals, func(o input.OriginalFile) bool { return o.Archive == archive }) {
			return true, nil
		}
		_, err := os.Lstat(filepath.Join(c.dir, archive))
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return true, err
	}
	stem, suffix, _ := strings.Cut(name, ".")
	archive := input.ArchiveFolder + "/" + name
	for n := 2; ; n++ {
		used, err := taken(archive)
		if err != nil || !used {
			return archive, err
		}
		archive = fmt.Sprintf("%s/%s.%d.%s", input.ArchiveFolder, stem, n, suffix)
	}
}
