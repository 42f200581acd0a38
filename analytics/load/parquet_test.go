package load

import (
	"os"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
)

func TestParquetRows(t *testing.T) {
	const noon = "2024-10-07 12:00:00Z"
	for name, c := range map[string]struct {
		query string
		want  loaded
	}{
		"text": {`SELECT * FROM (VALUES (' a ', 'Active', '2024-10-07 12:00:00 UTC'), ('b', 'inactive', '1728302400')) AS v("Store_ID", status, timestamp)`,
			loaded{Accepted: []string{"a active " + noon, "b inactive " + noon}}},
		"numbers_and_instants": {`SELECT CAST(1481966498820158979 AS BIGINT) AS store_id, 'active' AS status, TIMESTAMP '2024-10-07 12:00:00' AS timestamp_utc`,
			loaded{Accepted: []string{"1481966498820158979 active " + noon}}},
		"instants_with_zone": {`SELECT CAST('00112233-4455-6677-8899-aabbccddeeff' AS UUID) AS store_id, 'active' AS status, TIMESTAMPTZ '2024-10-07 14:00:00+02' AS timestamp_utc`,
			loaded{Accepted: []string{"00112233-4455-6677-8899-aabbccddeeff active " + noon}}},
		"instants_with_zone_beyond_any": {`SELECT * FROM (VALUES ('a', 'active', TIMESTAMPTZ 'infinity'), ('b', 'active', NULL),
				('c', 'active', TIMESTAMPTZ '1969-12-31 23:59:59+00')) AS v(store_id, status, timestamp_utc)`,
			loaded{Rejects: []string{
				"store_status.parquet:1 timestamp_utc: not a timestamp such as 2024-10-07 21:30:00 UTC: a,active,infinity",
				"store_status.parquet:2 timestamp_utc: missing value: b,active,",
				"store_status.parquet:3 timestamp_utc: not a timestamp such as 2024-10-07 21:30:00 UTC: c,active,1969-12-31 23:59:59+00"}}},
		"unix_seconds": {`SELECT 'a' AS store_id, 'active' AS status, CAST(1728302400 AS INTEGER) AS timestamp_utc`,
			loaded{Accepted: []string{"a active " + noon}}},
		"no_rows": {`SELECT 'a' AS store_id, 'active' AS status, 'x' AS timestamp_utc WHERE false`, loaded{}},
		"rejects": {`SELECT * FROM (VALUES (NULL, 'active', TIMESTAMP '2024-10-07 12:00:00'), (' a', 'off', NULL), ('b', 'active', NULL),
				('c', 'active', 'infinity'), ('d', 'active', '1969-12-31 23:00:00'), ('e', 'active', '2024-10-07 12:00:00')) AS v(store_id, status, timestamp_utc)`,
			loaded{[]string{"e active " + noon}, []string{
				"store_status.parquet:1 store_id: missing value: ,active,2024-10-07 12:00:00",
				"store_status.parquet:2 status: neither active nor inactive:  a,off,",
				"store_status.parquet:3 timestamp_utc: missing value: b,active,",
				"store_status.parquet:4 timestamp_utc: not a timestamp such as 2024-10-07 21:30:00 UTC: c,active,infinity",
				"store_status.parquet:5 timestamp_utc: not a timestamp such as 2024-10-07 21:30:00 UTC: d,active,1969-12-31 23:00:00"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, files, err := Load(t, map[string]string{"store_status.parquet": enginetest.Parquet(t, c.query)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if rows := int64(len(c.want.Accepted) + len(c.want.Rejects)); files[0].Rows != rows || files[0].Rejected != int64(len(c.want.Rejects)) || len(files[0].SHA256) != 64 {
				t.Errorf("got %+v, want %d rows", files[0], rows)
			}
		})
	}
}

func TestParquetHoursZonesAndDays(t *testing.T) {
	row := func(id string) string {
		return enginetest.Parquet(t, "SELECT '"+id+"' AS store_id, 'active' AS status, '2024-10-07 10:00:00 UTC' AS timestamp_utc")
	}
	got, files, err := Load(t, map[string]string{
		"status/day=2024-10-07/a.parquet": row("a"),
		"status/day=2024-10-08/b.parquet": row("b"),
		"status/notes.txt":                "no data",
		"business hours.parquet":          enginetest.Parquet(t, "SELECT CAST(7 AS BIGINT) AS store_id, CAST(0 AS TINYINT) AS dayOfWeek, TIME '09:00:00' AS start_time_local, TIME '17:30:00' AS end_time_local"),
		"Timezones.parquet":               enginetest.Parquet(t, "SELECT CAST(7 AS BIGINT) AS store_id, 'Mars/Base' AS timezone_str"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := loaded{[]string{good, "b active 2024-10-07 10:00:00Z"}, []string{"Timezones.parquet:1 timezone_str: not an IANA zone name such as America/New_York: 7,Mars/Base"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(files) != 4 {
		t.Errorf("%d files", len(files))
	}
	got, _, err = Load(t, map[string]string{"Status/Day=2024-10-07/A.Parquet": row("a")})
	if err != nil || len(got.Accepted) != 1 {
		t.Errorf("folders in another case: %v, %v", got, err)
	}
}

func TestParquetThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ query, want string }{
		"list":           {"SELECT ['a'] AS store_id, 'active' AS status, 'x' AS timestamp_utc", "column store_id has the type VARCHAR[]: text is needed"},
		"double":         {"SELECT CAST(1.5 AS DOUBLE) AS store_id, 'active' AS status, 'x' AS timestamp_utc", "column store_id has the type DOUBLE: text is needed"},
		"type":           {"SELECT 1.5 AS store_id, 'active' AS status, 'x' AS timestamp_utc", "column store_id has the type DECIMAL(2,1): text is needed"},
		"missing":        {"SELECT 'a' AS store_id, 'active' AS status", "no column timestamp_utc"},
		"own_row_number": {"SELECT 'a' AS store_id, 'active' AS status, 'x' AS timestamp_utc, 1 AS file_row_number", "rename it"},
		"nested":         {"SELECT {'a': 'b'} AS store_id, 'active' AS status, 'x' AS timestamp_utc", "column store_id has the type STRUCT(a VARCHAR): text is needed"},
	} {
		_, _, err := Load(t, map[string]string{"store_status.parquet": enginetest.Parquet(t, c.query)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// DuckDB gives up a file for one value that is no UTF-8; openhours gives up the row.
func TestParquetWithBadUTF8(t *testing.T) {
	dictionary := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.Binary}
	for _, text := range []arrow.DataType{arrow.BinaryTypes.String, arrow.BinaryTypes.Binary, arrow.BinaryTypes.LargeString, dictionary} {
		t.Run(text.Name(), func(t *testing.T) { parquetWithBadUTF8(t, text) })
	}
}

func parquetWithBadUTF8(t *testing.T, text arrow.DataType) {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "timestamp", Type: arrow.FixedWidthTypes.Timestamp_us, Nullable: true}, {Name: "note", Type: arrow.BinaryTypes.String},
		{Name: "store_id", Type: text}, {Name: "status", Type: text}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, id := range []string{"a", "b\xff", "c"} {
		b.Field(0).(*array.TimestampBuilder).Append(1728295200_000000)
		b.Field(1).(*array.StringBuilder).Append("x")
		appendText(t, b.Field(2), id)
		appendText(t, b.Field(3), "active")
	}
	b.Field(0).(*array.TimestampBuilder).AppendNull()
	for i, text := range []string{"x", "d", "active"} {
		appendText(t, b.Field(i+1), text)
	}
	var file strings.Builder
	w, err := pqarrow.NewFileWriter(schema, &file, nil, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(b.NewRecordBatch()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, files, err := Load(t, map[string]string{"store_status.parquet": file.String()})
	if err != nil {
		t.Fatal(err)
	}
	want := loaded{[]string{good, "c active 2024-10-07 10:00:00Z"}, []string{
		"store_status.parquet:2 store_id: not UTF-8: b\uFFFD,active,2024-10-07 10:00:00+00",
		"store_status.parquet:4 timestamp_utc: missing value: d,active,"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if files[0].Rows != 4 || !files[0].Exact {
		t.Errorf("got %+v", files[0])
	}
}

func appendText(t *testing.T, builder array.Builder, text string) {
	t.Helper()
	switch b := builder.(type) {
	case *array.StringBuilder:
		b.Append(text)
	case *array.LargeStringBuilder:
		b.Append(text)
	case *array.BinaryDictionaryBuilder:
		if err := b.AppendString(text); err != nil {
			t.Fatal(err)
		}
	case *array.BinaryBuilder:
		b.AppendString(text)
	default:
		t.Fatalf("no text goes into a %T", builder)
	}
}

// TestParquetEmptyFrame: pandas writes the columns of an empty frame with the type null.
func TestParquetEmptyFrame(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "store_id", Type: arrow.Null, Nullable: true}, {Name: "status", Type: arrow.Null, Nullable: true}, {Name: "timestamp", Type: arrow.Null, Nullable: true}}, nil)
	for _, rows := range []int{0, 2} {
		var columns []arrow.Array
		for range schema.Fields() {
			columns = append(columns, array.NewNull(rows))
		}
		var file strings.Builder
		w, err := pqarrow.NewFileWriter(schema, &file, nil, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(array.NewRecordBatch(schema, columns, int64(rows))); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, _, err := Load(t, map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "store_status_2.parquet": file.String()})
		if err != nil || len(got.Accepted) != 1 || len(got.Rejects) != rows {
			t.Errorf("%d rows: got %v, %v", rows, got, err)
		}
	}
}

// TestParquetFixedInDelta: bytes of a fixed length in DELTA_BYTE_ARRAY, which arrow-go neither writes nor reads by itself; the
// file is pyarrow's. The third id is no UTF-8, so that the exact reader reads the file.
func TestParquetFixedInDelta(t *testing.T) {
	file, err := os.ReadFile("testdata/fixed_in_delta.parquet")
	if err != nil {
		t.Fatal(err)
	}
	got, files, err := Load(t, map[string]string{"store_status.parquet": string(file)})
	if err != nil {
		t.Fatal(err)
	}
	want := loaded{[]string{"STORE-0000000001 active 2024-10-07 10:00:00Z", "STORE-0000000002 active 2024-10-07 10:00:00Z"}, []string{
		"store_status.parquet:3 store_id: not UTF-8: STORE-\uFFFD000000003,active,1728295200",
		"store_status.parquet:4 store_id: missing value: ,active,1728295200"}}
	if diff := cmp.Diff(want, got); diff != "" || !files[0].Exact {
		t.Errorf("read by the exact reader: %t; -want +got:\n%s", files[0].Exact, diff)
	}
}
