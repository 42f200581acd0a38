package report

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"openhours/analytics/engine"
	"openhours/analytics/pipeline"
	"openhours/analytics/storage"
)

// writeFiles writes every file of a report under another name first. report.json comes last: a
// folder that has it is whole.
func (w *writer) writeFiles(ctx context.Context, folder string) error {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	w.run.Begin("write")
	start := time.Now()
	cells, err := w.reportCells(ctx)
	if err != nil {
		return fmt.Errorf("report.csv: %w", err)
	}
	// While DuckDB writes a file, the text of report.csv is put together, and the files before it are synced and hashed.
	var behind errgroup.Group
	var csv OutputFile
	behind.Go(func() (err error) {
		const name = "report.csv"
		err = storage.WriteFile(filepath.Join(absolute, name)+".part", func(to io.Writer) error { return w.writeReportCSV(to, cells) })
		if err = errors.Join(err, cells.Close()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		csv, err = finished(ctx, absolute, name)
		return err
	})
	others, err := w.writeOthers(ctx, absolute, &behind)
	if err := errors.Join(behind.Wait(), err); err != nil {
		return err
	}
	m := &w.manifest
	m.Outputs = append([]OutputFile{csv}, others...)
	m.Steps = append(append([]engine.Step{}, w.run.Done...), engine.Step{Name: "write", Seconds: time.Since(start).Seconds()})
	// a folder with report.json is whole, also after a power cut: so it comes when the names of the others are on disk
	var moves []storage.Move
	for _, output := range m.Outputs {
		path := filepath.Join(absolute, output.File)
		moves = append(moves, storage.Move{From: path + ".part", To: path})
	}
	if err := storage.Rename(moves...); err != nil {
		return err
	}
	if err := storage.ReplaceFile(filepath.Join(absolute, ManifestFile), func(to io.Writer) error {
		encoder := json.NewEncoder(to)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(m)
	}); err != nil {
		return fmt.Errorf("%s: %w", ManifestFile, err)
	}
	return nil
}

// finished syncs and hashes a file that was written as .part: DuckDB syncs none.
func finished(ctx context.Context, folder, name string) (OutputFile, error) {
	path := filepath.Join(folder, name) + ".part"
	err := storage.SyncFile(path)
	var seen storage.Digest
	if err == nil {
		seen, err = storage.HashFile(ctx, path)
	}
	if err != nil {
		return OutputFile{}, fmt.Errorf("%s: %w", name, err)
	}
	return OutputFile{File: name, Bytes: seen.Bytes, SHA256: seen.SHA256}, nil
}

// writeOthers writes all files of rows but report.csv. The outputs are complete once the group has ended.
func (w *writer) writeOthers(ctx context.Context, folder string, behind *errgroup.Group) ([]OutputFile, error) {
	type outputFile struct {
		name string
		make func(path string) error
	}
	files := []outputFile{
		{"report.parquet", func(path string) error { return w.writeParquet(ctx, "report", path) }},
		{"outages.parquet", func(path string) error { return w.writeParquet(ctx, "outages", path) }},
		{"rejects.csv", func(path string) error { return storage.WriteFile(path, w.run.Loader.Rejects.CopyTo) }},
	}
	for _, breakdown := range []struct{ file, view string }{{DaysFile, "days"}, {HoursFile, "hours"}, {GroupDaysFile, "group_days"}} {
		if w.run.Has(breakdown.view) {
			files = append(files, outputFile{breakdown.file, func(path string) error { return w.writeParquet(ctx, breakdown.view, path) }})
		}
	}
	if has, err := w.hasStores(ctx); err != nil {
		return nil, err
	} else if has {
		files = append(files, outputFile{StoresFile, func(path string) error { return w.writeStores(ctx, path) }})
	}
	if slices.ContainsFunc(w.manifest.Attributes, func(a pipeline.Attribute) bool { return a.Grouped }) {
		files = append(files, outputFile{GroupsFile, func(path string) error { return w.writeParquet(ctx, "groups", path) }})
	}
	if len(w.manifest.Targets) > 0 {
		files = append(files, outputFile{TargetsFile, func(path string) error { return w.writeParquet(ctx, "targets", path) }})
	}
	written := make([]OutputFile, len(files))
	for n, file := range files {
		if err := file.make(filepath.Join(folder, file.name) + ".part"); err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, err)
		}
		behind.Go(func() (err error) {
			written[n], err = finished(ctx, folder, file.name)
			return err
		})
	}
	return written, nil
}

