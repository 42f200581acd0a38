package load

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
)

// verdict is a row of a calendar set and what becomes of it: its cells in the row table, or column and reason.
type verdict struct{ row, accepted, rejected string }

// Days since 1970: 19723 is 2024-01-01, 20082 is 2024-12-25, a date that begins at 1735084800 s.
const (
	noDate       = "not a date such as 2024-12-25"
	noClock      = "not a local time such as 9:00 or 21:30"
	noTimestamp  = "not a timestamp such as 2024-10-07 21:30:00 UTC"
	noLocalTime  = "not a local time such as 2024-12-25 or 2024-12-25 09:00"
	noPercentage = "not a percentage above 0 and below 100, such as 98 or 99.95%"
	noTime       = "not a time such as 2024-12-25 09:00 or one with a zone"
)

var verdicts = map[string][]verdict{
	input.HoursSet: {
		{"s,0,09:00,17:00,,", "s|0|32400000000|61200000000||", ""},
		{"s,0,09:00,17:00,2024-01-01,2024-01-01", "s|0|32400000000|61200000000|19723|19723", ""},
		{"s,0,09:00,17:00,0001-01-01,9999-12-31", "s|0|32400000000|61200000000|-719162|2932896", ""},
		{"s,0,09:00,17:00,,2024-02-29", "s|0|32400000000|61200000000||19782", ""},
		{"s,0,09:00,17:00,2024-01-02,2024-01-01", "", "valid_from: after valid_through"},
		{"s,0,09:00,17:00,2024-02-30,", "", "valid_from: " + noDate},
		{"s,0,09:00,17:00,0000-01-01,2024-01-01", "", "valid_from: " + noDate},
		{"s,0,09:00,17:00,2024-01-01 00:00,", "", "valid_from: " + noDate},
		{"s,0,09:00,17:00,,2023-02-29", "", "valid_through: " + noDate},
		{"s,0,09:00,17:00,,1/2/2024", "", "valid_through: " + noDate},
		{"s,0,09:00,25:00,x,y", "", "end_time_local: " + noClock},
		{"s,0,09:00,17:00,x,y", "", "valid_from: " + noDate},
	},
	input.StoresSet: { // name and dates are rows of their own, see TestStoresRows
		{"s,,,", "s|id|||", ""},
		{",Name,2024-01-01,", "", "store_id: missing value"},
		{"s,Name,2024-02-30,", "", "opens_on: " + noDate},
		{"s,Name,0000-01-01,x", "", "opens_on: " + noDate},
		{"s,Name,2024-01-01,2024-01-01T00:00", "", "closes_on: " + noDate},
		{"s,Name,,24-01-01", "", "closes_on: " + noDate},
	},
	input.SpecialHoursSet: {
		{"s,,,2024-12-25,,,09:00,17:00,Holiday", "s|||20082|20082|false|32400000000|61200000000|Holiday", ""},
		{"*,,,2024-12-25,,,00:00,24:00,", "*|||20082|20082|false|0|86400000000|", ""},
		{",City,Rome,2024-12-25,,YES,nonsense,24:01,", "|City|Rome|20082|20082|true|||", ""},
		{"a,,,2024-12-25,,1,,,", "a|||20082|20082|true|||", ""},
		{"b,,,2024-12-25,,True,09:00,09:00,", "b|||20082|20082|true|||", ""},
		{"c,,,2024-12-25,,,,,", "c|||20082|20082|true|||", ""},
		{"d,,,2024-12-25,,,00:00,0:00:00,", "d|||20082|20082|true|||", ""},
		{"e,,,2024-12-25,,No,22:00,2:00:00.9,", "e|||20082|20082|false|79200000000|7200000000|", ""},
		{"f,,,2024-12-25,,0,09:00,0:00,", "f|||20082|20082|false|32400000000|0|", ""},
		{"g,,,2024-01-01,2024-12-31,false,09:00,17:00,", "g|||19723|20088|false|32400000000|61200000000|", ""}, // 366 days
		{"h,,,2024-12-25,2024-12-25,yes,,,", "h|||20082|20082|true|||", ""},
		{"i,,,0001-01-01,0001-01-02,yes,,,", "i|||-719162|-719161|true|||", ""},
		{"j,,,2024-01-01,2025-01-01,yes,,,", "", "date: more than 366 days to date_through"},
		{"s,City,Rome,2024-12-25,,yes,,,", "", "store_id: a store as well as an attribute"},
		{"s,City,,2024-12-25,,yes,,,", "", "store_id: a store as well as an attribute"},
		{"*,,Rome,2024-12-25,,yes,,,", "", "store_id: a store as well as an attribute"},
		{",,,2024-12-25,,yes,,,", "", "store_id: no store, no attribute and no *"},
		{",City,,2024-12-25,,yes,,,", "", "attribute: an attribute without a value"},
		{",,Rome,2024-12-25,,yes,,,", "", "attribute: a value without its attribute"},
		{"s,,,,,yes,,,", "", "date: missing value"},
		{"s,,,0000-01-01,,yes,,,", "", "date: " + noDate},
		{"s,,,2024-02-30,,maybe,,,", "", "date: " + noDate},
		{"s,,,2024-2-3,,yes,,,", "", "date: " + noDate},
		{"s,,,10000-01-01,,yes,,,", "", "date: " + noDate},
		{"s,,,2024-12-25 00:00,,yes,,,", "", "date: " + noDate},
		{"s,,,2024-12-25,2024-12-24,yes,,,", "", "date: after date_through"},
		{"s,,,2024-12-25,2024-12-32,yes,,,", "", "date_through: " + noDate},
		{"s,,,2024-12-25,,maybe,,,", "", "closed: not true or false"},
		{"s,,,2024-12-25,,2,09:00,17:00,", "", "closed: not true or false"},
		{"s,,,2024-12-25,,false,,,", "", "closed: false, but no hours are given"},
		{"s,,,2024-12-25,,no,00:00,00:00,", "", "closed: false, but no hours are given"},
		{"s,,,2024-12-25,,,09:00,9:00:00,", "", "start_time_local: the same as end_time_local"},
		{"s,,,2024-12-25,,,,17:00,", "", "start_time_local: missing value"},
		{"s,,,2024-12-25,,,,00:00,", "", "start_time_local: missing value"},
		{"s,,,2024-12-25,,,00:00,,", "", "end_time_local: missing value"},
		{"s,,,2024-12-25,,false,09:00,,", "", "end_time_local: missing value"},
		{"s,,,2024-12-25,,,24:00,24:00,", "", "start_time_local: " + noClock},
		{"s,,,2024-12-25,,,9 AM,17:00,", "", "start_time_local: " + noClock},
		{"s,,,2024-12-25,,,09:00,24:01,", "", "end_time_local: " + noClock},
		{"s,,,2024-12-25,,,09:00,9:60,", "", "end_time_local: " + noClock},
	},
	input.ClosuresSet: {
		{"s,,,2024-12-25 00:00,2024-12-25T01:30+01:00,,,Repairs,", "s|||1735084800000000|1735086600000000|||Repairs||", ""},
		{"*,,,1735084800,,,,,", "*|||1735084800000000||||||", ""},
		{",City,Rome,2024-12-25 00:00:00,2024-12-25 00:00:00.000001,,,,", "|City|Rome|1735084800000000|1735084800000001|||||", ""},
		{"a,,,,,2024-12-25,2024-12-25,,", "a|||||1735084800000000|1735171200000000|||", ""},
		{"b,,,,,2024-12-25T00:00:30,2024-12-25 00:30,,", "b|||||1735084830000000|1735086600000000|||", ""},
		{"c,,,,,0001-01-01,9999-12-31,,", "c|||||-62135596800000000|253402300800000000|||", ""},
		{"d,,,,,2024-12-25,,,2024-12-25 00:30", "d|||||1735084800000000||||1735086600000000", ""},
		{"e,,,,,2024-12-25,,,2024-12-25T00:30Z", "e|||||1735084800000000|||1735086600000000|", ""},
		{"f,,,1735084800000,,,,,2024-12-25 00:30", "f|||1735084800000000|||||1735086600000000|", ""},
		{"g,,,1735084800000000,,,,,2024-12-25", "g|||1735084800000000||||||1735084800000000", ""},
		{"s,City,Rome,2024-12-25 00:00,,,,,", "", "store_id: a store as well as an attribute"},
		{",,,2024-12-25 00:00,,,,,", "", "store_id: no store, no attribute and no *"},
		{",City,,2024-12-25 00:00,,,,,", "", "attribute: an attribute without a value"},
		{",,Rome,2024-12-25 00:00,,,,,", "", "attribute: a value without its attribute"},
		{"s,,,2024-12-25 00:00,,2024-12-25,,,", "", "starts_at: times in UTC as well as local ones"},
		{"s,,,2024-12-25 00:00,,,2024-12-26,,", "", "starts_at: times in UTC as well as local ones"},
		{"s,,,,2024-12-26 00:00,2024-12-25,,,", "", "starts_at: times in UTC as well as local ones"},
		{"s,,,,,,,,", "", "starts_at: no start"},
		{"s,,,,2024-12-26 00:00,,,,", "", "starts_at: missing value"},
		{"s,,,,,,2024-12-26,,", "", "start_local: missing value"},
		{"s,,,2024-12-25,,,,,", "", "starts_at: " + noTimestamp},
		{"s,,,1969-12-31 23:59,,,,,", "", "starts_at: " + noTimestamp},
		{"s,,,2024-12-25 24:00,,,,,", "", "starts_at: " + noTimestamp},
		{"s,,,2024-12-25 00:00 Europe/Paris,,,,,", "", "starts_at: " + noTimestamp},
		{"s,,,2024-12-25 00:00,infinity,,,,", "", "ends_at: " + noTimestamp},
		{"s,,,2024-12-25 00:00,2024-02-30 00:00,,,,", "", "ends_at: " + noTimestamp},
		{"s,,,2024-12-25 00:00,2024-12-25 00:00,,,,", "", "starts_at: not before ends_at"},
		{"s,,,2024-12-25 00:00Z,2024-12-25 00:30+01:00,,,,", "", "starts_at: not before ends_at"},
		{"s,,,,,2024-12-25 09:00,2024-12-25 09:00:00,,", "", "start_local: not before end_local"},
		{"s,,,,,2024-12-26,2024-12-25,,", "", "start_local: not before end_local"},
		{"s,,,,,2024-12-25 09:00:00.5,,,", "", "start_local: " + noLocalTime},
		{"s,,,,,2024-12-25 24:00,,,", "", "start_local: " + noLocalTime},
		{"s,,,,,2024-12-25T09:00Z,,,", "", "start_local: " + noLocalTime},
		{"s,,,,,2024-12-25 9:00,,,", "", "start_local: " + noLocalTime},
		{"s,,,,,0000-01-01,,,", "", "start_local: " + noLocalTime},
		{"s,,,,,2024-02-30,,,", "", "start_local: " + noLocalTime},
		{"s,,,,,2024-12-25,2024-12-25 24:00,,", "", "end_local: " + noLocalTime},
		{"s,,,,,2024-12-25,2024-12-25 09:00+01:00,,", "", "end_local: " + noLocalTime},
		{"s,,,,,2024-12-25,2024-12-25 09:00:00.0,,", "", "end_local: " + noLocalTime},
		{"s,,,,,2024-12-25,,,yesterday", "", "announced_at: " + noTime},
		{"s,,,2024-12-25 00:00,,,,,2024-02-30", "", "announced_at: " + noTime},
		{"s,,,2024-12-25 00:00,,,,,2024-12-25 24:00", "", "announced_at: " + noTime},
	},
	input.TargetsSet: {
		{"s,,,98,", "s|||980000|", ""},
		{"*,,,99.95%,last_day", "*|||999500|last_day", ""},
		{",City,Rome,0.0001,last_day", "|City|Rome|1|last_day", ""},
		{"a,,,99.9999 ,No such window", "a|||999999|No such window", ""},
		{"b,,,007.5%,", "b|||75000|", ""},
		{"s,City,Rome,98,", "", "store_id: a store as well as an attribute"},
		{",,,98,", "", "store_id: no store, no attribute and no *"},
		{",City,,98,", "", "attribute: an attribute without a value"},
		{",,Rome,98,", "", "attribute: a value without its attribute"},
		{"s,,,,last_day", "", "target: missing value"},
		{"s,,,0,", "", "target: " + noPercentage},
		{"s,,,0.0000%,", "", "target: " + noPercentage},
		{"s,,,100,", "", "target: " + noPercentage},
		{"s,,,-1,", "", "target: " + noPercentage},
		{"s,,,98 %,", "", "target: " + noPercentage},
		{"s,,,98.,", "", "target: " + noPercentage},
		{"s,,,.5,", "", "target: " + noPercentage},
		{"s,,,98.12345,", "", "target: " + noPercentage},
		{"s,,,9.8e1,", "", "target: " + noPercentage},
		{"s,,,99;5,", "", "target: " + noPercentage},
		{"s,,,99999999999999999999,", "", "target: " + noPercentage},
	},
}

