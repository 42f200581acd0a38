//go:build spark

package analytics_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/ingest"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
	"openhours/analytics/spark"
)

// reportOn makes a report on one engine and reads what it wrote.
func reportOn(t *testing.T, e *engine.Engine, cluster *spark.Options, r report.Request) (report.Manifest, map[string][]byte) {
	t.Helper()
	r.Now = enginetest.Now
	m, err := report.Make(t.Context(), on(t, e, cluster), r)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, file := range m.Outputs {
		text, err := os.ReadFile(filepath.Join(r.Reports, m.ReportID, file.File))
		if err != nil {
			t.Fatal(err)
		}
		files[file.File] = text
	}
	return m, files
}

// sameOnBoth makes a report on each engine and compares all their bytes, and of report.json all that
// is no time and no version.
func sameOnBoth(t *testing.T, data string, p params.Parameters) report.Manifest {
	t.Helper()
	dir := t.TempDir()
	e, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Folders: []string{dir, data}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	cluster := testCluster(t)
	cluster.Staging = dir
	want, wantFiles := reportOn(t, e, nil, report.Request{Data: data, Reports: dir, Parameters: p})
	got, gotFiles := reportOn(t, e, cluster, report.Request{Data: data, Reports: dir, Parameters: p})
	if got.Versions.Engine != spark.EngineName || want.Versions.Engine != pipeline.DuckDB || got.Versions.Spark == "" {
		t.Errorf("versions: %+v and %+v", want.Versions, got.Versions)
	}
	for _, m := range []*report.Manifest{&want, &got} {
		m.ReportID, m.Steps, m.Versions = "", nil, engine.Versions{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report.json (-DuckDB +Spark):\n%s", diff)
	}
	for name, text := range wantFiles {
		if !bytes.Equal(text, gotFiles[name]) {
			t.Errorf("%s differs: %d bytes and %d", name, len(text), len(gotFiles[name]))
		}
	}
	return got
}

// TestSparkParity compares reports of 50,000 polls around the end of summer time, with every set and every parameter.
func TestSparkParity(t *testing.T) {
	data := t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 460, Days: 8, Seed: 7, IDs: generate.UUIDs, Calendar: true,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, data, map[string]string{"targets.csv": "store_id,attribute,value,target,window\n*,,,98,last_day\n,brand," + someBrand(t, data) + ",99.5%,\n" + someStores(t, data, 1)[0] + ",,,90,last_week\nzz,,,50,\n"})
	length, target := func(l params.Length) *params.Length { return &l }, params.Target(995_000)
	for name, p := range map[string]params.Parameters{
		"defaults": {},
		"previous": {By: "hour", Interpolation: "previous", Unobserved: "unknown", MaxGap: length(40 * params.Minute), FreshWithin: length(20 * params.Minute),
			JoinGap: length(0), Windows: []params.Window{{Name: "last_day", Length: params.Day}, {Name: "odd", Length: 90 * params.Second}}},
		"next": {Interpolation: "next", Target: &target, AsOf: "2024-11-05 12:34:56.789 -0500", MaxGap: length(3 * params.Hour), CollectorGap: length(params.Hour),
			JoinGap: length(30 * params.Minute), Stores: append(someStores(t, data, 39), someName(t, data)), Windows: []params.Window{{Name: "last_week", Length: 7 * params.Day}, {Name: "ten_days", Length: 10 * params.Day}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if m := sameOnBoth(t, data, p); m.Quality.RowsRead < 50_000 {
				t.Errorf("only %d rows", m.Quality.RowsRead)
			}
		})
	}
}

// someStores are the first ids of the zones file.
func someStores(t *testing.T, data string, n int) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "timezones.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, line := range strings.Split(string(text), "\n")[1 : n+1] {
		id, _, _ := strings.Cut(line, ",")
		ids = append(ids, id)
	}
	return ids
}

// someName is the name of the last store of the stores file, and someBrand its brand.
func someName(t *testing.T, data string) string { return lastStore(t, data, "name") }

func someBrand(t *testing.T, data string) string { return lastStore(t, data, "brand") }

func lastStore(t *testing.T, data, column string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "stores.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	place := slices.Index(rows[0], column)
	if place < 0 {
		t.Fatalf("no %s in the columns %v", column, rows[0])
	}
	return rows[len(rows)-1][place]
}

