package load

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/csvfile"
	"openhours/analytics/enginetest"
	"openhours/analytics/input"
)

func setOf(t *testing.T, name string) input.Set {
	t.Helper()
	sets := input.Sets()
	i := slices.IndexFunc(sets, func(s input.Set) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no set %s", name)
	}
	return sets[i]
}

// TestCalendarRejects holds what is accepted and rejected in the sets of the calendar to the definition, row by row.
func TestCalendarRejects(t *testing.T) {
	dir := t.TempDir()
	m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
	const address, clock, date, wall = "store_id: no store, no attribute and no *", "not a local time such as 9:00 or 21:30", "not a date such as 2024-12-25",
		"not a local time such as 2024-12-25 or 2024-12-25 09:00"
	for set, c := range map[string]struct {
		header string
		rows   [][2]string // a row, and its fault; "": accepted
	}{
		input.HoursSet: {"store_id,day,start_time_local,end_time_local,valid_from,valid_through", [][2]string{
			{"a,0,09:00,17:00,,", ""}, {"a,0,09:00,17:00,2024-02-29,2024-02-29", ""}, {"a,0,09:00,17:00,0001-01-01,9999-12-31", ""},
			{"a,0,09:00,17:00,2024-03-02,2024-03-01", "valid_from: after valid_through"}, {"a,0,09:00,17:00,2023-02-29,", "valid_from: " + date},
			{"a,0,09:00,17:00,,0000-01-01", "valid_through: " + date}, {"a,0,09:00,17:00,10/7/2024,", "valid_from: " + date},
			{"a,0,09:00,17:00,2024-10-07 00:00,", "valid_from: " + date}, {"a,9,09:00,17:00,x,y", "dayOfWeek: not a day from 0 (Monday) to 6"},
		}},
		input.StoresSet: {"Store ID,Store Name,opens_on,closes_on,brand,Region No", [][2]string{
			{"a,A,,,,", ""}, {"a,\"A\nB\",2024-01-01,2023-01-01,\"x\ny\",1", ""}, {",A,,,,", "store_id: missing value"},
			{"a,A,soon,,,", "opens_on: " + date}, {"a,A,,2024-13-01,,", "closes_on: " + date}, {"a,A,,,", ": fewer cells than the header"},
			{"a,A,,,\xff,", "brand: not UTF-8"},
		}},
		input.SpecialHoursSet: {"store_id,attribute,value,date,date_through,closed,opens,closes,name", [][2]string{
			{"a,,,2024-12-25,,true,,,X", ""}, {"*,,,2024-12-25,,YES,bad,worse,", ""}, {",brand,A,2024-12-25,,1,,,", ""}, {"a,,,2024-12-25,,,,,", ""},
			{"a,,,2024-12-25,,,00:00,00:00,", ""}, {"a,,,2024-12-25,,no,00:00,24:00,", ""}, {"a,,,2024-12-25,,,22:00,02:00,", ""},
			{"a,,,2024-01-01,2024-12-31,,,,", ""}, {"a,,,2024-12-25,,,,,\"two\nlines\"", ""},
			{"a,,,2024-01-01,2025-01-01,,,,", "date: more than 366 days to date_through"}, {"a,,,2024-12-25,2024-12-24,,,,", "date: after date_through"},
			{",,,2024-12-25,,,,,", address}, {"a,brand,A,2024-12-25,,,,,", "store_id: a store as well as an attribute"},
			{"*,brand,A,2024-12-25,,,,,", "store_id: a store as well as an attribute"}, {",brand,,2024-12-25,,,,,", "attribute: an attribute without a value"},
			{",,A,2024-12-25,,,,,", "attribute: a value without its attribute"}, {"a,,,,,,,,", "date: missing value"}, {"a,,,25.12.2024,,,,,", "date: " + date},
			{"a,,,2024-12-25,x,,,,", "date_through: " + date}, {"a,,,2024-12-25,,maybe,,,", "closed: not true or false"},
			{"a,,,2024-12-25,,false,,,", "closed: false, but no hours are given"}, {"a,,,2024-12-25,,0,0:00,0:00:00,", "closed: false, but no hours are given"},
			{"a,,,2024-12-25,,,09:00,,", "end_time_local: missing value"}, {"a,,,2024-12-25,,,,09:00,", "start_time_local: missing value"},
			{"a,,,2024-12-25,,,09:00,09:00,", "start_time_local: the same as end_time_local"}, {"a,,,2024-12-25,,,24:00,09:00,", "start_time_local: " + clock},
			{"a,,,2024-12-25,,,9 AM,5 PM,", "start_time_local: " + clock}, {"a,,,2024-12-25,,,09:00,25:00,", "end_time_local: " + clock},
		}},
		input.ClosuresSet: {"store_id,attribute,value,starts_at,ends_at,start_local,end_local,reason,announced_at", [][2]string{
			{"a,,,2024-12-25 09:00 UTC,2024-12-25T10:00:00Z,,,R,2024-12-24", ""}, {"*,,,1735117200,,,,,", ""}, {",brand,A,,,2024-12-25,2024-12-25,,", ""},
			{"a,,,,,2024-12-25 09:00,2024-12-25T09:00:01,\"two\nlines\",2024-12-24 10:00:00+01", ""}, {"a,,,,,2024-12-25,,,", ""},
			{"a,,,,,,,,", "starts_at: no start"}, {"a,,,2024-12-25 09:00,,2024-12-25,,,", "starts_at: times in UTC as well as local ones"},
			{"a,,,,2024-12-25 09:00,,,,", "starts_at: missing value"}, {"a,,,,,,2024-12-25,,", "start_local: missing value"},
			{"a,,,2024-12-25 09:00,2024-12-25 09:00,,,,", "starts_at: not before ends_at"}, {"a,,,,,2024-12-26,2024-12-25,,", "start_local: not before end_local"},
			{"a,,,2024-12-25,,,,,", "starts_at: not a timestamp such as 2024-10-07 21:30:00 UTC"}, {"a,,,2024-12-25 09:00,soon,,,,", "ends_at: not a timestamp such as 2024-10-07 21:30:00 UTC"},
			{"a,,,,,2024-12-25 09:00Z,,,", "start_local: " + wall}, {"a,,,,,2024-12-25 09:00:00.5,,,", "start_local: " + wall}, {"a,,,,,2024-12-25 24:00,,,", "start_local: " + wall},
			{"a,,,,,2024-12-25,2024-12-26 9:00,,", "end_local: " + wall}, {"a,,,,,2024-02-30,,,", "start_local: " + wall},
			{"a,,,,,2024-12-25,,,before", "announced_at: not a time such as 2024-12-25 09:00 or one with a zone"}, {",,,,,2024-12-25,,,", address},
			{"\"a\nb\",,,,,2024-12-25,,,", "store_id: quote that never closes"},
		}},
	} {
		t.Run(set, func(t *testing.T) {
			for _, row := range c.rows {
				got, _, err := m.load(t, setOf(t, set), ".csv", c.header+"\n"+row[0]+"\n")
				if err != nil {
					t.Fatalf("%q: %v", row[0], err)
				}
				fault := ""
				if len(got.Rejects) > 0 {
					_, fault, _ = strings.Cut(got.Rejects[0], " ")
				}
				if row[1] == "" && (fault != "" || len(got.Accepted) == 0) || row[1] != "" && !strings.HasPrefix(fault, row[1]) {
					t.Errorf("%q: fault %q, want %q; accepted %q", row[0], fault, row[1], got.Accepted)
				}
			}
		})
	}
}

