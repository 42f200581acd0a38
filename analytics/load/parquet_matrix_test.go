package load

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
)

// matrixLoader loads single files, one after the other, on one engine.
type matrixLoader struct {
	*Loader
	files int
}

// load returns the accepted rows and the rejected ones of a file, without its name.
func (m *matrixLoader) load(t *testing.T, set input.Set, extension, content string) (got loaded, exact bool, err error) {
	t.Helper()
	m.files++ // DuckDB remembers what it saw of a path
	path := filepath.Join(m.Dir, fmt.Sprintf("%d%s", m.files, extension))
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	opened, err := OpenFile(t.Context(), input.File{Set: set, Name: "f" + extension, Path: path})
	if err != nil {
		return got, false, err
	}
	if opened.inspect(t.Context()); opened.seenErr != nil {
		t.Fatal(opened.seenErr)
	}
	if m.Rejects, err = NewRejectSpool(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.CloseRejects(); err != nil {
			t.Error(err)
		}
	}()
	m.Rejects.OnReject = func(r Reject) error {
		got.Rejects = append(got.Rejects, fmt.Sprintf("%d %s: %s: %s", r.Line, r.Column, r.Reason, r.Raw))
		return nil
	}
	result, err := m.LoadFile(t.Context(), opened)
	if err != nil {
		return got, false, err
	}
	table, columns := RowTable(set.Name)
	if err := m.DB.Each(t.Context(), "SELECT concat_ws('|', coalesce("+strings.ReplaceAll(columns, ", ", "::VARCHAR, ''), coalesce(")+"::VARCHAR, '')) AS cells FROM "+table+" ORDER BY ALL", func(rows *sql.Rows) error {
		var cells string
		err := rows.Scan(&cells)
		got.Accepted = append(got.Accepted, cells)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := m.DB.Exec(t.Context(), "TRUNCATE "+table); err != nil {
		t.Fatal(err)
	}
	return got, result.Exact, nil
}

// fromCSV loads the same cells as CSV, with the lines and raw texts of Parquet.
func (m *matrixLoader) fromCSV(t *testing.T, set input.Set, rows [][]string) loaded {
	t.Helper()
	var text strings.Builder
	w := csv.NewWriter(&text)
	var header []string
	for _, c := range set.Columns {
		header = append(header, c.Name)
	}
	if err := w.WriteAll(append([][]string{header}, rows...)); err != nil {
		t.Fatal(err)
	}
	want, _, err := m.load(t, set, ".csv", text.String())
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range want.Rejects {
		var line int
		if _, err := fmt.Sscan(r, &line); err != nil {
			t.Fatal(err)
		}
		_, r, _ = strings.Cut(r, " ")
		parts := strings.SplitN(r, ": ", 3)
		want.Rejects[i] = fmt.Sprintf("%d %s: %s: %s", line-1, parts[0], parts[1], validText(strings.Join(rows[line-2], ",")))
	}
	return want
}

// refusedByDuckDB reports whether DuckDB does not read an encoding of a type, or not as what it means.
func refusedByDuckDB(kind string, encoding parquet.Encoding) bool {
	switch kind {
	case "decimal_76", "time_ms_utc", "time_us_utc", "time_ns_utc":
		return true
	case "decimal_b":
		return encoding == parquet.Encodings.DeltaLengthByteArray
	}
	return encoding == parquet.Encodings.ByteStreamSplit
}

// typedColumns are the columns of the sets with many of them in which a type matters; the others are text, or parsed as one
// of these.
var typedColumns = map[string][]string{
	input.StoresSet: {"opens_on"}, input.SpecialHoursSet: {"date", "closed", "start_time_local"}, input.ClosuresSet: {"starts_at", "start_local"},
	input.TargetsSet: {"target"},
}

// TestParquetMatrix loads every type of the format, in every encoding, as every typed column, with DuckDB and with
// the exact reader: a file must mean what the CSV file of its texts means.
func TestParquetMatrix(t *testing.T) {
	text := parquetKinds()["text"]
	kinds := parquetKinds()
	for turn, set := range input.Sets() {
		for tested, column := range set.Columns {
			if typed, limited := typedColumns[set.Name]; limited && !slices.Contains(typed, column.Name) {
				continue
			}
			turn := turn + tested
			t.Run(set.Name+"/"+column.Name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
				if err := m.DB.AwaitZones(t.Context()); err != nil {
					t.Fatal(err)
				}
				for _, name := range slices.Sorted(maps.Keys(kinds)) {
					k := kinds[name]
					values, texts := append(slices.Clone(k.values), nil), append(slices.Clone(k.texts), "")
					var rows [][]string
					for _, text := range texts {
						row := goodCells(set)
						row[tested] = text
						rows = append(rows, row)
					}
					// The bad byte is in another column than the tested one.
					bad := goodCells(set)
					bad[tested] = texts[0]
					bad[map[bool]int{true: len(bad) - 1, false: 0}[tested == 0]] = "\xff"
					want := m.fromCSV(t, set, append(slices.Clone(rows), bad))
					wants := map[bool]loaded{true: want, false: {want.Accepted, want.Rejects[:len(want.Rejects)-1]}}
					encodings := k.encodings()
					if turn := turn % len(encodings); set.Name != input.StatusSet || tested != 0 {
						encodings = encodings[turn : turn+1] // together the columns have all of them
					}
					for _, encoding := range encodings {
						for _, withBad := range []bool{false, true} {
							rows, values := rows, values
							if withBad {
								rows, values = append(slices.Clone(rows), bad), append(slices.Clone(values), values[0])
							}
							var columns []parquetColumn
							for i, c := range set.Columns {
								if i == tested {
									columns = append(columns, parquetColumn{k.node(t, c.Name, parquet.Repetitions.Optional), encoding, values})
									continue
								}
								var cells []string
								for _, row := range rows {
									cells = append(cells, row[i])
								}
								columns = append(columns, parquetColumn{text.node(t, c.Name, parquet.Repetitions.Required), parquet.Encodings.Plain, bytesOf(cells...)})
							}
							version := parquet.DataPageV1
							if encoding != parquet.Encodings.Plain {
								version = parquet.DataPageV2
							}
							got, exact, err := m.load(t, set, ".parquet", writeParquet(t, version, 4, columns))
							if err != nil {
								t.Errorf("%s %s, bad row %t: %v", name, encoding, withBad, err)
								continue
							}
							if want := withBad || refusedByDuckDB(name, encoding); exact != want {
								t.Errorf("%s %s, bad row %t: read by the exact reader: %t, want %t", name, encoding, withBad, exact, want)
							}
							if diff := cmp.Diff(wants[withBad], got, cmpopts.EquateEmpty()); diff != "" {
								t.Errorf("%s %s, bad row %t: -want +got:\n%s", name, encoding, withBad, diff)
							}
						}
					}
				}
			})
		}
	}
}

// goodCells returns the cells of a row without a fault.
func goodCells(set input.Set) []string {
	return slices.Clone(map[string][]string{
		input.StatusSet: {"s", "active", "2024-10-07 12:00:00 UTC"},
		input.HoursSet:  {"s", "0", "09:00", "17:00", "2024-01-01", "2024-12-31"},
		input.ZonesSet:  {"s", "UTC"},

		input.StoresSet:       {"s", "Name", "2024-01-01", "2024-12-31"},
		input.SpecialHoursSet: {"s", "", "", "2024-12-25", "2024-12-26", "", "09:00", "17:00", "Holiday"},
		input.TargetsSet:      {"s", "", "", "98.5", "last_day"},
		input.ClosuresSet:     {"s", "", "", "2024-12-25 00:00 UTC", "2024-12-26 00:00 UTC", "", "", "Repairs", "2024-12-24"},
	}[set.Name])
}

// TestParquetBadBytes: a value that is no UTF-8 costs its row in every type of text and every encoding. DuckDB does not
// complain of such a value in all of them.
func TestParquetBadBytes(t *testing.T) {
	dir := t.TempDir()
	m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
	status := input.Sets()[slices.IndexFunc(input.Sets(), func(set input.Set) bool { return set.Name == input.StatusSet })]
	text := parquetKinds()["text"]
	for name, k := range parquetKinds() {
		if k.physical != parquet.Types.ByteArray && name != "fixed" || name == "decimal_b" {
			continue
		}
		good, bad := "STORE-0000000001", "STORE-\xff000000001"
		for _, encoding := range k.encodings() {
			ids := bytesOf(good, bad, good)
			if name == "fixed" {
				ids = fixedOf(good, bad, good)
			}
			got, _, err := m.load(t, status, ".parquet", writeParquet(t, parquet.DataPageV1, 2, []parquetColumn{
				{k.node(t, "store_id", parquet.Repetitions.Required), encoding, ids},
				{text.node(t, "status", parquet.Repetitions.Optional), parquet.Encodings.Plain, bytesOf("active", "active", "inactive")},
				{text.node(t, "timestamp_utc", parquet.Repetitions.Optional), parquet.Encodings.Plain, bytesOf("1728302400", "1728302400", "1728302400")},
			}))
			if err != nil {
				t.Errorf("%s %s: %v", name, encoding, err)
			}
			want := loaded{[]string{good + "|false|1728302400000000", good + "|true|1728302400000000"},
				[]string{"2 store_id: not UTF-8: STORE-\ufffd000000001,active,1728302400"}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s: -want +got:\n%s", name, encoding, diff)
			}
		}
	}
}

// TestParquetBesideOtherColumns: columns that are not needed may have any type, also those that DuckDB does not know and
// for which it refuses the whole file.
func TestParquetBesideOtherColumns(t *testing.T) {
	dir := t.TempDir()
	m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
	status := input.Sets()[slices.IndexFunc(input.Sets(), func(set input.Set) bool { return set.Name == input.StatusSet })]
	kinds := parquetKinds()
	others := map[string]parquetKind{
		"bson":     {physical: parquet.Types.ByteArray, logical: schema.BSONLogicalType{}, values: bytesOf("17", "18")},
		"interval": {physical: parquet.Types.FixedLenByteArray, length: 12, logical: schema.IntervalLogicalType{}, values: fixedOf("............", "............")},
		"float16":  {physical: parquet.Types.FixedLenByteArray, length: 2, logical: schema.Float16LogicalType{}, values: fixedOf("..", "..")},
		"double":   {physical: parquet.Types.Double, logical: schema.NoLogicalType{}, values: anyOf(1.5, 2.5)},
	}
	for name, other := range others {
		for _, ids := range [][]any{bytesOf("a", "b"), bytesOf("a", "\xff")} {
			got, _, err := m.load(t, status, ".parquet", writeParquet(t, parquet.DataPageV1, 1, []parquetColumn{
				{other.node(t, "note", parquet.Repetitions.Optional), parquet.Encodings.Plain, other.values},
				{kinds["text"].node(t, "store_id", parquet.Repetitions.Optional), parquet.Encodings.RLEDict, ids},
				{kinds["text"].node(t, "status", parquet.Repetitions.Optional), parquet.Encodings.Plain, bytesOf("active", "active")},
				{kinds["stamp_us"].node(t, "timestamp", parquet.Repetitions.Optional), parquet.Encodings.Plain, anyOf[int64](1728302400e6, 1728302400e6)},
			}))
			if err != nil || len(got.Accepted)+len(got.Rejects) != 2 {
				t.Errorf("%s: got %v, %v", name, got, err)
			}
		}
	}
	for name, k := range others {
		_, _, err := m.load(t, status, ".parquet", writeParquet(t, parquet.DataPageV1, 9, []parquetColumn{
			{k.node(t, "store_id", parquet.Repetitions.Optional), parquet.Encodings.Plain, k.values},
			{kinds["text"].node(t, "status", parquet.Repetitions.Optional), parquet.Encodings.Plain, bytesOf("active", "active")},
			{kinds["text"].node(t, "timestamp", parquet.Repetitions.Optional), parquet.Encodings.Plain, bytesOf("1728302400", "1728302400")},
		}))
		if err == nil || !strings.Contains(err.Error(), "column store_id has the type "+strings.ToUpper(map[string]string{"float16": "float"}[name])) || !strings.Contains(err.Error(), "text is needed") {
			t.Errorf("%s as an id: got %v", name, err)
		}
	}
}
