package report

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// TestFindings gives each finding the few rows that call for it.
func TestFindings(t *testing.T) {
	const hours = "store_id,day,start_time_local,end_time_local\n"
	rows := func(lines ...string) string { return enginetest.StatusHead + strings.Join(lines, "\n") + "\n" }
	for name, c := range map[string]struct {
		files map[string]string
		asOf  string
		want  map[string]string // code: first example
	}{
		"collector_gap_up_to_as_of": {map[string]string{"store_status.csv": rows("a,active,2024-10-07 10:00 UTC", "b,active,2024-10-07 10:30 UTC", "a,active,2024-10-07 13:00 UTC")}, "2024-10-07 16:00 UTC",
			map[string]string{"collector_gaps": "2024-10-07 13:00:00Z to 2024-10-07 16:00:00Z (3 h)"}},
		"collector_gap_over_the_whole_horizon": {map[string]string{"store_status.csv": rows("a,active,2024-10-01 10:00 UTC")}, "2024-10-20 10:00 UTC",
			map[string]string{"collector_gaps": "2024-10-01 10:00:00Z to 2024-10-20 10:00:00Z (456 h)"}},
		"collector_gap_that_began_before_the_horizon": {map[string]string{"store_status.csv": rows("a,active,2024-10-01 10:00 UTC", "a,active,2024-10-19 09:00 UTC")}, "2024-10-19 10:00 UTC",
			map[string]string{"collector_gaps": "2024-10-01 10:00:00Z to 2024-10-19 09:00:00Z (431 h)"}},
		"collector_gap_that_goes_on_after_as_of": {map[string]string{"store_status.csv": rows("a,active,2024-10-07 10:00 UTC", "a,active,2024-10-07 16:00 UTC")}, "2024-10-07 13:00 UTC",
			map[string]string{"collector_gaps": "2024-10-07 10:00:00Z to 2024-10-07 13:00:00Z (3 h)"}},
		"collector_gap_between_many": {map[string]string{"store_status.csv": rows("c,active,2024-10-07 10:00:02 UTC", "a,active,2024-10-07 10:00:00 UTC", "b,active,2024-10-07 10:00:03 UTC",
			"c,active,2024-10-07 13:00:02 UTC", "a,active,2024-10-07 13:00:01 UTC", "b,active,2024-10-07 13:00:03 UTC")}, "",
			map[string]string{"collector_gaps": "2024-10-07 10:00:03Z to 2024-10-07 13:00:01Z (3 h)"}},
		"collector_gap_after_many_before_the_horizon": {map[string]string{"store_status.csv": rows("a,active,2024-10-01 10:00:05 UTC", "a,active,2024-10-01 09:00 UTC", "a,active,2024-10-19 09:00 UTC")}, "2024-10-19 10:00 UTC",
			map[string]string{"collector_gaps": "2024-10-01 10:00:05Z to 2024-10-19 09:00:00Z (431 h)"}},
		"no_gap_before_the_first_observation": {map[string]string{"store_status.csv": rows("a,active,2024-10-19 09:00 UTC")}, "2024-10-19 10:00 UTC",
			map[string]string{"collector_gaps": ""}},
		"two_hours_are_no_gap": {map[string]string{"store_status.csv": rows("a,active,2024-10-19 08:00 UTC", "a,active,2024-10-19 10:00 UTC")}, "",
			map[string]string{"collector_gaps": ""}},
		"hours_all_rejected_for_value": {map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "menu_hours.csv": hours + "a,9,09:00,10:00\n"}, "",
			map[string]string{"stores_with_rejected_hours": "a", "stores_without_hours": "", "files_without_accepted_row": "menu_hours.csv"}},
		"hours_all_rejected_for_structure": {map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "menu_hours.csv": hours + "a,1,09:00\n"}, "",
			map[string]string{"stores_with_rejected_hours": "a", "stores_without_hours": "", "rejected_rows": "menu_hours.csv: fewer cells than the header: 1"}},
		"conflict_and_repeat": {map[string]string{"store_status.csv": rows("a,active,2024-10-07 10:00 UTC", "a,inactive,2024-10-07 10:00 UTC", "a,active,2024-10-07 10:00 UTC", "b,active,2024-10-07 10:00 UTC", "b,active,2024-10-07 10:00 UTC")}, "",
			map[string]string{"status_conflicts": "a at 2024-10-07 10:00:00Z", "repeated_rows": "a at 2024-10-07 10:00:00Z"}},
		"no_repeat_in_an_endless_session": {map[string]string{"store_status.csv": rows("a,active,2024-10-07 10:00 UTC", "a,active,2024-10-07 11:00 UTC")}, "",
			map[string]string{"repeated_rows": "", "status_conflicts": ""}},
		"conflict_outside_hours": {map[string]string{"store_status.csv": rows("a,active,2024-10-07 10:00 UTC", "a,inactive,2024-10-07 10:00 UTC"), "menu_hours.csv": hours + "a,5,09:00,10:00\n"}, "",
			map[string]string{"status_conflicts": "", "observations_outside_hours": "a at 2024-10-07 10:00:00Z", "repeated_rows": ""}},
		"zones": {map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "timezones.csv": "store_id,timezone_str\nb,Europe/Paris\nb,Asia/Tokyo\nb,Europe/Paris\n"}, "",
			map[string]string{"zone_conflicts": "b: Asia/Tokyo of 2", "repeated_zone_rows": "b Europe/Paris", "stores_without_zone": "a", "stores_without_observations": "b"}},
		"alone_in_the_future": {map[string]string{"store_status.csv": rows("a,active,2924-10-07 10:00 UTC", "b,active,2024-10-07 10:00 UTC")}, "",
			map[string]string{"as_of_stands_alone": "2924-10-07 10:00:00Z", "as_of_in_future": "2924-10-07 10:00:00Z", "as_of_is_stale": ""}},
		"stale": {map[string]string{"store_status.csv": rows("a,active,2024-10-07 10:00 UTC", "b,active,2024-10-06 10:00 UTC")}, "",
			map[string]string{"as_of_is_stale": "2024-10-07 10:00:00Z", "as_of_stands_alone": ""}},
		"unread_files": {map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "polls.csv": enginetest.StatusHead, "notes.txt": "x"}, "",
			map[string]string{"unread_files": "notes.txt"}},
		"unread_parquet": {map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "polls.parquet": enginetest.Parquet(t, "SELECT 'a' AS store_id, 'active' AS status, 'x' AS timestamp")}, "",
			map[string]string{"unread_files": "polls.parquet: its columns are those of the status set: a name such as store_status.parquet would be read"}},
		"silent_session": {map[string]string{"store_status.csv": rows("a,active,2024-10-07 14:30 UTC"), "menu_hours.csv": hours + "a,6,09:00,10:00\na,0,09:00,10:00\n"}, "",
			map[string]string{"sessions_without_evidence": "a opening 2024-09-30 14:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			enginetest.WriteFiles(t, dir, c.files)
			found, err := CheckData(context.Background(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}, Request{Data: dir, Parameters: params.Parameters{AsOf: c.asOf}, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for code := range c.want {
				got[code] = ""
				for _, f := range found.Quality.Findings {
					if f.Code == code && (f.Count < 1 || len(f.Examples) == 0) {
						t.Errorf("%s has count %d and examples %v", code, f.Count, f.Examples)
					} else if f.Code == code {
						got[code] = f.Examples[0]
					}
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestLevels checks that every finding of sql/findings has a title and one of the levels.
func TestLevels(t *testing.T) {
	files, err := fs.Glob(enginetest.SQL(), "findings/*.sql")
	if err != nil || len(files) < 16 {
		t.Fatalf("only the files %v, %v", files, err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(enginetest.SQL(), file)
		if err != nil {
			t.Fatal(err)
		}
		if engine.HeaderLine(string(text), "title") == "" {
			t.Errorf("%s has no title", file)
		}
		if level := engine.HeaderLine(string(text), "level"); !slices.Contains([]string{pipeline.Doubtful, pipeline.Warning, pipeline.Info}, level) {
			t.Errorf("%s has the level %q", file, level)
		}
	}
}

// TestDoubtfulConvention checks files whose rejected rows all fit one other convention, and files that miss it
// by one row.
func TestDoubtfulConvention(t *testing.T) {
	const hours, zones = "store_id,day,start_time_local,end_time_local\n", "store_id,timezone_str\n"
	const status = enginetest.StatusHead
	const days = "menu_hours.csv: all rejected rows (2) have the day 7, as if days were counted from 1 to 7. " +
		"Then all accepted rows (2) are on the wrong day: write 0 for Monday to 6 for Sunday"
	const dayFirst = "store_status.csv: all rejected rows (2) have a date with the day before the month. " +
		"Then accepted rows (1) with dates such as 10/7/2024 have day and month exchanged: write 2024-07-10 for 10 July 2024"
	for name, c := range map[string]struct {
		file, text string
		want       string // "": no such finding
	}{
		"days_1_to_7":              {"menu_hours.csv", hours + "a,1,09:00,10:00\na,7,09:00,10:00\nb, 7 ,9:00,24:00\nb,6,09:00,10:00\n", days},
		"columns_in_another_order": {"menu_hours.csv", "end_time_local,note,day,start_time_local,store_id\n10:00,x,1,09:00,a\n10:00,\"x,y\",7,09:00,a\n24:00,x,7,9:00,b\n10:00,x,6,09:00,b\n", days},
		"days_and_another_fault":   {"menu_hours.csv", hours + "a,1,09:00,10:00\na,7,09:00,10:00\nb,7,09:00,10:00\nb,8,09:00,10:00\n", ""},
		"days_and_a_second_fault":  {"menu_hours.csv", hours + "a,1,09:00,10:00\na,7,09:00,10:00\nb,7,09:00,25:00\n", ""},
		"days_and_a_torn_row":      {"menu_hours.csv", hours + "a,1,09:00,10:00\na,7,09:00,10:00\nb,7,09:00\n", ""},
		"a_7_where_0_is_used":      {"menu_hours.csv", hours + "a,7,09:00,10:00\na,0,09:00,10:00\n", ""},
		"no_rejected_row":          {"menu_hours.csv", hours + "a,1,09:00,10:00\n", ""},
		"only_7s": {"menu_hours.csv", hours + "a,7,09:00,10:00\n",
			"menu_hours.csv: all rejected rows (1) have the day 7, as if days were counted from 1 to 7. No row was accepted: write 0 for Monday to 6 for Sunday"},
		"day_before_month":            {"store_status.csv", status + "a,active,25/12/2024 10:00\na,active,5/12/2024 10:00\nb,Inactive,13/1/2024 9:05:07\n", dayFirst},
		"day_first_with_dots":         {"store_status.csv", status + "a,active,25.12.2024 10:00\na,active,2024-12-25 10:00\nb,active,1.2.2024 9:05:07\n", dayFirst},
		"month_first_elsewhere":       {"store_status.csv", status + "a,active,25/12/2024 10:00\na,active,12/25/2024 10:00\n", ""},
		"day_first_and_no_such_month": {"store_status.csv", status + "a,active,25/13/2024 10:00\na,active,5/12/2024 10:00\n", ""},
		"day_first_and_a_bad_status":  {"store_status.csv", status + "a,active,25/12/2024 10:00\na,up,5/12/2024 10:00\na,active,5/12/2024 10:00\n", ""},
		"twelve_hours": {"menu_hours.csv", hours + "a,1,9:00 AM,5:30 PM\na,2,09:00,5:30\u202fp.m.\na,3,9am,10:00\na,4,09:00,10:00\n",
			"menu_hours.csv: all rejected rows (3) have a time with AM or PM. Then accepted rows (1) whose times lack it may be 12 hours off: write 17:30 for 5:30 PM"},
		"twelve_hours_and_afternoons": {"menu_hours.csv", hours + "a,1,9:00 AM,5:30 PM\na,4,09:00,13:00\n", ""},
		"twelve_hours_and_13_pm":      {"menu_hours.csv", hours + "a,1,9:00 AM,5:30 PM\na,4,09:00,13:00 PM\n", ""},
		"twelve_hours_of_polls": {"store_status.csv", status + "a,active,10/7/2024 1:05:09 PM\na,active,12/7/2024 11:05 AM\na,active,10/7/2024 1:05\n",
			"store_status.csv: all rejected rows (2) have a time with AM or PM. Then accepted rows (1) whose times lack it may be 12 hours off: write 17:30 for 5:30 PM"},
		"zone_abbreviations": {"timezones.csv", zones + "a,EST\nb,PST\nc,CDT\n",
			"timezones.csv: all rejected rows (2) have the abbreviation of a zone. Then accepted rows (1) with EST or MST have no daylight saving time: write IANA names such as America/New_York"},
		"zone_abbreviation_among_names": {"timezones.csv", zones + "a,EST\nb,PST\nc,America/New_York\n", ""},
		"other_separator": {"menu_hours.csv", hours + "a,1,09:00,10:00\nb;1;09:00;10:00\nb;2;09:00;10:00\n",
			"menu_hours.csv: all rejected rows (2) have semicolons, tabs or bars between their cells. Then the accepted rows (1) are only a part of the data: write commas"},
		"other_separator_once": {"menu_hours.csv", hours + "a,1,09:00,10:00\nb;1;09:00;10:00\nb,2\n", ""},
		"days_in_parquet": {"menu_hours.parquet", enginetest.Parquet(t, "SELECT * FROM (VALUES ('a', 1, '09:00', '10:00'), ('a', 7, '09:00', '10:00'), ('b', 7, '09:00', '10:00'), ('b', 6, '09:00', '10:00')) AS t(store_id, day, start_time_local, end_time_local)"),
			strings.Replace(days, ".csv", ".parquet", 1)},
		"a_7_where_0_is_used_in_parquet": {"menu_hours.parquet", enginetest.Parquet(t, "SELECT * FROM (VALUES ('a', 0, '09:00', '10:00'), ('a', 7, '09:00', '10:00')) AS t(store_id, day, start_time_local, end_time_local)"), ""},
		"day_first_in_parquet": {"store_status.parquet", enginetest.Parquet(t, "SELECT * FROM (VALUES ('a', 'active', '25/12/2024 10:00'), ('a', 'active', '5/12/2024 10:00'), ('b', 'active', '13/1/2024 9:05')) AS t(store_id, status, timestamp)"),
			strings.Replace(dayFirst, ".csv", ".parquet", 1)},
		"month_first_in_parquet": {"store_status.parquet", enginetest.Parquet(t, "SELECT * FROM (VALUES ('a', 'active', '25/12/2024 10:00'), ('a', 'active', '12/25/2024 10:00')) AS t(store_id, status, timestamp)"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			files := map[string]string{c.file: c.text}
			if !strings.HasPrefix(c.file, "store_status") {
				files["store_status.csv"] = status + enginetest.StatusRow
			}
			enginetest.WriteFiles(t, dir, files)
			found, err := CheckData(t.Context(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}, Request{Data: dir, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			first := found.Quality.Findings[0]
			if c.want == "" {
				if first.Code == pipeline.DoubtfulConvention {
					t.Errorf("got %s %v", first.Code, first.Examples)
				}
			} else if diff := cmp.Diff(pipeline.Finding{Code: pipeline.DoubtfulConvention, Level: pipeline.Doubtful, Title: first.Title, Count: 1, Examples: []string{c.want}}, first); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestFindingsAboutIDs checks ids that programs have changed on their way, and ids that only look so.
func TestFindingsAboutIDs(t *testing.T) {
	const hours, zones = "store_id,day,start_time_local,end_time_local\n", "store_id,timezone_str\n"
	polls := func(ids ...string) string {
		text := enginetest.StatusHead
		for _, id := range ids {
			text += `"` + id + `",active,2024-10-07 10:00 UTC` + "\n"
		}
		return text
	}
	each := func(n int, id func(i int) string) (ids []string) {
		for i := range n {
			ids = append(ids, id(i))
		}
		return ids
	}
	const scientific, cut, nothing, apart = "ids_in_scientific_notation", "ids_cut_to_15_digits", "ids_that_mean_nothing", "sets_hardly_meet"
	all := []string{scientific, cut, nothing, apart}
	for name, c := range map[string]struct {
		status, hours, zones string
		stores               []string
		want                 map[string][]string // by code; all others of the four are absent
	}{
		"plain": {polls("1", "20", "1015370000000000001", "7e57aced-0000-4000-8000-1e+100000000", "C++"), "", "", nil, nil},
		"scientific_notation": {polls("1.01537E+18", "1,01537e+18", "2E+15", "3.5e+018", "1.0E+1", "E+18", "1.0E+1x", "1+E18"), "", "", nil,
			map[string][]string{scientific: {"1,01537e+18", "1.01537E+18", "2E+15", "3.5e+018"}}},
		"in_a_set_other_than_status": {polls("a"), hours + "a,1,09:00,10:00\n4.2E+18,1,09:00,10:00\n", "", nil, map[string][]string{scientific: {"4.2E+18"}}},
		"of_stores_not_chosen":       {polls("a", "4.2E+18"), "", "", []string{"a"}, map[string][]string{scientific: {"4.2E+18"}}},
		"cut_to_15_digits": {polls("1015370000000010000", "2234567890123450000", "9876543210987650000", "123456789012345678"), "", "", nil,
			map[string][]string{cut: {"1015370000000010000", "2234567890123450000", "9876543210987650000"}}},
		"two_ids_that_end_in_zeros": {polls("2234567890123450000", "9876543210987650000", "123456789012345678"), "", "", nil, nil},
		"one_in_ten_by_chance":      {polls(each(1000, func(i int) string { return strconv.Itoa(1_000_000_000_000_000 + i*7) })...), "", "", nil, nil},
		"long_texts_with_zeros":     {polls("abcdefghijklmno000", "abcdefghijklmnp000", "abcdefghijklmnq000"), "", "", nil, nil},
		"fifteen_digits":            {polls("123456789012000", "123456789013000", "123456789014000"), "", "", nil, nil},
		"missing_values": {polls(`\N`, "NULL", "null", "NaN", "None", "N/A", "#N/A", "\u00a0\u200b", "nullable"), "", "", nil,
			map[string][]string{nothing: {"#N/A", "N/A", "NULL", "NaN", "None", `\N`, "null", "invisible characters (2)"}}},
		"names_in_other_scripts": {polls("店", "\u00a0店", "é", "~"), "", "", nil, nil},
		"sets_apart": {polls("1", "2", "3", "4"), hours + "1,1,09:00,10:00\n02,1,09:00,10:00\n03,1,09:00,10:00\n", zones + "01,UTC\n", nil,
			map[string][]string{apart: {"ids in hours: 3, in status: 4, in both: 1; only in hours: 02, 03; only in status: 2, 4",
				"ids in zones: 1, in status: 4, in both: 0; only in zones: 01; only in status: 1, 4"}}},
		"half_of_the_smaller_set": {polls("1", "2", "3", "4", "5"), hours + "1,1,09:00,10:00\n02,1,09:00,10:00\n", zones + "1,UTC\n7,UTC\n8,UTC\n9,UTC\n2,UTC\n3,UTC\n", nil, nil},
		"status_is_smaller":       {polls("1", "2", "3"), "", zones + "1,UTC\n6,UTC\n7,UTC\n8,UTC\n9,UTC\n", nil, map[string][]string{apart: {"ids in zones: 5, in status: 3, in both: 1; only in zones: 6, 9; only in status: 2, 3"}}},
		"sets_of_one_store":       {polls("1", "2", "3"), "", zones + "7,UTC\n8,UTC\n9,UTC\n", []string{"1"}, map[string][]string{apart: {"ids in zones: 3, in status: 3, in both: 0; only in zones: 7, 9; only in status: 1, 3"}}},
		"no_rows_in_a_set":        {polls("1", "2"), hours, "", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, files := t.TempDir(), map[string]string{"store_status.csv": c.status}
			if c.hours != "" {
				files["menu_hours.csv"] = c.hours
			}
			if c.zones != "" {
				files["timezones.csv"] = c.zones
			}
			enginetest.WriteFiles(t, dir, files)
			found, err := CheckData(t.Context(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}, Request{Data: dir, Parameters: params.Parameters{Stores: c.stores}, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			got, want := map[string][]string{}, map[string][]string{}
			for _, f := range found.Quality.Findings {
				if slices.Contains(all, f.Code) {
					got[f.Code] = f.Examples
					if want := int64(len(c.want[f.Code])); f.Count != want {
						t.Errorf("%s has count %d instead of %d", f.Code, f.Count, want)
					}
					if f.IsDoubtful() != (f.Code != nothing) {
						t.Errorf("%s has level %s", f.Code, f.Level)
					}
				}
			}
			for code, examples := range c.want {
				want[code] = examples[:min(len(examples), 5)]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestFindingsOfMany wants the number of all cases and the first five of them in their order.
func TestFindingsOfMany(t *testing.T) {
	// each(6, "s#,x") is s1,x to s6,x, a line each
	each := func(n int, text string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(text, "#", strconv.Itoa(i+1)) + "\n")
		}
		return b.String()
	}
	examples := func(text string) []string { return strings.Split(strings.TrimSpace(each(5, text)), "\n") }
	const hours, zones = "store_id,day,start_time_local,end_time_local\n", "store_id,timezone_str\n"
	type finding struct {
		count    int64
		examples []string
	}
	for name, c := range map[string]struct {
		files  map[string]string
		stores []string // nil: all
		want   map[string]finding
	}{
		// open on Mondays from 00:00 to 01:00 UTC
		"rows": {map[string]string{
			"store_status.csv": enginetest.StatusHead + each(6, "s#,active,2024-10-07 20:00 UTC\ns#,active,2024-10-07 21:00 UTC\ns#,active,2024-10-07 20:00 UTC\ns#,inactive,2024-10-07 21:00 UTC\ns#,active,2024-10-07 21:00 UTC\n"+
				"s#,active,2024-10-07 00:20 UTC\ns#,active,2024-10-07 00:40 UTC\ns#,active,2024-10-07 00:20 UTC\ns#,inactive,2024-10-07 00:40 UTC\ns#,active,2024-10-07 00:40 UTC"),
			"menu_hours.csv": hours + each(6, "s#,0,09:00,10:00\ns#,0,09:00,10:00"),
			"timezones.csv":  zones + each(6, "s#,UTC\ns#,Asia/Tokyo\ns#,UTC"),
		}, nil, map[string]finding{
			"observations_outside_hours": {30, []string{"s1 at 2024-10-07 20:00:00Z", "s1 at 2024-10-07 21:00:00Z", "s2 at 2024-10-07 20:00:00Z", "s2 at 2024-10-07 21:00:00Z", "s3 at 2024-10-07 20:00:00Z"}},
			"repeated_rows":              {12, []string{"s1 at 2024-10-07 00:20:00Z", "s1 at 2024-10-07 00:40:00Z", "s2 at 2024-10-07 00:20:00Z", "s2 at 2024-10-07 00:40:00Z", "s3 at 2024-10-07 00:20:00Z"}},
			"status_conflicts":           {6, examples("s# at 2024-10-07 00:40:00Z")},
			"repeated_hours_rows":        {6, examples("s# day 0")},
			"repeated_zone_rows":         {6, examples("s# UTC")},
			"zone_conflicts":             {6, examples("s#: Asia/Tokyo of 2")},
			"sessions_without_evidence":  {6, examples("s# opening 2024-09-30 00:00:00Z")},
		}},
		"hours_of_several_days": {map[string]string{
			"store_status.csv": enginetest.StatusHead + enginetest.StatusRow,
			"menu_hours.csv":   hours + strings.Repeat("a,2,09:00,10:00\na,1,12:00,13:00\na,1,09:00,10:00\nb,0,09:00,10:00\n", 3) + "a,3,09:00,10:00\n",
		}, nil, map[string]finding{"repeated_hours_rows": {8, []string{"a day 1", "a day 1", "a day 2", "b day 0"}}}},
		"rows_outside_the_hours_of_some": {map[string]string{
			"store_status.csv": enginetest.StatusHead + each(6, "in#,active,2024-10-07 14:30 UTC") + each(6, "out#,active,2024-10-07 16:30 UTC\nout#,active,2024-10-07 14:30 UTC"),
			"menu_hours.csv":   hours + each(6, "in#,0,09:00,10:00") + each(6, "out#,0,09:00,10:00"),
		}, nil, map[string]finding{"observations_outside_hours": {6, examples("out# at 2024-10-07 16:30:00Z")}}},
		"stores": {map[string]string{
			"store_status.csv": enginetest.StatusHead + each(6, "polled#,active,2024-10-07 20:00 UTC\nrejected#,active,2024-10-07 20:00 UTC"),
			"menu_hours.csv":   hours + each(6, "rejected#,9,09:00,10:00"),
			"timezones.csv":    zones + each(6, "zoned#,UTC"),
		}, nil, map[string]finding{
			"stores_without_hours":        {12, examples("polled#")},
			"stores_with_rejected_hours":  {6, examples("rejected#")},
			"stores_without_zone":         {12, examples("polled#")},
			"stores_without_observations": {6, examples("zoned#")},
		}},
		"each_of_its_own_kind": {map[string]string{
			"store_status.csv": enginetest.StatusHead + "a,active,2024-10-07 21:00 UTC\na,inactive,2024-10-07 21:00 UTC\nb,active,2024-10-07 20:00 UTC\nb,inactive,2024-10-07 20:00 UTC\n" +
				"c,active,2024-10-07 20:00 UTC\nc,active,2024-10-07 20:00 UTC\n",
			"timezones.csv": zones + "a,UTC\na,UTC\nb,Asia/Tokyo\nb,Asia/Tokyo\nc,UTC\nc,Asia/Tokyo\n",
		}, nil, map[string]finding{
			"status_conflicts":   {2, []string{"a at 2024-10-07 21:00:00Z", "b at 2024-10-07 20:00:00Z"}},
			"repeated_rows":      {1, []string{"c at 2024-10-07 20:00:00Z"}},
			"repeated_zone_rows": {2, []string{"a UTC", "b Asia/Tokyo"}},
			"zone_conflicts":     {1, []string{"c: Asia/Tokyo of 2"}},
		}},
		// from the first instant of the horizon, eight days before, to the one before as_of
		"silent_sessions_of_the_horizon": {map[string]string{
			"store_status.csv": enginetest.StatusHead + "polled,active,2024-10-15 10:00 UTC\n",
			"menu_hours.csv":   hours + "silent,0,10:00,11:00\nsilent,1,10:00,11:00\n",
			"timezones.csv":    zones + "silent,UTC\n",
		}, nil, map[string]finding{"sessions_without_evidence": {3, []string{"silent opening 2024-10-07 10:00:00Z", "silent opening 2024-10-08 10:00:00Z", "silent opening 2024-10-14 10:00:00Z"}}}},
		"of_one_store": {map[string]string{
			"store_status.csv": enginetest.StatusHead + each(2, "s#,active,2024-10-07 20:00 UTC\ns#,active,2024-10-07 20:00 UTC\ns#,active,2024-10-07 09:30 UTC\ns#,active,2024-10-07 09:30 UTC"),
			"menu_hours.csv":   hours + each(2, "s#,0,09:00,10:00\ns#,0,09:00,10:00"),
			"timezones.csv":    zones + each(2, "s#,UTC\ns#,UTC"),
		}, []string{"s2"}, map[string]finding{
			"observations_outside_hours": {2, []string{"s2 at 2024-10-07 20:00:00Z"}},
			"repeated_rows":              {1, []string{"s2 at 2024-10-07 09:30:00Z"}},
			"repeated_hours_rows":        {1, []string{"s2 day 0"}},
			"repeated_zone_rows":         {1, []string{"s2 UTC"}},
		}},
		// the longest first, of equal ones the earlier
		"gaps": {map[string]string{"store_status.csv": enginetest.StatusHead + "a,active,2024-10-07 00:00 UTC\na,active,2024-10-07 03:00 UTC\na,active,2024-10-07 07:00 UTC\n" +
			"a,active,2024-10-07 09:30 UTC\na,active,2024-10-07 12:00 UTC\na,active,2024-10-07 18:00 UTC\na,active,2024-10-07 20:15 UTC\n"}, nil, map[string]finding{
			"collector_gaps": {6, []string{"2024-10-07 12:00:00Z to 2024-10-07 18:00:00Z (6 h)", "2024-10-07 03:00:00Z to 2024-10-07 07:00:00Z (4 h)", "2024-10-07 00:00:00Z to 2024-10-07 03:00:00Z (3 h)",
				"2024-10-07 07:00:00Z to 2024-10-07 09:30:00Z (2 h 30 min)", "2024-10-07 09:30:00Z to 2024-10-07 12:00:00Z (2 h 30 min)"}},
		}},
		// what ends at its first instant does not reach into the horizon
		"gap_up_to_the_horizon": {map[string]string{"store_status.csv": enginetest.StatusHead + "a,active,2023-01-17 09:00 UTC\na,active,2023-01-17 12:00 UTC\na,active,2023-01-25 12:00 UTC\n"}, nil,
			map[string]finding{"collector_gaps": {1, []string{"2023-01-17 12:00:00Z to 2023-01-25 12:00:00Z (192 h)"}}}},
		"gap_into_the_horizon": {map[string]string{"store_status.csv": enginetest.StatusHead + "a,active,2023-01-17 09:00 UTC\na,active,2023-01-17 12:00:00.000001 UTC\na,active,2023-01-25 12:00 UTC\n"}, nil,
			map[string]finding{"collector_gaps": {2, []string{"2023-01-17 12:00:00.000001Z to 2023-01-25 12:00:00Z (192 h)", "2023-01-17 09:00:00Z to 2023-01-17 12:00:00.000001Z (3 h)"}}}},
		"one_gap_of_an_odd_length": {map[string]string{"store_status.csv": enginetest.StatusHead + "a,active,2024-10-07 00:00 UTC\na,active,2024-10-07 02:15 UTC\n"}, nil,
			map[string]finding{"collector_gaps": {1, []string{"2024-10-07 00:00:00Z to 2024-10-07 02:15:00Z (2 h 15 min)"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			enginetest.WriteFiles(t, dir, c.files)
			found, err := CheckData(context.Background(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)}, Request{Data: dir, Parameters: params.Parameters{Stores: c.stores}, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]finding{}
			for _, f := range found.Quality.Findings {
				if _, wanted := c.want[f.Code]; wanted {
					got[f.Code] = finding{f.Count, f.Examples}
				}
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(finding{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestCollectorGaps: report.json has all gaps, in order; their finding has the five longest.
func TestCollectorGaps(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	row := func(at string) string { return "a,active,2024-10-07 " + at + " UTC\n" }
	m := reportOf(t, e, dir, "data", "2024-10-07 23:00 UTC", map[string]string{"store_status.csv": enginetest.StatusHead +
		row("00:00") + row("03:00") + row("05:00") + row("07:30") + row("10:00") + row("12:30") + row("15:00") + row("17:00") + row("20:00")})
	want := []CollectorGap{}
	for _, gap := range [][2]string{{"00:00", "03:00"}, {"05:00", "07:30"}, {"07:30", "10:00"}, {"10:00", "12:30"}, {"12:30", "15:00"}, {"17:00", "20:00"}, {"20:00", "23:00"}} {
		want = append(want, CollectorGap{"2024-10-07 " + gap[0] + ":00Z", "2024-10-07 " + gap[1] + ":00Z"})
	}
	if diff := cmp.Diff(want, m.Gaps); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	none := reportOf(t, e, dir, "none", "2024-10-07 01:00 UTC", map[string]string{"store_status.csv": enginetest.StatusHead + row("00:00")})
	if read, err := ReadManifest(filepath.Join(dir, "reports", none.ReportID)); err != nil || read.Gaps == nil || len(read.Gaps) > 0 {
		t.Errorf("gaps %v, %v: an empty list says that there are none", read.Gaps, err)
	}
}