// TestCalendarHeaders: what makes a whole file useless is an error that says what would be right.
func TestCalendarHeaders(t *testing.T) {
	many := "store_id"
	for range input.MostAttributes + 1 {
		many += ",a" + strings.Repeat("x", len(many)%97) + string(rune('a'+len(many)%26)) + string(rune('a'+len(many)/26%26)) + string(rune('a'+len(many)/676%26))
	}
	for header, c := range map[string]struct{ set, want string }{
		"store_id,day,start_time_local,end_time_local,valid_to": {input.HoursSet, "is in valid_through and counts itself"},
		"store_id,date,closed,brand,Brand":                      {input.StoresSet, `columns "brand" and "Brand" differ by case or separators only`},
		"store_id,store_name,Name":                              {input.StoresSet, "both mean name"},
		many:                                                    {input.StoresSet, "at most 200 are read"},
		"date,closed":                                           {input.SpecialHoursSet, "no column store_id in the header, nor both attribute and value"},
		"attribute,date,closed":                                 {input.SpecialHoursSet, "no column store_id in the header, nor both attribute and value"},
		"store_id,closed":                                       {input.SpecialHoursSet, "no column date"},
		"store_id,reason":                                       {input.ClosuresSet, "no column starts_at or start_local"},
	} {
		_, err := setOf(t, c.set).Locate(csvfile.Header{Names: strings.Split(header, ",")})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %.60s: got %v, want %q", c.set, header, err, c.want)
		}
	}
}

// TestAttributesOfStores: every other column of a stores file is an attribute, under its header as written; an empty cell
// and a column without a name are none.
func TestAttributesOfStores(t *testing.T) {
	dir := t.TempDir()
	m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
	for name, text := range map[string]string{
		"fast":  "store_id,name,Brand Name,,region\ns1,N, A ,x,\ns2,,B C,y,West\n",
		"exact": "store_id,name,Brand Name,,region\ns1,N, A ,x,\ns2,,B C,y,West\ns3\n",
	} {
		got, exact, err := m.load(t, setOf(t, input.StoresSet), ".csv", text)
		if err != nil || exact != (name == "exact") {
			t.Fatalf("%s: %v", name, err)
		}
		want := []string{"s1|attribute|Brand Name|A", "s1|id", "s1|name|N", "s2|attribute|Brand Name|B C", "s2|attribute|region|West", "s2|id"}
		slices.Sort(got.Accepted)
		if diff := cmp.Diff(want, got.Accepted); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}