// TestSparkReading compares what is accepted and what is rejected, with line and reason, of files that
// are clean, faulty, torn, packed and typed.
func TestSparkReading(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	var forms strings.Builder
	for text := range timestampForms(t) {
		fmt.Fprintf(&forms, "forms,active,%s\n", text)
	}
	for _, text := range noTimestamps {
		if !strings.Contains(text, "\n") {
			fmt.Fprintf(&forms, "misses,active,%s\n", text)
		}
	}
	statuses := "s1,ACTIVE,2024-10-07 10:00:00 UTC\ns2, inactive\t,2024-10-07 10:00:00 UTC\ns3,ACT\u0130VE,2024-10-07 10:00:00 UTC\n" +
		"s4,,2024-10-07 10:00:00 UTC\n,active,2024-10-07 10:00:00 UTC\n \t,active,nonsense\ns5,activ,2024-10-07 10:00:00 UTC\n"
	plain := "store_id,status,timestamp_utc\ns1,active,2024-10-07 11:00:00 UTC\ns1,active,2024-10-07 11:00:00 UTC\n"
	var packed, squeezed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	_, err1 := io.WriteString(zipped, plain)
	zstandard, err2 := zstd.NewWriter(&squeezed)
	if err2 != nil {
		t.Fatal(err2)
	}
	_, err3 := io.WriteString(zstandard, plain)
	if err := errors.Join(err1, err3, zipped.Close(), zstandard.Close()); err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, data, map[string]string{
		"store_status_forms.csv":    "store_id,status,timestamp_utc\n" + forms.String(),
		"store_status_values.csv":   "Status,x,TIMESTAMP,Store_ID\n" + swapColumns(statuses),
		"store_status_quoted.csv":   "store_id,status,timestamp_utc\n\"s,6\",active,\"2024-10-07 10:00:00 UTC\"\n\"s7,active,2024-10-07 10:00:00 UTC\ns8,active\n",
		"store_status_balanced.csv": "store_id,status,timestamp_utc\ns9,active,2024-10-07 10:00:00 UTC,more\ns10,active\n",
		"store_status_crlf.csv":     strings.ReplaceAll(plain, "\n", "\r\n"),
		"store_status_bytes.csv":    "store_id,status,timestamp_utc\ns\xff,active,2024-10-07 10:00:00 UTC\ns11,active,2024-10-07 10:00:00 UTC\n",
		"store_status/z.gz":         packed.String(),
		"store_status_z.csv.zst":    squeezed.String(),
		"menu_hours.csv/000000_0": "store_id,day,start_time_local,end_time_local\ns1,0,9:00,24:00\ns1,0,09:00:00.5,23:59:59\ns2,7,9:00,10:00\n" +
			"s3,0,24:00,10:00\ns3,1,9:00,24:01\ns4,1,9:60,10:00\ns5,,,\ns1,0,9:00,24:00\n",
		"timezones.csv": "store_id,timezone_str\ns1,America/New_York\ns1,Asia/Beirut\ns2,IST\ns3,america/new_york\ns4,\n",
	})
	writeParquet(t, data)
	m := sameOnBoth(t, data, params.Parameters{AsOf: "2024-10-08 00:00"})
	if m.Quality.RowsRejected < 50 {
		t.Errorf("only %d rows rejected", m.Quality.RowsRejected)
	}
}

// swapColumns puts the columns of status rows in another order, with one more between them.
func swapColumns(rows string) string {
	var b strings.Builder
	for _, row := range strings.Split(strings.TrimSuffix(rows, "\n"), "\n") {
		cells := strings.Split(row, ",")
		fmt.Fprintf(&b, "%s,extra,%s,%s\n", cells[1], cells[2], cells[0])
	}
	return b.String()
}

