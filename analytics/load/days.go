package load

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/storage"
)

// HistorySummary is what a report used of the compacted days, and what it did not need.
type HistorySummary struct {
	Days    int       `json:"days"`
	Rows    int64     `json:"rows"`
	Bytes   int64     `json:"bytes"`
	First   string    `json:"first_observation"`
	Last    string    `json:"last_observation"`
	Read    []DayFile `json:"days_read"`
	NotRead DaysLeft  `json:"days_not_read"`
}

// DayFile is one file of compacted rows.
type DayFile struct {
	File   string `json:"file"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// DaysLeft is the total of the days outside the horizon.
type DaysLeft struct {
	Files int   `json:"files"`
	Rows  int64 `json:"rows"`
	Bytes int64 `json:"bytes"`
}

// loadOriginal accounts for a compacted file as if it had been read: it counts its rows and reports its
// rejected rows again.
func (l *Loader) loadOriginal(ctx context.Context, o input.OriginalFile) error {
	l.Files = append(l.Files, o.LoadedFile)
	if o.Rejects == nil {
		return nil
	}
	return l.eachStoredReject(ctx, o, l.Rejects.add)
}

func (l *Loader) eachStoredReject(ctx context.Context, o input.OriginalFile, take func(Reject) error) (err error) {
	path, err := l.StoredPath(ctx, *o.Rejects)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	decoder := json.NewDecoder(bufio.NewReaderSize(storage.NewContextReader(ctx, file), 1<<18))
	var rows int64
	for {
		var r Reject
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("%s: %w", o.Rejects.File, err)
		}
		rows++
		if err := take(r); err != nil {
			return err
		}
	}
	if rows != o.Rejects.Rows {
		return fmt.Errorf("%s: %d rows instead of %d", o.Rejects.File, rows, o.Rejects.Rows)
	}
	return nil
}

// StoredPath returns the path of a file that compact has written, after checking that the file is
// unchanged. Size and modification time suffice; if only the time differs, as after a copy of the folder,
// the hash decides.
func (l *Loader) StoredPath(ctx context.Context, f input.StoredFile) (string, error) {
	path, info, err := input.Resolve(ctx, l.Dir, f.File, nil)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s is missing: %s says that its %d rows count; put it back", f.File, input.ManifestFile, f.Rows)
	} else if err != nil {
		return "", err
	}
	if f.Matches(info) {
		return path, nil
	}
	if info.Size() != f.Bytes {
		return "", fmt.Errorf("%s has %d bytes instead of the %d that compact wrote: it was changed; put the right one back", f.File, info.Size(), f.Bytes)
	}
	return path, f.VerifyHash(ctx, path)
}

// LoadHistory reads the compacted days that overlap the horizon. A few single rows stand for all other
// days: of those the models only need to know which stores exist, and when any store was last observed
// before the horizon.
func (l *Loader) LoadHistory(ctx context.Context, horizonUS, asOfUS int64) error {
	h := l.History
	if len(h.Days) == 0 {
		return nil
	}
	seen := &HistorySummary{Days: len(h.Days), Read: []DayFile{}}
	first, last := h.Days[0].FirstUS, h.Days[0].LastUS
	var days []input.StoredFile
	var before *input.StoredDay
	for i, d := range h.Days {
		first, last = min(first, d.FirstUS), max(last, d.LastUS)
		seen.Rows += d.Rows
		seen.Bytes += d.Bytes
		if d.LastUS >= horizonUS && d.FirstUS <= asOfUS {
			days = append(days, d.StoredFile)
			seen.Read = append(seen.Read, DayFile{d.File, d.Rows, d.Bytes, d.SHA256})
			continue
		}
		seen.NotRead.Files++
		seen.NotRead.Rows += d.Rows
		seen.NotRead.Bytes += d.Bytes
		if d.LastUS < horizonUS && (before == nil || d.LastUS > before.LastUS) {
			before = &h.Days[i]
		}
	}
	seen.First, seen.Last = params.FormatInstant(first), params.FormatInstant(last)
	l.HistoryRead = seen
	if err := l.loadStored(ctx, days, ""); err != nil {
		return err
	}
	if seen.NotRead.Files == 0 {
		return nil
	}
	if before != nil {
		if err := l.DB.Exec(ctx, "INSERT INTO status_rows VALUES (?, ?, ?)", before.LastStoreID, before.LastIsUp, before.LastUS); err != nil {
			return err
		}
	}
	// rows within the horizon have been read with their days
	return l.loadStored(ctx, []input.StoredFile{*h.Stores}, fmt.Sprintf("WHERE observed_us < %d OR observed_us > %d", horizonUS, asOfUS))
}

// loadStored inserts rows of files that compact has written into status_rows, filtered by condition unless
// it is "". Their values were validated when they were compacted.
func (l *Loader) loadStored(ctx context.Context, files []input.StoredFile, condition string) error {
	if len(files) == 0 {
		return nil
	}
	var paths []string
	var want int64
	for _, f := range files {
		path, err := l.StoredPath(ctx, f)
		if err != nil {
			return err
		}
		paths = append(paths, path)
		want += f.Rows
	}
	source, args := StoredRows(paths), []any(nil)
	if l.OnlyStore != "" {
		source, args = source+" WHERE store_id = ?", []any{l.OnlyStore}
	}
	result, err := l.DB.Conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO status_rows SELECT store_id, is_up, observed_us FROM (%s) %s",
		source, condition), args...)
	var got int64
	if err == nil {
		got, err = result.RowsAffected()
	}
	if err == nil && condition == "" && l.OnlyStore == "" && got != want {
		err = fmt.Errorf("%d rows instead of %d", got, want)
	}
	if err == nil {
		return nil
	}
	for i, f := range files { // find the file at fault
		if fault := f.VerifyHash(ctx, paths[i]); fault != nil {
			return fault
		}
	}
	return fmt.Errorf("%s: %w", filepath.Dir(files[0].File), err)
}

// StoredRows returns a SELECT from files that compact has written, in the units of the models.
func StoredRows(paths []string) string {
	quoted := make([]string, len(paths))
	for i, path := range paths {
		quoted[i] = engine.QuotePath(path)
	}
	return "SELECT store_id, status = 'active' AS is_up, epoch_us(timestamp_utc) AS observed_us FROM read_parquet([" +
		strings.Join(quoted, ", ") + "], hive_partitioning = false)"
}

// ChangedDays lists all compacted days that have changed since compact wrote them, needed or not. If
// thorough, it compares the hash of files whose modification time alone differs.
func (l *Loader) ChangedDays(ctx context.Context, thorough bool) []string {
	var changed []string
	for _, d := range l.History.Days {
		path := filepath.Join(l.Dir, filepath.FromSlash(d.File))
		switch info, err := os.Stat(path); {
		case errors.Is(err, fs.ErrNotExist):
			changed = append(changed, d.File+": missing")
		case err != nil:
			changed = append(changed, d.File+": cannot be read")
		case info.Size() != d.Bytes:
			changed = append(changed, fmt.Sprintf("%s: %d bytes instead of %d", d.File, info.Size(), d.Bytes))
		case thorough && !d.Matches(info):
			if err := d.VerifyHash(ctx, path); err != nil {
				changed = append(changed, err.Error())
			}
		}
	}
	return changed
}
