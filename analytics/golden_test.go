package analytics_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// goldenReports are sets of parameters that together pass through every branch of the models.
var goldenReports = []struct {
	name string
	ids  generate.IDs
	asOf time.Time // of the world: clocks change inside some horizons
	p    params.Parameters
}{
	{"default", generate.Numbers, time.Date(2024, 10, 14, 22, 0, 0, 0, time.UTC), params.Parameters{}},
	{"uuid_autumn", generate.UUIDs, time.Date(2024, 11, 5, 7, 0, 0, 0, time.UTC), params.Parameters{}},
	{"spring_previous", generate.Numbers, time.Date(2024, 3, 12, 16, 0, 0, 0, time.UTC), params.Parameters{Interpolation: "previous"}},
	{"next_unobserved_unknown", generate.Numbers, time.Date(2024, 10, 14, 22, 0, 0, 0, time.UTC),
		params.Parameters{Interpolation: "next", Unobserved: "unknown"}},
	{"limits_and_windows", generate.Numbers, time.Date(2024, 10, 14, 22, 0, 0, 0, time.UTC), params.Parameters{
		AsOf: "2024-10-14 19:30:00", MaxGap: lengthOf(3 * time.Hour), FreshWithin: lengthOf(30 * time.Minute), JoinGap: lengthOf(40 * time.Minute),
		Windows: []params.Window{{Name: "last_90m", Length: *lengthOf(90 * time.Minute)}, {Name: "last_10d", Length: 10 * params.Day}}}},
}

func lengthOf(d time.Duration) *params.Length {
	l := params.Length(d.Microseconds())
	return &l
}

// TestGoldenReports holds whole reports of generated worlds to their hashes: whoever makes the engine
// faster sees at once that no number has changed. Parquet files count by their values, since the bytes
// of an encoding change with DuckDB. With -update the hashes are rewritten.
func TestGoldenReports(t *testing.T) {
	golden := filepath.Join("testdata", "golden_reports.json")
	got := map[string]map[string]string{}
	for _, g := range goldenReports {
		got[g.name] = goldenReport(t, g.ids, g.asOf, g.p)
	}
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)+"\n"); diff != "" {
		t.Errorf("a report says something else than it did (-want +got):\n%s", diff)
	}
}

func goldenReport(t *testing.T, ids generate.IDs, asOf time.Time, p params.Parameters) map[string]string {
	t.Helper()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 200, Days: 8, Seed: 1, IDs: ids, AsOf: asOf}); err != nil {
		t.Fatal(err)
	}
	e := enginetest.New(t, dir, 2)
	m, err := report.Make(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: data, Reports: filepath.Join(dir, "reports"), Parameters: p, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "reports", m.ReportID)
	csv, err := os.ReadFile(filepath.Join(folder, "report.csv"))
	if err != nil {
		t.Fatal(err)
	}
	hashes := map[string]string{"report.csv": fmt.Sprintf("%d lines %x", strings.Count(string(csv), "\n"), sha256.Sum256(csv))}
	for _, name := range []string{"report.parquet", "outages.parquet"} {
		hashes[name] = valuesHash(t, e.DB, filepath.Join(folder, name))
	}
	return hashes
}

// valuesHash is over the rows of a Parquet file in their order, with names and types of the columns.
func valuesHash(t *testing.T, db *sql.DB, path string) string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), "SELECT * FROM read_parquet(?, file_row_number = true) ORDER BY file_row_number", path)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	cells := make([]any, len(types))
	targets := make([]any, len(types))
	for i, column := range types {
		fmt.Fprintf(hash, "%s %s\n", column.Name(), column.DatabaseTypeName())
		targets[i] = &cells[i]
	}
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		for _, cell := range cells {
			if at, ok := cell.(time.Time); ok {
				cell = at.UTC().Format(time.RFC3339Nano)
			}
			fmt.Fprintf(hash, "%v|", cell)
		}
		fmt.Fprintln(hash)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d rows %x", n, hash.Sum(nil))
}