// writeParquet has DuckDB write status files with typed columns, days, and one with a faulty row.
func writeParquet(t *testing.T, data string) {
	t.Helper()
	e := enginetest.New(t, data, 1)
	for _, folder := range []string{"status/day=2024-10-06", "status/day=2024-10-07", "store_status"} {
		if err := os.MkdirAll(filepath.Join(data, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for path, query := range map[string]string{
		"status/day=2024-10-06/a.parquet":   "SELECT 1234567890123456789 AS store_id, 'active' AS status, TIMESTAMP '2024-10-06 10:00:00.123456' AS timestamp_utc",
		"status/day=2024-10-07/a.parquet":   "SELECT 's1' AS store_id, 'inactive' AS status, TIMESTAMPTZ '2024-10-07 12:00:00+00' AS timestamp_utc UNION ALL SELECT NULL, 'active', NULL",
		"store_status/2024_x7k2p_bucket-00": "SELECT 's1' AS store_id, 'active' AS status, CAST(TIMESTAMP '2024-10-07 13:00:00' AS TIMESTAMP_NS) AS timestamp",
		"store_status_uuid.parquet":         "SELECT CAST('f6e4d870-a273-49cf-be4d-000000000001' AS UUID) AS store_id, 'active' AS status, '1728295200' AS timestamp",
		// read as their text, whether that fits or not
		"store_status_decimal.parquet": "SELECT CAST(1234567890123456789 AS DECIMAL(19,0)) AS store_id, 'inactive' AS status, CAST(1728295200 AS DECIMAL(18,0)) AS timestamp",
		"store_status_instant.parquet": "SELECT TIMESTAMPTZ '2024-10-07 12:00:00+00' AS store_id, 'active' AS status, TIMESTAMP '2024-10-07 12:00:00' AS timestamp",
		"store_status_clock.parquet":   "SELECT TIME '09:00:00' AS store_id, true AS status, DATE '2024-10-07' AS timestamp",
		"store_status_beside.parquet":  "SELECT 's1' AS store_id, 'active' AS status, TIMESTAMP '2024-10-07 09:30:00' AS timestamp, uuid() AS a, INTERVAL 1 DAY AS b, TIME_NS '09:00:00' AS c",
	} {
		if _, err := e.DB.ExecContext(t.Context(), fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet)", query, engine.Quote(filepath.Join(data, path)))); err != nil {
			t.Fatal(err)
		}
	}
	enginetest.WriteFiles(t, data, map[string]string{"store_status_fixed.parquet": fixedIDs(t, "STORE-0000000001", "STORE-\xff000000002")})
}

// fixedIDs writes a status file with ids of a fixed number of bytes, and times in an encoding that neither engine reads.
func fixedIDs(t *testing.T, ids ...string) string {
	t.Helper()
	fields := arrow.NewSchema([]arrow.Field{{Name: "store_id", Type: &arrow.FixedSizeBinaryType{ByteWidth: len(ids[0])}},
		{Name: "status", Type: arrow.BinaryTypes.String}, {Name: "timestamp", Type: arrow.PrimitiveTypes.Int64}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, fields)
	for _, id := range ids {
		b.Field(0).(*array.FixedSizeBinaryBuilder).Append([]byte(id))
		b.Field(1).(*array.StringBuilder).Append("active")
		b.Field(2).(*array.Int64Builder).Append(1728295200)
	}
	var out strings.Builder
	w, err := pqarrow.NewFileWriter(fields, &out, parquet.NewWriterProperties(parquet.WithDictionaryFor("timestamp", false),
		parquet.WithEncodingFor("timestamp", parquet.Encodings.ByteStreamSplit)), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(b.NewRecordBatch()), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestSparkTimestampForms asks the cluster's own function, which the reading above reaches only with
// what a file can hold.
func TestSparkTimestampForms(t *testing.T) {
	cluster := testCluster(t)
	cluster.Staging = t.TempDir()
	e := enginetest.New(t, cluster.Staging, 1)
	l, err := load.New(t.Context(), e, "")
	if err != nil {
		t.Fatal(err)
	}
	b, err := on(t, e, cluster).Cluster.Open(t.Context(), l, "test")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(b.Close(), l.Close()); err != nil {
			t.Error(err)
		}
	}()
	var texts []string
	want := map[string]int64{}
	for text, us := range timestampForms(t) {
		texts, want[text] = append(texts, text), us
	}
	texts = append(texts, noTimestamps...)
	var rows [][]any
	for i, text := range texts {
		rows = append(rows, []any{int64(i), text})
	}
	if err := b.CreateRelation(t.Context(), engine.Relation{Name: "texts", Columns: []engine.Column{{Name: "n", Kind: "BIGINT"}, {Name: "cell", Kind: "STRING"}}, Rows: rows}); err != nil {
		t.Fatal(err)
	}
	found, err := b.Querier().QueryContext(t.Context(), "SELECT n, parse_timestamp(cell) FROM texts")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	count := 0
	for ; found.Next(); count++ {
		var n int
		var us sql.NullInt64
		if err := found.Scan(&n, &us); err != nil {
			t.Fatal(err)
		}
		if at, good := want[texts[n]]; good != us.Valid || good && at != us.Int64 {
			t.Errorf("%q: got %v, want %v %v", texts[n], us, at, good)
		}
	}
	if err := found.Err(); err != nil || count != len(texts) {
		t.Errorf("%d of %d texts: %v", count, len(texts), err)
	}
}

// TestSparkFindings compares the findings about ids and conventions, of which the samples have none.
func TestSparkFindings(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	polls := "store_id,status,timestamp_utc\n"
	for _, id := range []string{"1.01537E+18", `"1,01537e+18"`, "1015370000000010000", "2234567890123450000", "9876543210987650000", "9876543210987650001",
		`\N`, "NULL", "NaN", "#N/A", "\u00a0\u200b", "\u3000", "\ufeff\u2060", "\u00a0店", "é", "a+b", "1E+1x"} {
		polls += id + ",active,2024-10-07 10:00:00 UTC\n"
	}
	enginetest.WriteFiles(t, data, map[string]string{
		"store_status.csv":   polls,
		"store_status_2.csv": "store_id,status,timestamp_utc\na,active,25/9/2024 10:00\na,active,7/9/2024 10:00\n",
		"menu_hours.csv":     "store_id,day,start_time_local,end_time_local\nx,1,09:00,10:00\nx,7,09:00,10:00\n",
		"business_hours.csv": "store_id,day,start_time_local,end_time_local\ny,1,09:00,10:00\ny;2;09:00;10:00\n",
		"timezones.csv":      "store_id,timezone_str\nz,EST\ny,PST\n",
	})
	dir := t.TempDir()
	cluster := testCluster(t)
	cluster.Staging = dir
	var checks []report.Check
	for _, cluster := range []*spark.Options{nil, cluster} {
		c, err := report.CheckData(t.Context(), on(t, enginetest.New(t, data, 1), cluster), report.Request{Data: data, Now: enginetest.Now})
		if err != nil {
			t.Fatal(err)
		}
		checks = append(checks, c)
	}
	if diff := cmp.Diff(checks[0], checks[1]); diff != "" {
		t.Errorf("-DuckDB +Spark:\n%s", diff)
	}
	m := checks[0]
	for code, count := range map[string]int64{pipeline.DoubtfulConvention: 4, "ids_in_scientific_notation": 2, "ids_cut_to_15_digits": 3, "ids_that_mean_nothing": 7, "sets_hardly_meet": 2} {
		if !slices.ContainsFunc(m.Quality.Findings, func(f pipeline.Finding) bool { return f.Code == code && f.Count == count }) {
			t.Errorf("no finding %s with the count %d: %+v", code, count, m.Quality.Findings)
		}
	}
}

// TestSparkCalendarFindings compares the findings about stores, dated hours, special hours, closures and targets, of which the samples
// have few.
func TestSparkCalendarFindings(t *testing.T) {
	t.Parallel()
	const special = "store_id,attribute,value,date,closed,opens,closes\n"
	data := t.TempDir()
	enginetest.WriteFiles(t, data, map[string]string{
		"store_status.csv":  "store_id,status,timestamp_utc\na,inactive,2024-10-07 06:30 UTC\na,inactive,2024-10-07 06:30 UTC\na,active,2024-10-07 10:00 UTC\nb,active,2024-10-07 10:00 UTC\n",
		"menu_hours.csv":    "store_id,day,start_time_local,end_time_local,valid_from\na,0,00:00,00:00,2024-10-02\n",
		"timezones.csv":     "store_id,timezone\na,America/New_York\n",
		"targets.csv":       "store_id,attribute,value,target,window\na,,,98,last_day\na,,,97,last_day\n,City,Paris,96,\n,Brand,X,95,\nzz,,,94,last_month\n",
		"stores.csv":        "store_id,name,opens_on,City,Brand\na,One,2024-10-01,Rome,X\na,Two,2024-10-01,Paris,X\nb,,2024-10-08,,\n",
		"special_hours.csv": special + "a,,,2024-10-04,yes,,\na,,,2024-10-04,,09:00,12:00\n,City,Paris,2024-10-05,yes,,\n,Brand,X,2024-10-05,yes,,\n,City,Rome,2024-10-05,yes,,\nzz,,,2024-10-05,yes,,\n",
		"closures.csv": "store_id,starts_at,ends_at,start_local,announced_at,reson\na,2024-10-07 06:00,2024-10-07 07:00,,2024-10-07 06:30,\na,2024-10-07 06:00,2024-10-07 08:00,,2024-10-07 06:30,\n" +
			"b,2024-10-07 06:00,2024-10-07 07:00,,2024-10-07 06:30,\nb,,,2024-10-07 05:00,,\n",
	})
	cluster := testCluster(t)
	cluster.Staging = t.TempDir()
	var checks []report.Check
	for _, cluster := range []*spark.Options{nil, cluster} {
		c, err := report.CheckData(t.Context(), on(t, enginetest.New(t, data, 1), cluster), report.Request{Data: data, Now: enginetest.Now})
		if err != nil {
			t.Fatal(err)
		}
		checks = append(checks, c)
	}
	if diff := cmp.Diff(checks[0], checks[1]); diff != "" {
		t.Errorf("-DuckDB +Spark:\n%s", diff)
	}
	got := map[string]int64{}
	for _, f := range checks[1].Quality.Findings {
		got[f.Code] = f.Count
	}
	for code, count := range map[string]int64{"attribute_conflicts": 1, "store_detail_conflicts": 1, "special_hours_conflicts": 1, "address_conflicts": 1, "unknown_addresses": 3, "target_conflicts": 1, "target_address_conflicts": 2, "unknown_target_windows": 1,
		"dates_without_hours": 1, "hours_from_midnight_to_midnight": 1, "closures_without_end": 1, "closures_announced_late": 3, pipeline.UnreadColumns: 1} {
		if got[code] != count {
			t.Errorf("%s has the count %d instead of %d", code, got[code], count)
		}
	}
}

// TestSparkCancel: a report that is cancelled leaves no job on the cluster and nothing in the folders,
// whether the cluster is at work or between two statements.
func TestSparkCancel(t *testing.T) {
	data := t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 2000, Days: 9, Seed: 3, IDs: generate.Numbers,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	for name, busy := range map[string]bool{"at work": true, "between two statements": false} {
		t.Run(name, func(t *testing.T) { cancelOnSpark(t, data, busy) })
	}
}

func cancelOnSpark(t *testing.T, data string, busy bool) {
	dir, cluster := t.TempDir(), testCluster(t)
	cluster.Staging = filepath.Join(dir, "staging")
	e, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Folders: []string{dir, data}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, cancel := context.WithCancel(t.Context())
	late := make(chan struct{})
	_, err = report.Make(ctx, on(t, e, cluster), report.Request{Data: data, Reports: filepath.Join(dir, "reports"), Now: enginetest.Now, Progress: func(name string, _, _ int) {
		if name != "observations" {
			return
		}
		staged, err := filepath.Glob(filepath.Join(cluster.Staging, "*"))
		if err != nil || len(staged) != 1 {
			t.Fatalf("staged: %v, %v", staged, err)
		}
		if !busy {
			cancel()
		}
		go func() {
			defer close(late)
			if busy {
				waitForJobs(t, cluster.Address, true)
				cancel()
			}
			writeLate(t, staged[0])
		}()
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-late
	waitForJobs(t, cluster.Address, false)
	for _, folder := range []string{"staging", "reports"} {
		root := filepath.Join(dir, folder)
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && path != root {
				t.Errorf("%s is left", path)
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
}

// writeLate does what a task does that was about to write when its statement was cancelled, and that
// a busy worker ends late: it creates its folder again once the run's own folder is gone.
func writeLate(t *testing.T, staged string) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if _, err := os.Stat(staged); errors.Is(err, fs.ErrNotExist) {
			if err := os.MkdirAll(filepath.Join(staged, "observations", "_temporary", "0"), 0o755); err != nil {
				t.Error(err)
			}
			return
		}
	}
	t.Errorf("%s is there after a minute", staged)
}

// waitForJobs waits until jobs of the step that is cancelled run on the cluster, or none any more, as
// the page of the Thrift Server's jobs has it, which spark-up puts three ports on.
func waitForJobs(t *testing.T, address string, running bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Error(err)
		return
	}
	number, _ := strconv.Atoi(port)
	api := fmt.Sprintf("http://%s:%d/api/v1/applications", host, number+3)
	get := func(url string, into any) bool {
		answer, err := http.Get(url)
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		return json.NewDecoder(answer.Body).Decode(into) == nil
	}
	var apps, jobs []map[string]any
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if get(api, &apps) && len(apps) == 1 && get(fmt.Sprintf("%s/%s/jobs?status=running", api, apps[0]["id"]), &jobs) && (len(jobs) > 0) == running {
			return
		}
	}
	t.Errorf("jobs on the cluster: %v, wanted some: %v", jobs, running)
}

// TestSparkCompacted: days that were compacted come to the cluster as DuckDB reads them.
func TestSparkCompacted(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 40, Days: 14, Seed: 5, IDs: generate.Numbers,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Compact(t.Context(), enginetest.New(t, data, 1), ingest.CompactRequest{Data: data, Now: enginetest.Now}); err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, data, map[string]string{"store_status_new.csv": "store_id,status,timestamp_utc\nnew,active,2024-11-06 04:00:00 UTC\nnew,maybe,\n"})
	if m := sameOnBoth(t, data, params.Parameters{}); m.Quality.RowsRejected != 1 || m.Stores < 41 {
		t.Errorf("%d rows rejected, %d stores", m.Quality.RowsRejected, m.Stores)
	}
}
