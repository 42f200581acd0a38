package load

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/params"
)

// loaded is what the reading of a folder gave, in a form that tests can compare.
type loaded struct {
	Accepted []string // of the status set: id, status and instant
	Rejects  []string // file:line column reason raw
}

func Load(t *testing.T, files map[string]string) (loaded, []input.LoadedFile, error) {
	t.Helper()
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, files)
	e := enginetest.New(t, dir, 2)
	l := preparedLoader(t, e, dir)
	opened, stop, err := l.OpenAll(context.Background())
	if err != nil {
		return loaded{}, nil, err
	}
	defer stop()
	if err := l.LoadAll(context.Background(), opened); err != nil {
		return loaded{}, nil, err
	}
	var got loaded
	err = l.DB.Each(context.Background(), "SELECT store_id, is_up, observed_us FROM status_rows ORDER BY ALL", func(rows *sql.Rows) error {
		var id string
		var up bool
		var us int64
		err := rows.Scan(&id, &up, &us)
		got.Accepted = append(got.Accepted, fmt.Sprintf("%s %s %s", id, input.StatusText(up), params.FormatInstant(us)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := l.Rejects.CopyTo(&text); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		got.Rejects = append(got.Rejects, fmt.Sprintf("%s:%s %s: %s: %s", r[0], r[1], r[2], r[3], r[4]))
	}
	return got, l.Files, nil
}

// preparedLoader has the functions and the empty row tables.
func preparedLoader(t *testing.T, e *engine.Engine, dir string) *Loader {
	t.Helper()
	l, err := New(t.Context(), e, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestBadUTF8BehindOtherColumns: a bad byte in a column behind one that is not read once ended every
// statement of DuckDB from then on; it is one rejected row.
func TestBadUTF8BehindOtherColumns(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"status": {"store_status.csv", "note,store_id,status,timestamp_utc\n1,a,active,2024-10-07 10:00\xff\n1,a,active,2024-10-07 10:00\n",
			[]string{"store_status.csv:2 timestamp_utc: not UTF-8: 1,a,active,2024-10-07 10:00\ufffd"}},
		"status_in_another_order": {"store_status.csv", "status,note,timestamp_utc,store_id\nactive,,2024-10-07 10:00,\xff\nactive,,2024-10-07 10:00,a\n",
			[]string{"store_status.csv:2 store_id: not UTF-8: active,,2024-10-07 10:00,\ufffd"}},
		"hours": {"menu_hours.csv", "id,day,start_time_local,end_time_local,store_id\n1,0,09:00,10:00,caf\xe9\n",
			[]string{"menu_hours.csv:2 store_id: not UTF-8: 1,0,09:00,10:00,caf\ufffd"}},
		"zones": {"timezones.csv", "id,timezone_str,store_id\n1,UTC,caf\xe9\n",
			[]string{"timezones.csv:2 store_id: not UTF-8: 1,UTC,caf\ufffd"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := Load(t, map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, c.file: c.text})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(loaded{[]string{good}, c.want}, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestFastAndExactReadingAgree reads random files as they are, with one row in quotes, and with a blank line, which is for
// the exact reader: all must give the same rows. Columns stand in any order, with others between them, and cells have what
// is wrong with files.
func TestFastAndExactReadingAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	oneOf := func(list ...string) string { return list[random.IntN(len(list))] }
	for range 60 {
		names := []string{"store_id", "status", "timestamp_utc"}
		for n := range random.IntN(4) {
			names = append(names, fmt.Sprint("note", n))
		}
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		row := func(cell func(name string) string) string {
			var cells []string
			for _, name := range names {
				cells = append(cells, cell(name))
			}
			return strings.Join(cells, ",")
		}
		right := map[string]string{"store_id": "q", "status": "active", "timestamp_utc": "2024-10-07 10:00:00 UTC"}
		text, odd := row(func(name string) string { return name })+"\n", random.IntN(12)
		for range 1 + random.IntN(8) {
			text += row(func(name string) string {
				if random.IntN(12) < odd/4 {
					return oneOf("", "\xff", "caf\xe9", "x,y", " ", "\x00", "\r", "7", "\ufeff")
				}
				switch name {
				case "store_id":
					return oneOf("a", "b", "007", " a ")
				case "status":
					return oneOf("active", "INACTIVE", "maybe")
				case "timestamp_utc":
					return oneOf("2024-10-07 10:00:00 UTC", "2024-10-07 09:00", "2024-10-07T08:00:00.1234567Z", "yesterday")
				}
				return oneOf("", "x", "1", `"x,y"`, `"a ""b"""`)
			}) + oneOf("\n", "\n", "\n", "\r\n")
		}
		var got [3]loaded
		for i, way := range []struct{ quote, end string }{{"", ""}, {`"`, ""}, {"", "\n"}} {
			last := row(func(name string) string { return way.quote + right[name] + way.quote })
			var err error
			if got[i], _, err = Load(t, map[string]string{"store_status.csv": text + last + "\n" + way.end}); err != nil {
				t.Fatalf("%q: %v", text+last, err)
			}
		}
		for i, way := range []string{"as it is", "with quotes"} {
			if diff := cmp.Diff(got[2], got[i]); diff != "" {
				t.Errorf("%q: -exact +%s:\n%s", text, way, diff)
			}
		}
	}
}

const good = "a active 2024-10-07 10:00:00Z"

func TestStatusRows(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want loaded
	}{
		"plain":                     {enginetest.StatusHead + enginetest.StatusRow, loaded{Accepted: []string{good}}},
		"no_line_end_at_last":       {enginetest.StatusHead + strings.TrimSuffix(enginetest.StatusRow, "\n"), loaded{Accepted: []string{good}}},
		"bom_and_crlf":              {"\ufeffstore_id,status,timestamp_utc\r\na,active,2024-10-07 10:00:00 UTC\r\n", loaded{Accepted: []string{good}}},
		"mixed_line_ends":           {"store_id,status,timestamp_utc\r\na,active,2024-10-07 10:00:00 UTC\nb,inactive,2024-10-07 10:00:00 UTC\r\n", loaded{Accepted: []string{good, "b inactive 2024-10-07 10:00:00Z"}}},
		"blank_lines":               {"\n" + enginetest.StatusHead + "\n \t\n" + enginetest.StatusRow + "\n\n", loaded{Accepted: []string{good}}},
		"header_any_order_and_case": {"Timestamp, STATUS ,note,Store_ID\n2024-10-07 10:00:00 UTC,active,x,a\n", loaded{Accepted: []string{good}}},
		"blanks_around_values":      {enginetest.StatusHead + " a\t, Active ,\t2024-10-07 10:00:00 UTC \n", loaded{Accepted: []string{good}}},
		"quoted": {enginetest.StatusHead + `"a","active","2024-10-07 10:00:00 UTC"` + "\n" + ` "b,""1""" ,INACTIVE,2024-10-07 10:00:00 UTC` + "\n",
			loaded{Accepted: []string{good, `b,"1" inactive 2024-10-07 10:00:00Z`}}},
		"line_break_in_a_column_not_needed": {"note,store_id,status,timestamp_utc\n\"two\nlines\",a,active,2024-10-07 10:00:00 UTC\nx,,active,2024-10-07 10:00:00 UTC\n",
			loaded{[]string{good}, []string{"store_status.csv:4 store_id: missing value: x,,active,2024-10-07 10:00:00 UTC"}}},
		"unclosed_quote_costs_its_line": {enginetest.StatusHead + "\"z,active,2024-10-07 09:00:00 UTC\n" + enginetest.StatusRow + "b,active,2024-10-07 10:00:00 UTC\n",
			loaded{[]string{good, "b active 2024-10-07 10:00:00Z"}, []string{`store_status.csv:2 store_id: quote that never closes: "z,active,2024-10-07 09:00:00 UTC`}}},
		"unclosed_quote_before_quoted_rows": {enginetest.StatusHead + "z,active,\"2024-10-07 09:00:00 UTC\n" + `"a","active","2024-10-07 10:00:00 UTC"` + "\n",
			loaded{[]string{good}, []string{`store_status.csv:2 timestamp_utc: quote that never closes: z,active,"2024-10-07 09:00:00 UTC`}}},
		"unclosed_quote_in_a_column_not_needed": {"note,store_id,status,timestamp_utc\n\"x,z,active,2024-10-07 09:00:00 UTC\nx,a,active,2024-10-07 10:00:00 UTC\n",
			loaded{[]string{good}, []string{`store_status.csv:2 note: quote that never closes: "x,z,active,2024-10-07 09:00:00 UTC`}}},
		"stray_quote": {enginetest.StatusHead + "a\"b,active,2024-10-07 09:00:00 UTC\n\"a\"b,active,2024-10-07 09:00:00 UTC\n" + enginetest.StatusRow,
			loaded{[]string{good}, []string{`store_status.csv:2 store_id: quote in the wrong place: a"b,active,2024-10-07 09:00:00 UTC`,
				`store_status.csv:3 store_id: quote in the wrong place: "a"b,active,2024-10-07 09:00:00 UTC`}}},
		"cells": {enginetest.StatusHead + "a,active\n" + enginetest.StatusRow + "a,active,2024-10-07 10:00:00 UTC,x\na,active,2024-10-07 10:00:00 UTC,\n",
			loaded{[]string{good}, []string{"store_status.csv:2 : fewer cells than the header: a,active",
				"store_status.csv:4 : more cells than the header: a,active,2024-10-07 10:00:00 UTC,x",
				"store_status.csv:5 : more cells than the header: a,active,2024-10-07 10:00:00 UTC,"}}},
		// as many commas as a whole file should have, but not where they should be
		"one_cell_short_one_too_many": {enginetest.StatusHead + "a,active\n" + enginetest.StatusRow + "a,active,2024-10-07 10:00:00 UTC,x\n",
			loaded{[]string{good}, []string{"store_status.csv:2 : fewer cells than the header: a,active",
				"store_status.csv:4 : more cells than the header: a,active,2024-10-07 10:00:00 UTC,x"}}},
		"bad_utf8": {enginetest.StatusHead + "a\xff,active,2024-10-07 10:00:00 UTC\n" + enginetest.StatusRow,
			loaded{[]string{good}, []string{"store_status.csv:2 store_id: not UTF-8: a\uFFFD,active,2024-10-07 10:00:00 UTC"}}},
		"first_fault_in_column_order": {enginetest.StatusHead + ",up,never\na,up,never\xff\n" + enginetest.StatusRow,
			loaded{[]string{good}, []string{"store_status.csv:2 store_id: missing value: ,up,never",
				"store_status.csv:3 status: neither active nor inactive: a,up,never\uFFFD"}}},
		"lone_cr_is_no_line_end": {enginetest.StatusHead + "a,active,2024-10-07 10:00:00 UTC\rb,active,2024-10-07 10:00:00 UTC\n" + enginetest.StatusRow,
			loaded{[]string{good}, []string{"store_status.csv:2 : more cells than the header: a,active,2024-10-07 10:00:00 UTC\rb,active,2024-10-07 10:00:00 UTC"}}},
		"ids_as_text": {enginetest.StatusHead + "1481966498820158979,active,2024-10-07 10:00:00 UTC\n007,active,2024-10-07 10:00:00 UTC\n=1+1,active,2024-10-07 10:00:00 UTC\n",
			loaded{Accepted: []string{"007 active 2024-10-07 10:00:00Z", "1481966498820158979 active 2024-10-07 10:00:00Z", "=1+1 active 2024-10-07 10:00:00Z"}}},
		"nul_in_id": {enginetest.StatusHead + "a\x00b,active,2024-10-07 10:00:00 UTC\n", loaded{Accepted: []string{"a\x00b active 2024-10-07 10:00:00Z"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := Load(t, map[string]string{"store_status.csv": c.file})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A file of many rows with a few faults goes through several chunks of the exact reader.
func TestRejectsKeepTheirLinesAcrossChunks(t *testing.T) {
	var b strings.Builder
	b.WriteString(enginetest.StatusHead)
	var want []string
	for line := 2; line <= 2*chunkRows+500; line++ {
		switch {
		case line%50_000 == 0:
			b.WriteString("a,active\n")
			want = append(want, fmt.Sprintf("store_status.csv:%d : fewer cells than the header: a,active", line))
		case line%50_000 == 7:
			b.WriteString("a,off,x\n")
			want = append(want, fmt.Sprintf("store_status.csv:%d status: neither active nor inactive: a,off,x", line))
		default:
			b.WriteString(enginetest.StatusRow)
		}
	}
	got, files, err := Load(t, map[string]string{"store_status.csv": b.String()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Rejects); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if rows := int64(2*chunkRows + 499); files[0].Rows != rows || files[0].Rejected != int64(len(want)) || len(got.Accepted) != int(rows)-len(want) {
		t.Errorf("got %+v and %d accepted rows", files[0], len(got.Accepted))
	}
}

func TestPackedFilesAndSeveralPerSet(t *testing.T) {
	var zst bytes.Buffer
	zpacker, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := zpacker.Write([]byte(enginetest.StatusHead + "b,active,2024-10-07 10:00:00 UTC\n,active,x\n")); err != nil {
		t.Fatal(err)
	}
	if err := zpacker.Close(); err != nil {
		t.Fatal(err)
	}
	got, _, err := Load(t, map[string]string{"Store Status 1.CSV.gz": enginetest.Gzip(t, enginetest.StatusHead+enginetest.StatusRow), "STORE-STATUS.csv.zst": zst.String(), "store_status_3.csv": enginetest.StatusHead + "c,active,2024-10-07 10:00:00 UTC\n"})
	if err != nil {
		t.Fatal(err)
	}
	want := loaded{[]string{good, "b active 2024-10-07 10:00:00Z", "c active 2024-10-07 10:00:00Z"}, []string{"STORE-STATUS.csv.zst:3 store_id: missing value: ,active,x"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestHoursAndZonesRows(t *testing.T) {
	got, _, err := Load(t, map[string]string{
		"store_status.csv": enginetest.StatusHead + enginetest.StatusRow,
		"Menu Hours.csv":   "store_id,day,start_time_local,end_time_local\na,0,9:00,24:00\na,7,09:00,12:00\na,1,24:00,12:00\na,1,09:00:60,12:00\na,1,09:00,25:00\na,1,09:00,\na,1,09:00:00.5,24:00:00\n",
		"bq-results-1.csv": "store_id,timezone\na,America/New_York\nb,IST\nc,america/new_york\nd,\n,UTC\n",
		"other.csv":        enginetest.StatusHead,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := loaded{[]string{good}, []string{
		"Menu Hours.csv:3 dayOfWeek: not a day from 0 (Monday) to 6: a,7,09:00,12:00",
		"Menu Hours.csv:4 start_time_local: not a local time such as 9:00 or 21:30: a,1,24:00,12:00",
		"Menu Hours.csv:5 start_time_local: not a local time such as 9:00 or 21:30: a,1,09:00:60,12:00",
		"Menu Hours.csv:6 end_time_local: not a local time such as 9:00 or 21:30: a,1,09:00,25:00",
		"Menu Hours.csv:7 end_time_local: missing value: a,1,09:00,",
		"bq-results-1.csv:3 timezone_str: not an IANA zone name such as America/New_York: b,IST",
		"bq-results-1.csv:4 timezone_str: not an IANA zone name such as America/New_York: c,america/new_york",
		"bq-results-1.csv:5 timezone_str: missing value: d,",
		"bq-results-1.csv:6 store_id: missing value: ,UTC",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestNamesAreNoPatterns: a name that DuckDB would take for a pattern of several files is that of one.
func TestNamesAreNoPatterns(t *testing.T) {
	row := func(id string) string { return enginetest.StatusHead + id + ",active,2024-10-07 10:00:00 UTC\n" }
	table := func(id string) string {
		return enginetest.Parquet(t, "SELECT '"+id+"' AS store_id, 'active' AS status, '2024-10-07 10:00:00' AS timestamp_utc")
	}
	got, _, err := Load(t, map[string]string{
		"store_status[1].csv": row("bracket"), "store_status1.csv": row("one"), "store_status?.csv": row("question"),
		"store_status[2].parquet": table("parquet bracket"), "store_status2.parquet": table("parquet two"), "store_status*.parquet": table("parquet star")})
	if err != nil {
		t.Fatal(err)
	}
	const at = " active 2024-10-07 10:00:00Z"
	want := []string{"bracket" + at, "one" + at, "parquet bracket" + at, "parquet star" + at, "parquet two" + at, "question" + at}
	if diff := cmp.Diff(want, got.Accepted); diff != "" {
		t.Error(diff)
	}
}

// TestNamesAreNoPatternsByPath: the same for the check of a single file, which is read by its path.
func TestNamesAreNoPatternsByPath(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	names := []string{"store_status1.csv", "store_status[1].csv", "store_status?.csv", "store_status'1.csv"}
	for n, name := range names {
		enginetest.WriteFiles(t, dir, map[string]string{name: fmt.Sprintf("%sa,active,2024-10-07 1%d:00:00 UTC\n", enginetest.StatusHead, n)})
	}
	for n, name := range names {
		found, err := CheckFile(t.Context(), e, input.File{Set: statusSet(), Name: name, Path: filepath.Join(dir, name)}, 10)
		if want := fmt.Sprintf("2024-10-07 1%d:00:00Z", n); err != nil || found.First != want || found.Loaded.Exact {
			t.Errorf("%s: first observation %s, read exactly %t, error %v, want %s", name, found.First, found.Loaded.Exact, err, want)
		}
	}
}