// A column of a row group is a few hundred kilobytes, worth a request of its own over a network, and since
// rows are sorted by store, a reader who wants one store skips all other groups by their statistics.
const (
	rowGroup      = 40_960
	otherRowGroup = 30_720
)

// rowGroupSize returns the size of the row groups of a file of that many rows. DuckDB sorts in batches of
// 122,880 rows, a multiple of both sizes. With several threads it leaves a batch whole that exceeds the
// size by less than one vector of 2,048 rows, with one thread it does not; so a number of rows that would
// end in such a batch gets the other size, and the file is the same on any number of threads.
func rowGroupSize(rows int64) int {
	const vector = 2048
	if rest := rows % rowGroup; rest > 0 && rest < vector {
		return otherRowGroup
	}
	return rowGroup
}

// writeParquet writes the rows of a view in the order that the view gives them.
func (w *writer) writeParquet(ctx context.Context, view, path string) error {
	columns, parameters, err := w.parquetMetadata(view)
	if err != nil {
		return err
	}
	rows, err := w.countRows(ctx, view)
	if err != nil {
		return err
	}
	result, err := w.db.Conn.ExecContext(ctx, copyStatement(view, rows), path, columns, parameters)
	if err != nil {
		return err
	}
	written, err := result.RowsAffected()
	if err == nil && written != rows {
		err = fmt.Errorf("%d rows written, %d counted; this is a bug in openhours", written, rows)
	}
	return err
}

// keptRows are tables with a row for each of a view: DuckDB knows their number without a query.
var keptRows = map[string]string{"report": "measures", "outages": "outage_list", "days": "day_measures", "hours": "hour_measures",
	"targets": "verdicts", "groups": "group_measures", "group_days": "group_day_rows"}

// countRows counts the rows of a view that becomes a file. After a run on a cluster DuckDB has only the rows of the files.
func (w *writer) countRows(ctx context.Context, view string) (rows int64, err error) {
	from := view
	if w.manifest.Versions.Engine == pipeline.DuckDB {
		from = keptRows[view]
	}
	err = w.db.Conn.QueryRowContext(ctx, "SELECT count(*) FROM "+from).Scan(&rows)
	return rows, err
}

// copyStatement writes the rows of a view to the path $1 as Parquet, with the metadata $2 and $3. Without bloom filters it
// takes a tenth less: of sorted rows, the statistics of a row group say as well which stores are not in it.
func copyStatement(view string, rows int64) string {
	return fmt.Sprintf(`COPY (FROM %s) TO $1 (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE %d, WRITE_BLOOM_FILTER false,
		KV_METADATA {openhours_columns: $2, openhours_parameters: $3})`, view, rowGroupSize(rows))
}

// reportCells asks for the cells of report.csv. The rows come from the driver itself: those of
// database/sql hold the connection while they are read, on which the next file is written meanwhile.
func (w *writer) reportCells(ctx context.Context) (rows driver.Rows, err error) {
	err = w.db.Conn.Raw(func(conn any) error {
		asker, ok := conn.(driver.QueryerContext)
		if !ok {
			return fmt.Errorf("the driver's connection is a %T, which takes no query", conn)
		}
		rows, err = asker.QueryContext(ctx, "SELECT store_id, uptime, downtime FROM report_cells ORDER BY store_no, window_no", nil)
		return err
	})
	return rows, err
}

// writeReportCSV lays the cells of the models out: uptime of every window, then downtime.
func (w *writer) writeReportCSV(to io.Writer, rows driver.Rows) error {
	names := []string{"store_id"}
	for _, measure := range []string{"uptime_", "downtime_"} {
		for _, window := range w.run.Params.Windows {
			names = append(names, measure+window.Name)
		}
	}
	if _, err := io.WriteString(to, strings.Join(names, ",")+"\n"); err != nil {
		return err
	}
	count := len(w.run.Params.Windows)
	cells, row := make([]string, 1+2*count), make([]driver.Value, 3)
	for n := 0; ; n++ {
		if err := rows.Next(row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		place := n % count
		for i, cell := range []*string{&cells[0], &cells[1+place], &cells[1+count+place]} {
			text, ok := row[i].(string)
			if !ok {
				return fmt.Errorf("a cell is a %T and no text; this is a bug in openhours", row[i])
			}
			*cell = text
		}
		if place < count-1 {
			continue
		}
		cells[0] = quoteCell(cells[0])
		if _, err := io.WriteString(to, strings.Join(cells, ",")+"\n"); err != nil {
			return err
		}
	}
}

// quoteCell quotes text for CSV where RFC 4180 asks for it.
func quoteCell(text string) string {
	if !strings.ContainsAny(text, ",\"\r\n") {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}
