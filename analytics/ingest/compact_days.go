package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/storage"
)

// stagedDay is a day with rows that were read.
type stagedDay struct {
	no   int64
	rows int64
}

func (d stagedDay) folder() string {
	return "day=" + time.UnixMicro(d.no*int64(params.Day)).UTC().Format(time.DateOnly)
}

// writeDays writes one file for each day with rows that were read: those and the ones that the day already has.
func (c *compaction) writeDays(ctx context.Context) error {
	var days []stagedDay
	if err := c.db.Each(ctx, "SELECT day_no, CAST(sum(row_count) AS BIGINT) FROM days_read GROUP BY day_no ORDER BY day_no", func(rows *sql.Rows) error {
		var d stagedDay
		err := rows.Scan(&d.no, &d.rows)
		days = append(days, d)
		return err
	}); err != nil {
		return err
	}
	c.Total = len(c.Done) + len(days)
	for _, day := range days {
		if err := c.Steps.Run(day.folder(), func() error { return c.writeDay(ctx, day) }); err != nil {
			return fmt.Errorf("%s: %w", day.folder(), err)
		}
	}
	return c.compareDays(ctx)
}

// dayFile asks for Parquet that every program reads: an instant is UTC with its zone. Sorted by store
// and time, ids and statuses take next to no room.
const dayFile = `SELECT store_id, CASE WHEN is_up THEN 'active' ELSE 'inactive' END AS status,
		make_timestamptz(observed_us) AS timestamp_utc
	FROM (%s)
	ORDER BY store_id, observed_us, is_up DESC`

const dayFormat = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"

func (c *compaction) writeDay(ctx context.Context, day stagedDay) error {
	staged, err := c.stagedRows(day)
	if err != nil {
		return err
	}
	stored := input.StoredDay{StoredFile: input.StoredFile{
		File: input.DaysFolder + "/" + day.folder() + "/" + input.StoredPrefix(c.id) + ".parquet", Rows: day.rows}}
	var quoted []string
	for _, path := range staged {
		quoted = append(quoted, engine.QuotePath(path))
	}
	rows := "SELECT store_id, is_up, observed_us FROM read_parquet([" + strings.Join(quoted, ", ") + "], hive_partitioning = false)"
	if old := c.dayBefore(day); old != nil {
		path, err := c.loader.StoredPath(ctx, old.StoredFile)
		if err == nil {
			err = old.VerifyHash(ctx, path) // it is about to go
		}
		if err != nil {
			return err
		}
		rows += " UNION ALL " + load.StoredRows([]string{path})
		stored.Rows += old.Rows
		if err := c.noteDay(ctx, "days_read", day, path); err != nil {
			return err
		}
	}
	name := day.folder() + ".parquet"
	path := filepath.Join(c.staging, name)
	if err := c.db.Exec(ctx, fmt.Sprintf("COPY (%s) TO %s %s", fmt.Sprintf(dayFile, rows), engine.Quote(path), dayFormat)); err != nil {
		return err
	}
	if err := storage.Remove(staged...); err != nil { // the room may be needed
		return err
	}
	if err := c.describe(ctx, &stored.StoredFile, name); err != nil {
		return err
	}
	if err := c.noteDay(ctx, "days_stored", day, path); err != nil {
		return err
	}
	if err := c.db.Conn.QueryRowContext(ctx, `WITH day_rows AS (`+load.StoredRows([]string{path})+`)
		SELECT (SELECT min(observed_us) FROM day_rows), observed_us, store_id, is_up FROM day_rows
		WHERE observed_us = (SELECT max(observed_us) FROM day_rows) ORDER BY store_id, is_up LIMIT 1`).Scan(
		&stored.FirstUS, &stored.LastUS, &stored.LastStoreID, &stored.LastIsUp); err != nil {
		return err
	}
	c.days = append(c.days, stored)
	c.result.DayBytes += stored.Bytes
	return nil
}

// stagedRows lists the files that have the rows read for a day.
func (c *compaction) stagedRows(day stagedDay) (paths []string, err error) {
	for n := range c.staged {
		folder := filepath.Join(c.staging, fmt.Sprintf("rows-%d", n), fmt.Sprintf("day_no=%d", day.no))
		entries, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths, nil
}

// dayBefore is what the day has already.
func (c *compaction) dayBefore(day stagedDay) *input.StoredDay {
	i := slices.IndexFunc(c.history.Days, func(d input.StoredDay) bool {
		return strings.HasPrefix(d.File, input.DaysFolder+"/"+day.folder()+"/")
	})
	if i < 0 {
		return nil
	}
	return &c.history.Days[i]
}

// noteDay counts the rows of a file and sums their hashes.
func (c *compaction) noteDay(ctx context.Context, table string, day stagedDay, path string) error {
	return c.db.Exec(ctx, fmt.Sprintf(`INSERT INTO %s SELECT ?, count(*), sum(row_hash(store_id, is_up, observed_us)) FROM (%s)
		WHERE observed_us // 86400000000 = ?`, table, load.StoredRows([]string{path})), day.no, day.no)
}

// compareDays holds what lies on the disk to what was read.
func (c *compaction) compareDays(ctx context.Context) error {
	return c.db.Each(ctx, `SELECT day_no, coalesce(r.row_count, 0), coalesce(w.row_count, 0)
		FROM (SELECT day_no, CAST(sum(row_count) AS BIGINT) AS row_count, sum(hash_sum) AS hash_sum FROM days_read GROUP BY day_no) AS r
		FULL JOIN days_stored AS w USING (day_no)
		WHERE (r.row_count, r.hash_sum) IS DISTINCT FROM (w.row_count, w.hash_sum)
		ORDER BY day_no LIMIT 1`, func(rows *sql.Rows) error {
		var day stagedDay
		var stored int64
		if err := rows.Scan(&day.no, &day.rows, &stored); err != nil {
			return err
		}
		return fmt.Errorf("%s: the %d rows read are not the %d that were written; nothing was changed; this is a bug in openhours or a faulty disk",
			day.folder(), day.rows, stored)
	})
}

// writeStores writes the earliest observation of every store: reports take from it which stores there
// are without reading old days.
func (c *compaction) writeStores(ctx context.Context) error {
	var paths []string
	for _, d := range c.days {
		paths = append(paths, filepath.Join(c.staging, filepath.Base(filepath.Dir(d.File))+".parquet"))
	}
	if c.history.Stores != nil {
		path, err := c.loader.StoredPath(ctx, *c.history.Stores)
		if err != nil {
			return err
		}
		paths = append(paths, path)
	}
	if len(paths) == 0 { // no row was accepted, ever
		return nil
	}
	c.stores = &input.StoredFile{File: input.DaysFolder + "/" + input.StoredPrefix(c.id) + "-stores.parquet"}
	name := "stores.parquet"
	// the status in the lowest bit: inactive is the lesser of two at one instant
	if err := c.db.Exec(ctx, fmt.Sprintf("COPY (%s) TO %s %s", fmt.Sprintf(dayFile, `
		SELECT store_id, min(observed_us * 2 + CASE WHEN is_up THEN 1 ELSE 0 END) % 2 = 1 AS is_up, min(observed_us) AS observed_us
		FROM (`+load.StoredRows(paths)+`) GROUP BY store_id`), engine.Quote(filepath.Join(c.staging, name)), dayFormat)); err != nil {
		return err
	}
	if err := c.db.Conn.QueryRowContext(ctx, "SELECT count(*) FROM ("+load.StoredRows([]string{filepath.Join(c.staging, name)})+")").Scan(&c.stores.Rows); err != nil {
		return err
	}
	return c.describe(ctx, c.stores, name)
}
