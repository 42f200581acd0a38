package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/params"
)

// arrowFile writes a Parquet file of text columns and one of numbers of another type, which DuckDB would
// not write where they are out of its range.
func arrowFile(t *testing.T, names []string, texts [][]string, kind arrow.DataType, numbers []int64) string {
	t.Helper()
	var fields []arrow.Field
	var columns []arrow.Array
	for i, cells := range texts {
		b := array.NewStringBuilder(memory.DefaultAllocator)
		b.AppendValues(cells, nil)
		fields, columns = append(fields, arrow.Field{Name: names[i], Type: arrow.BinaryTypes.String}), append(columns, b.NewArray())
	}
	b := array.NewBuilder(memory.DefaultAllocator, kind)
	for _, n := range numbers {
		switch b := b.(type) {
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp(n))
		case *array.Time32Builder:
			b.Append(arrow.Time32(n))
		case *array.Time64Builder:
			b.Append(arrow.Time64(n))
		}
	}
	fields, columns = append(fields, arrow.Field{Name: names[len(texts)], Type: kind}), append(columns, b.NewArray())
	table := array.NewTableFromRecords(arrow.NewSchema(fields, nil), []arrow.RecordBatch{array.NewRecordBatch(arrow.NewSchema(fields, nil), columns, int64(len(numbers)))})
	var file bytes.Buffer
	if err := pqarrow.WriteTable(table, &file, 1<<20, parquet.NewWriterProperties(), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema())); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// bothWays loads a file as it is and with a last row whose id is no UTF-8, which is for the exact reader.
func bothWays(t *testing.T, name string, file func(more bool) string, check func(way string, got loaded)) {
	t.Helper()
	for _, more := range []bool{false, true} {
		files := map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow}
		files[name] = file(more)
		got, _, err := Load(t, files)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(got.Rejects); more && n > 0 {
			got.Rejects = got.Rejects[:n-1]
		}
		check(map[bool]string{false: "quick", true: "exact"}[more], got)
	}
}

// TestParquetStampsOutOfRange has time stamps at the ends of the years that count and of the numbers that
// hold them: each is a row that is accepted or rejected, whatever stands beside it.
func TestParquetStampsOutOfRange(t *testing.T) {
	const last = 253402300799 // 9999-12-31 23:59:59
	for name, kind := range map[string]*arrow.TimestampType{
		"ms": {Unit: arrow.Millisecond}, "us": {Unit: arrow.Microsecond}, "ns": {Unit: arrow.Nanosecond},
		"us_utc": {Unit: arrow.Microsecond, TimeZone: "UTC"}, "us_kiritimati": {Unit: arrow.Microsecond, TimeZone: "Pacific/Kiritimati"}, "us_of_no_zone": {Unit: arrow.Microsecond, TimeZone: "Mars/Base"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perSecond := int64(time.Second / kind.Unit.Multiplier())
			numbers := []int64{0, 1, -1, -999, math.MaxInt64, math.MinInt64, 1 << 62, 1728295200 * perSecond}
			if kind.Unit != arrow.Nanosecond { // whose numbers end in 2262
				numbers = append(numbers, last*perSecond, (last+1)*perSecond)
			}
			var want loaded
			var ids, states []string
			for i, n := range numbers {
				ids, states = append(ids, fmt.Sprint("v", i)), append(states, "active")
				if n < 0 || n/perSecond > last || n == math.MaxInt64 { // which is infinity
					want.Rejects = append(want.Rejects, fmt.Sprint("store_status_2.parquet:", i+1))
					continue
				}
				us := time.Unix(n/perSecond, n%perSecond*int64(kind.Unit.Multiplier())).UnixMicro()
				want.Accepted = append(want.Accepted, fmt.Sprintf("v%d active %s", i, params.FormatInstant(us)))
			}
			bothWays(t, "store_status_2.parquet", func(more bool) string {
				ids, states, numbers := slices.Clone(ids), slices.Clone(states), slices.Clone(numbers)
				if more {
					ids, states, numbers = append(ids, "\xff"), append(states, "active"), append(numbers, 0)
				}
				return arrowFile(t, []string{"store_id", "status", "timestamp_utc"}, [][]string{ids, states}, kind, numbers)
			}, func(way string, got loaded) {
				got.Accepted = slices.DeleteFunc(got.Accepted, func(row string) bool { return row == good })
				for i, r := range got.Rejects {
					got.Rejects[i], _, _ = strings.Cut(r, " ")
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: -want +got:\n%s", way, diff)
				}
			})
		})
	}
}

