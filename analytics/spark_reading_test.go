//go:build spark

package analytics_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/klauspost/compress/zstd"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/load"
)

// writeAwkward adds files that are faulty, torn, packed and typed.
func writeAwkward(t *testing.T, data string) {
	t.Helper()
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
		"menu_hours_2.csv/000000_0": "store_id,day,start_time_local,end_time_local\ns1,0,9:00,24:00\ns1,0,09:00:00.5,23:59:59\ns2,7,9:00,10:00\n" +
			"s3,0,24:00,10:00\ns3,1,9:00,24:01\ns4,1,9:60,10:00\ns5,,,\ns1,0,9:00,24:00\n",
		"timezones_2.csv": "store_id,timezone_str\ns1,America/New_York\ns1,Asia/Beirut\ns2,IST\ns3,america/new_york\ns4,\n",
	})
	writeParquet(t, data)
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

// TestSparkTimestampForms asks the cluster's own function, which TestSparkParity reaches only with
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
	for us, want := range spanTexts(t) {
		var got string
		if err := b.Querier().QueryRowContext(t.Context(), fmt.Sprintf("SELECT span_text(CAST(%d AS BIGINT))", us)).Scan(&got); err != nil || got != want {
			t.Errorf("%d us: got %q, want %q, %v", us, got, want, err)
		}
	}
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