// TestCalendarRows judges the rows of the sets with calendars: as CSV, also with quotes and by the exact reader, and as Parquet, also by
// its exact reader.
func TestCalendarRows(t *testing.T) {
	for _, set := range input.Sets() {
		if verdicts[set.Name] == nil {
			continue
		}
		t.Run(set.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
			var header, raws, goodRaws []string
			for _, c := range set.Columns {
				header = append(header, c.Name)
			}
			var good loaded
			for _, v := range verdicts[set.Name] {
				raws = append(raws, v.row)
				if v.rejected == "" {
					good.Accepted, goodRaws = append(good.Accepted, v.accepted), append(goodRaws, v.row)
				}
			}
			slices.Sort(good.Accepted)
			all := func(firstLine int) loaded {
				want := loaded{Accepted: good.Accepted}
				for i, v := range verdicts[set.Name] {
					if v.rejected != "" {
						want.Rejects = append(want.Rejects, fmt.Sprintf("%d %s: %s", firstLine+i, v.rejected, v.row))
					}
				}
				return want
			}
			hold := func(way, extension, content string, want loaded, wantExact bool) {
				t.Helper()
				got, exact, err := m.load(t, set, extension, content)
				if err != nil {
					t.Fatalf("%s: %v", way, err)
				}
				slices.Sort(got.Accepted)
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || exact != wantExact {
					t.Errorf("%s, read exactly: %t: -want +got:\n%s", way, exact, diff)
				}
			}
			head := strings.Join(header, ",") + "\n"
			hold("good rows as CSV", ".csv", head+strings.Join(goodRaws, "\n")+"\n", good, false)
			quoted := strings.Replace(goodRaws[0], "s,", `"s",`, 1)
			hold("good rows as CSV with quotes", ".csv", head+strings.Join(append([]string{quoted}, goodRaws[1:]...), "\n")+"\n", good, false)
			hold("good rows as CSV with a blank line", ".csv", head+"\n"+strings.Join(goodRaws, "\n")+"\n", good, true)
			hold("all rows as CSV", ".csv", head+strings.Join(raws, "\n")+"\n", all(2), true)
			for _, row := range raws { // by itself, so that no other row has the file read exactly
				v := verdicts[set.Name][slices.Index(raws, row)]
				want := loaded{Accepted: []string{v.accepted}}
				if v.rejected != "" {
					want = loaded{Rejects: []string{"2 " + v.rejected + ": " + row}}
				}
				hold(row, ".csv", head+row+"\n", want, v.rejected != "")
			}
			hold("all rows as Parquet", ".parquet", textParquet(t, header, raws), all(1), false)
			withBad := all(1)
			withBad.Rejects = append(withBad.Rejects, fmt.Sprintf("%d store_id: not UTF-8: \ufffd%s", len(raws)+1, goodRaws[0]))
			hold("all rows as Parquet and one with a bad byte", ".parquet", textParquet(t, header, append(slices.Clone(raws), "\xff"+goodRaws[0])), withBad, true)
		})
	}
}