// TestParquetClocksOutOfRange has closing times outside of a day, which DuckDB does not write as text.
func TestParquetClocksOutOfRange(t *testing.T) {
	for name, kind := range map[string]arrow.DataType{"ms": arrow.FixedWidthTypes.Time32ms, "us": arrow.FixedWidthTypes.Time64us, "ns": arrow.FixedWidthTypes.Time64ns} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			day := map[string]int64{"ms": 86400e3, "us": 86400e6, "ns": 86400e9}[name]
			numbers := []int64{0, day, day + 1, -1, day / 24 * 25, math.MaxInt64, math.MinInt64, day * 20}
			if name == "ms" {
				numbers[5], numbers[6] = math.MaxInt32, math.MinInt32
			}
			var ids, days, starts, want []string
			for i, n := range numbers {
				ids, days, starts = append(ids, fmt.Sprint("v", i)), append(days, "0"), append(starts, "09:00")
				if n < 0 || n > day {
					want = append(want, fmt.Sprint("menu_hours.parquet:", i+1))
				}
			}
			bothWays(t, "menu_hours.parquet", func(more bool) string {
				ids, days, starts, numbers := slices.Clone(ids), slices.Clone(days), slices.Clone(starts), slices.Clone(numbers)
				if more {
					ids, days, starts, numbers = append(ids, "\xff"), append(days, "0"), append(starts, "09:00"), append(numbers, 0)
				}
				return arrowFile(t, []string{"store_id", "day", "start_time_local", "end_time_local"}, [][]string{ids, days, starts}, kind, numbers)
			}, func(way string, got loaded) {
				for i, r := range got.Rejects {
					got.Rejects[i], _, _ = strings.Cut(r, " ")
				}
				if diff := cmp.Diff(want, got.Rejects); diff != "" {
					t.Errorf("%s: -want +got:\n%s", way, diff)
				}
			})
		})
	}
}

// TestParquetColumnsTwice: a needed column that is there twice is an error, as in CSV; nested columns
// beside those that are needed do not shift their names.
func TestParquetColumnsTwice(t *testing.T) {
	stamp := &arrow.TimestampType{Unit: arrow.Microsecond}
	for name, names := range map[string][]string{
		"the same name": {"store_id", "status", "store_id", "timestamp_utc"}, "another case": {"store_id", "status", "STATUS", "timestamp_utc"},
		"another name": {"store_id", "status", "timestamp", "Timestamp_UTC"},
	} {
		file := arrowFile(t, names, [][]string{{"a"}, {"active"}, {"b"}}, stamp, []int64{0})
		if _, _, err := Load(t, map[string]string{"store_status.parquet": file}); err == nil || !strings.Contains(err.Error(), "both mean") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	got, _, err := Load(t, map[string]string{"store_status.parquet": enginetest.Parquet(t, "SELECT {'store_id': 1, 'b': {'status': [2], 'd': MAP {'x': 1}}} AS note, [{'y': 1}] AS list, "+
		"'a' AS store_id, [[1]] AS lists, 'active' AS status, TIMESTAMP '2024-10-07 10:00' AS timestamp_utc, 'x' AS note2")})
	if diff := cmp.Diff(loaded{Accepted: []string{good}}, got); diff != "" || err != nil {
		t.Errorf("%v: -want +got:\n%s", err, diff)
	}
}

// TestDamagedParquet: what the library of Parquet files does not survive in their pages is an error.
func TestDamagedParquet(t *testing.T) {
	file := []byte(arrowFile(t, []string{"store_id", "status", "timestamp_utc"}, [][]string{{"a", "\xff", "b"}, {"active", "active", "active"}}, &arrow.TimestampType{Unit: arrow.Microsecond}, []int64{0, 1, 2}))
	pages := len(file) - 8 - int(binary.LittleEndian.Uint32(file[len(file)-8:])) // what comes before the footer
	set := input.Sets()[slices.IndexFunc(input.Sets(), func(s input.Set) bool { return s.Name == input.StatusSet })]
	caught, random := 0, rand.New(rand.NewPCG(5, 6))
	for range 80 {
		harmed := slices.Clone(file)
		for range 1 + random.IntN(3) {
			harmed[4+random.IntN(pages-4)] ^= byte(1 << random.IntN(8))
		}
		l := preparedLoader(t, enginetest.New(t, t.TempDir(), 1), t.TempDir())
		path := filepath.Join(t.TempDir(), "store_status.parquet")
		if err := os.WriteFile(path, harmed, 0o644); err != nil {
			t.Fatal(err)
		}
		// that it ends is all that is asked: the exact reader alone, as DuckDB may end with the process
		_, err := l.loadParquetExactly(t.Context(), &File{File: input.File{Set: set, Name: "store_status.parquet", Path: path}}, input.Columns{Places: []int{0, 1, 2}}, &input.LoadedFile{})
		if err != nil && strings.Contains(err.Error(), "the file is damaged") {
			caught++
		}
	}
	if caught == 0 {
		t.Error("no damage went as far as it can: this test says nothing")
	}
}
