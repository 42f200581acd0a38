package analytics

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The two Parquet files. Seconds are doubles and instants are UTC with their zone, which BI tools
// read without a cast.
const (
	reportParquet = `SELECT store_id, timezone, time_window,
			CAST(make_timestamp(window_start_us) AS TIMESTAMPTZ) AS window_start,
			CAST(make_timestamp(window_end_us) AS TIMESTAMPTZ) AS window_end,
			open_seconds, uptime_seconds, downtime_seconds, unknown_seconds, uptime_min_seconds, uptime_max_seconds,
			covered_seconds, uptime_ratio, observations, outages, longest_outage_seconds
		FROM report ORDER BY store_no, window_no`
	outagesParquet = `SELECT store_id, CAST(make_timestamp(started_us) AS TIMESTAMPTZ) AS started_at,
			CAST(make_timestamp(ended_us) AS TIMESTAMPTZ) AS ended_at, open_seconds, ongoing
		FROM outages ORDER BY store_no, started_us`
)

// writeFiles writes every file of a report under another name first. report.json comes last: a
// folder that has it is whole.
func (j *job) writeFiles(ctx context.Context, folder string, m *Manifest) error {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	start := time.Now()
	for _, file := range []struct {
		name  string
		write func(path string) error
	}{
		{"report.csv", func(path string) error {
			return writeWith(path, func(w io.Writer) error { return j.writeReportCSV(ctx, w) })
		}},
		{"report.parquet", func(path string) error { return j.writeParquet(ctx, reportParquet, path) }},
		{"outages.parquet", func(path string) error { return j.writeParquet(ctx, outagesParquet, path) }},
		{"rejects.csv", func(path string) error { return writeWith(path, j.load.rejects.copyTo) }},
	} {
		path := filepath.Join(absolute, file.name)
		if err := file.write(path + ".part"); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
		seen, err := hashFile(ctx, path+".part")
		if err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
		if err := os.Rename(path+".part", path); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
		m.Outputs = append(m.Outputs, OutputFile{File: file.name, Bytes: seen.bytes, SHA256: seen.sha256})
	}
	m.Steps = append(append([]Step{}, j.steps...), Step{Name: "write", Seconds: time.Since(start).Seconds()})
	path := filepath.Join(absolute, "report.json")
	if err := writeWith(path+".part", func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(m)
	}); err != nil {
		return fmt.Errorf("report.json: %w", err)
	}
	return os.Rename(path+".part", path)
}

// writeWith makes a file whose bytes have reached the disk when it returns.
func writeWith(path string, write func(io.Writer) error) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	buffered := bufio.NewWriterSize(file, 1<<18)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return file.Sync()
}

func (j *job) writeParquet(ctx context.Context, query, path string) error {
	return j.exec(ctx, fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)", query, quote(path)))
}

// writeReportCSV lays the cells of the models out: uptime of every window, then downtime.
func (j *job) writeReportCSV(ctx context.Context, w io.Writer) error {
	names := []string{"store_id"}
	for _, measure := range []string{"uptime_", "downtime_"} {
		for _, window := range j.params.Windows {
			names = append(names, measure+window.Name)
		}
	}
	if _, err := io.WriteString(w, strings.Join(names, ",")+"\n"); err != nil {
		return err
	}
	rows, err := j.conn.QueryContext(ctx, "SELECT store_id, uptime, downtime FROM report_cells ORDER BY store_no, window_no")
	if err != nil {
		return err
	}
	defer rows.Close()
	count := len(j.params.Windows)
	cells := make([]string, 1+2*count)
	for n := 0; rows.Next(); n++ {
		place := n % count
		if err := rows.Scan(&cells[0], &cells[1+place], &cells[1+count+place]); err != nil {
			return err
		}
		if place < count-1 {
			continue
		}
		cells[0] = quoteCell(cells[0])
		if _, err := io.WriteString(w, strings.Join(cells, ",")+"\n"); err != nil {
			return err
		}
	}
	return rows.Err()
}

// quoteCell quotes text for CSV where RFC 4180 asks for it, and where a reader might strip blanks.
func quoteCell(text string) string {
	if !strings.ContainsAny(text, ",\"\r\n") {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}