// textParquet writes lines of CSV as a Parquet file with columns of text, where no text is a missing value.
func textParquet(t *testing.T, header, lines []string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.Join(lines, "\n"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var columns []parquetColumn
	for i, name := range header {
		var cells []any
		for _, row := range rows {
			if row[i] == "" {
				cells = append(cells, nil)
			} else {
				cells = append(cells, bytesOf(row[i])...)
			}
		}
		columns = append(columns, parquetColumn{parquetKinds()["text"].node(t, name, parquet.Repetitions.Optional), parquet.Encodings.Plain, cells})
	}
	return writeParquet(t, parquet.DataPageV1, 1000, columns)
}

// TestCalendarParquetTypes: columns may have the types that fit them, and values outside of what the sets allow cost their
// row, with the text of the value.
func TestCalendarParquetTypes(t *testing.T) {
	dir := t.TempDir()
	m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
	for _, c := range []struct {
		set, query string
		want       loaded
	}{
		{input.HoursSet, `SELECT * FROM (VALUES (7, 0, TIME '09:00', TIME '17:00', DATE '2024-01-01', NULL), (8, 1, TIME '09:00', TIME '24:00', NULL, DATE '2024-01-01'),
			(9, 0, TIME '09:00', TIME '17:00', DATE '2024-01-02', DATE '2024-01-01'), (9, 0, TIME '09:00', TIME '17:00', DATE '-infinity', NULL))
			AS t(store_id, day, start_time_local, end_time_local, valid_from, valid_through)`,
			loaded{[]string{"7|0|32400000000|61200000000|19723|", "8|1|32400000000|86400000000||19723"},
				[]string{"3 valid_from: after valid_through: 9,0,09:00:00,17:00:00,2024-01-02,2024-01-01", "4 valid_from: " + noDate + ": 9,0,09:00:00,17:00:00,-infinity,"}}},
		{input.SpecialHoursSet, `SELECT * FROM (VALUES (7, DATE '2024-12-25', true, NULL, NULL), (8, DATE '2024-12-25', false, TIME '09:00', TIME '17:00'),
			(9, DATE '2024-12-25', false, NULL, NULL), (9, DATE '0001-01-01' - 1, true, NULL, NULL))
			AS t(store_id, date, closed, opens, closes)`,
			loaded{[]string{"7|||20082|20082|true|||", "8|||20082|20082|false|32400000000|61200000000|"},
				[]string{"3 closed: false, but no hours are given: 9,2024-12-25,false,,", "4 date: " + noDate + ": 9,0001-12-31 (BC),true,,"}}},
		{input.ClosuresSet, `SELECT * FROM (VALUES ('a', TIMESTAMPTZ '2024-12-25 00:00:00+00', TIMESTAMP '2024-12-25 00:30:00', NULL), ('b', NULL, NULL, DATE '2024-12-25'),
			('c', TIMESTAMPTZ '2024-12-25 00:00:00+00', TIMESTAMP '2024-12-25', NULL), ('d', NULL, NULL, NULL))
			AS t(store_id, starts_at, ends_at, start_local)`,
			loaded{[]string{"a|||1735084800000000|1735086600000000|||||", "b|||||1735084800000000||||"},
				[]string{"3 starts_at: not before ends_at: c,2024-12-25 00:00:00+00,2024-12-25 00:00:00,", "4 starts_at: no start: d,,,"}}},
		{input.ClosuresSet, `SELECT * FROM (VALUES ('a', TIMESTAMP '2024-12-25 00:00:30', TIMESTAMP '2024-12-26'), ('b', TIMESTAMP '2024-12-25 00:00:00.5', NULL))
			AS t(store_id, start_local, end_local)`,
			loaded{[]string{"a|||||1735084830000000|1735171200000000|||"}, []string{"2 start_local: " + noLocalTime + ": b,2024-12-25 00:00:00.5,"}}},
	} {
		got, _, err := m.load(t, calendarSet(c.set), ".parquet", enginetest.Parquet(t, c.query))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.set, diff)
		}
	}
}

func calendarSet(name string) input.Set {
	sets := input.Sets()
	return sets[slices.IndexFunc(sets, func(s input.Set) bool { return s.Name == name })]
}

// TestStoresRows: name, dates and attributes of a store become rows of their own, under their headers as written. A line
// break is part of a name, a reason or an attribute, and ends a row elsewhere.
func TestStoresRows(t *testing.T) {
	dir := t.TempDir()
	m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
	const row = "s,,,2024-12-25,,yes,,,"
	for name, c := range map[string]struct {
		set, extension, text string
		want                 loaded
	}{
		"stores": {input.StoresSet, ".csv", "Seats, City ,Store Name,storeId,opens_on,closes_on\n 40 ,,Corner,s,2024-01-01,2024-12-25\n,Rome,,t,,\n",
			loaded{Accepted: []string{"s|attribute|Seats|40|", "s|closes_on||2024-12-25|20082", "s|id|||", "s|name||Corner|", "s|opens_on||2024-01-01|19723", "t|attribute|City|Rome|", "t|id|||"}}},
		"stores_with_line_breaks": {input.StoresSet, ".csv", "store_id,name,City\ns,\"Two\nlines\",\"New\nYork\"\n\"t\nu\",,\n",
			loaded{[]string{"s|attribute|City|New\nYork|", "s|id|||", "s|name||Two\nlines|"},
				[]string{"5 store_id: quote that never closes: \"t", "6 store_id: quote in the wrong place: u\",,"}}},
		"stores_as_typed_parquet": {input.StoresSet, ".parquet", enginetest.Parquet(t, "SELECT 7 AS store_id, 'Corner' AS name, DATE '2024-01-01' AS opens_on, 40 AS Seats, NULL::INT AS Floors, true AS Terrace"),
			loaded{Accepted: []string{"7|attribute|Seats|40|", "7|attribute|Terrace|true|", "7|id|||", "7|name||Corner|", "7|opens_on||2024-01-01|19723"}}},
		"special_hours_with_line_breaks": {input.SpecialHoursSet, ".csv", "store_id,attribute,value,date,date_through,closed,opens,closes,name\n" + row + "\"Two\nlines\"\n\"s\n\"" + row[1:] + "\n,\"Ci\nty\",Rome,2024-12-25,,yes,,,\n",
			loaded{[]string{"s|||20082|20082|true|||Two\nlines"},
				[]string{"4 store_id: quote that never closes: \"s", "5 store_id: quote that never closes: \"" + row[1:], "6 attribute: quote that never closes: ,\"Ci", "7 store_id: quote in the wrong place: ty\",Rome,2024-12-25,,yes,,,"}}},
		"closures_with_line_breaks": {input.ClosuresSet, ".csv", "store_id,start_local,reason,announced_at,note\ns,2024-12-25,\"Two\nlines\",,\"a\nb\"\ns,2024-12-25,,\"2024-12-24\n\",\n",
			loaded{[]string{"s|||||1735084800000000||Two\nlines||"},
				[]string{"5 announced_at: quote that never closes: s,2024-12-25,,\"2024-12-24", "6 store_id: quote that never closes: \","}}},
	} {
		got, _, err := m.load(t, calendarSet(c.set), c.extension, c.text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// TestCalendarHeaders: a header that cannot be meant is an error that names the cure.
func TestCalendarHeaders(t *testing.T) {
	dir := t.TempDir()
	m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
	attributes := func(n int) string {
		head := "store_id,name"
		for i := range n {
			head += fmt.Sprint(",a", i)
		}
		return head
	}
	for _, c := range []struct{ set, head, want string }{
		{input.StoresSet, attributes(200), ""},
		{input.StoresSet, attributes(201), "201 columns are attributes: at most 200 are read; leave out what no report is grouped by"},
		{input.StoresSet, "store_id,City,city", `columns "City" and "city" differ by case or separators only: rename one of them`},
		{input.StoresSet, "store_id,sub_brand,Sub Brand", `columns "sub_brand" and "Sub Brand" differ by case or separators only: rename one of them`},
		{input.StoresSet, "store_id,City,City ", `columns "City" and "City" differ`},
		{input.HoursSet, "store_id,day,start_time_local,end_time_local,valid_from,valid_to",
			`column "valid_to" is not read: the last date on which hours are valid is in valid_through and counts itself; rename the column if its dates are meant so, or give the date before each`},
		{input.HoursSet, "store_id,day,start_time_local,end_time_local,validUntil", `column "validUntil" is not read`},
		{input.SpecialHoursSet, "date,closed", "no column store_id in the header, nor both attribute and value"},
		{input.SpecialHoursSet, "attribute,date,closed", "no column store_id in the header, nor both attribute and value"},
		{input.SpecialHoursSet, "attribute,value,date,closed", ""},
		{input.SpecialHoursSet, "store_id,closed", "no column date (also known as start_date) in the header"},
		{input.SpecialHoursSet, "store_id,date,start_date", `columns "date" and "start_date" both mean date: only one may be there`},
		{input.ClosuresSet, "store_id,ends_at,end_local", "no column starts_at or start_local in the header"},
		{input.ClosuresSet, "starts_at,value", "no column store_id in the header, nor both attribute and value"},
		{input.ClosuresSet, "attribute,value,start_local", ""},
		{input.TargetsSet, "store_id,window", "no column target"},
		{input.TargetsSet, "store_id,target,goal,window", ""},
	} {
		names := strings.Split(c.head, ",")
		for extension, content := range map[string]string{".csv": c.head + "\n", ".parquet": textParquet(t, names, []string{strings.Repeat("x,", len(names)-1) + "x"})} {
			_, _, err := m.load(t, calendarSet(c.set), extension, content)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%s%s %q: got %v, want %q", c.set, extension, c.head, err, c.want)
			}
		}
	}
}
