package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"openhours/analytics/generate"
	"openhours/analytics/input"
	"openhours/analytics/params"
)

// awkwardFolder holds generated polls in every form of file that the definition allows, with values
// that are rejected and values in rare forms among them.
func awkwardFolder(t *testing.T, ids generate.IDs) string {
	t.Helper()
	base, dir := t.TempDir(), filepath.Join(t.TempDir(), "it's data")
	for _, folder := range []string{"Status/day=2024-10-10", "Business Hours.csv", "menu_hours", "bq-results"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := generate.Write(t.Context(), generate.Options{Dir: base, Stores: 60, Days: 11, Seed: 3, IDs: ids,
		AsOf: time.Date(2024, 10, 14, 22, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	c := newCLI(t, base, base)
	part := func(columns, rest, name, options string) string {
		return "COPY (SELECT " + columns + " FROM " + rest + ") TO '" + strings.ReplaceAll(filepath.Join(dir, name), "'", "''") + "' (" + options + ");"
	}
	typedID := "store_id"
	if ids == generate.Numbers {
		typedID = "CAST(store_id AS UBIGINT)"
	}
	polls := func(n string) string {
		return "(SELECT * FROM polls WHERE hash(store_id || timestamp_utc) % 6 = " + n + ")"
	}
	_, stderr, code := c.run("-bail", "-init", os.DevNull, "-c", strings.Join([]string{
		"SET TimeZone = 'UTC'",
		"CREATE TABLE polls AS FROM read_csv('" + base + "/store_status.csv', all_varchar = true)",
		"CREATE TABLE hours AS FROM read_csv('" + base + "/menu_hours.csv', all_varchar = true)",
		"CREATE TABLE zones AS FROM read_csv('" + base + "/timezones.csv', all_varchar = true)",
		part(`upper(status) AS STATUS, 'x' AS note, store_id AS "Store_ID", timestamp_utc AS "TimeStamp"`, polls("0"),
			"Store Status 1.CSV.GZ", "FORMAT csv, HEADER, COMPRESSION gzip"),
		part("*", polls("1"), "store-status_2.csv.zst", "FORMAT csv, HEADER, COMPRESSION zstd"),
		part(typedID+` AS store_id, status, CAST(timestamp_utc[:-5] AS TIMESTAMP) AS "Timestamp_UTC"`, polls("2"),
			"store_status_3.parquet", "FORMAT parquet"),
		part("store_id, status, CAST(timestamp_utc[:-5] || '+00' AS TIMESTAMPTZ) AS timestamp_utc", polls("3"),
			"Status/day=2024-10-10/part.parquet", "FORMAT parquet"),
		part(`'"' || store_id || '"' AS store_id, status, replace(timestamp_utc, ' UTC', '+00:00') AS timestamp_utc`, polls("4"),
			"store_status o'hare.csv", `FORMAT csv, HEADER, QUOTE '', ESCAPE ''`),
		part(`store_id, day_no AS "Day", start_time_local, end_time_local`, "(SELECT *, dayOfWeek AS day_no FROM hours WHERE hash(store_id) % 2 = 0)",
			"Business Hours.csv/part-00000.csv", "FORMAT csv, HEADER"),
		part("*", "(VALUES ('ignored', 9)) AS v(store_id, day)", "Business Hours.csv/_temporary.csv", "FORMAT csv, HEADER"),
		part("store_id, CAST(dayOfWeek AS INTEGER) AS day_of_week, CAST(start_time_local AS TIME) AS start_time_local, CAST(end_time_local AS TIME) AS end_time_local",
			"hours WHERE hash(store_id) % 4 = 1", "menu_hours_2.parquet", "FORMAT parquet"),
		part("*", "hours WHERE hash(store_id) % 8 = 3", "Business Hours.csv/000000_0", "FORMAT csv, HEADER"),
		part("*", "hours WHERE hash(store_id) % 8 = 7", "menu_hours/20241014_083015_00012_x7k2p_bucket-00000", "FORMAT parquet"),
		part("*", "zones WHERE hash(store_id) % 2 = 0", "bq-results/20241014_083015_00012_x7k2p.GZ", "FORMAT csv, HEADER, COMPRESSION gzip"),
		part(`timezone_str AS "TIMEZONE", store_id`, "zones WHERE hash(store_id) % 2 = 1", "bq-results-1.csv", "FORMAT csv, HEADER"),
		part("*", polls("5"), "crlf.tmp", "FORMAT csv, HEADER"),
		// the calendar: in 2024, as_of is 14 October
		part(`store_id, 'Store "' || store_id || '", ' AS "Store Name", CASE hash(store_id) % 3 WHEN 0 THEN 'A' WHEN 1 THEN 'B' END AS brand,
			CASE hash(store_id) % 7 WHEN 0 THEN '2024-10-11' WHEN 1 THEN 'soon' END AS opens_on`, "zones", "stores.csv", "FORMAT csv, HEADER"),
		part(`store_id, hash(store_id) % 4 AS "Region No", DATE '2024-10-13' AS closes_on, hash(store_id) % 2 = 0 AS open_air`,
			"zones WHERE hash(store_id) % 5 = 0", "stores 2.parquet", "FORMAT parquet"),
		part("'*' AS store_id, '2024-10-12' AS date, '10:00' AS opens, '02:00' AS closes, 'Fair' AS name", "(VALUES (0)) AS v(x)", "special_hours.csv", "FORMAT csv, HEADER"),
		part(`'brand' AS attribute, v AS value, DATE '2024-10-10' AS start_date, DATE '2024-10-11' AS end_date, v = 'A' AS closed, TIME '08:00' AS start_time, TIME '12:00' AS end_time`,
			"(VALUES ('A'), ('B'), ('nobody')) AS v(v)", "Holiday Hours.parquet", "FORMAT parquet"),
		part(`store_id, '2024-10-12' AS date, CASE hash(store_id) % 4 WHEN 0 THEN 'yes' WHEN 1 THEN 'perhaps' END AS closed, '00:00' AS opens, '24:00' AS closes`,
			"zones WHERE hash(store_id) % 6 = 0", "special_hours_2.csv.gz", "FORMAT csv, HEADER, COMPRESSION gzip"),
		part(`store_id, '2024-10-09 22:30' AS start_local, CASE hash(store_id) % 3 WHEN 0 THEN '2024-10-10' WHEN 1 THEN '2024-10-10T09:15:30' ELSE '2024-10-01' END AS end_local,
			'2024-10-10 00:00' AS announced_at, 'Works, noisy' AS reason`, "zones WHERE hash(store_id) % 4 = 0", "closures.csv", "FORMAT csv, HEADER"),
		part(`'*' AS store_id, TIMESTAMPTZ '2024-10-13 10:00:00+00' AS starts_at, NULL AS ends_at`, "(VALUES (0)) AS v(x)", "planned_closures.parquet", "FORMAT parquet"),
		part(`store_id, CASE hash(store_id) % 3 WHEN 0 THEN 'last_day' WHEN 1 THEN 'nothing' END AS window, hash(store_id) % 120 || '.5%' AS target`,
			"zones WHERE hash(store_id) % 2 = 0", "targets.csv", "FORMAT csv, HEADER"),
		part(`'brand' AS attribute, 'A' AS value, 90 AS target, 'long' AS window`, "(VALUES (0)) AS v(x)", "Targets 2.parquet", "FORMAT parquet"),
		part(`*, CASE WHEN hash(store_id) % 2 = 0 THEN '2024-10-08' END AS valid_from, CASE WHEN hash(store_id) % 3 = 0 THEN '2024-10-12' END AS valid_through`,
			"hours WHERE hash(store_id) % 16 = 5", "menu_hours dated.csv", "FORMAT csv, HEADER"),
	}, ";\n"))
	if code != 0 {
		t.Fatal(stderr)
	}
	crlf, err := os.ReadFile(filepath.Join(dir, "crlf.tmp"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "crlf.tmp")); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(crlf)), "\n")
	id, _, _ := strings.Cut(lines[1], ",")
	lines = append(lines, "", // a blank line, bad values and rare forms of good ones
		id+",maybe,2024-10-14 10:00:00 UTC", id+",active,2024-10-14 24:00:00 UTC", ",active,2024-10-14 10:00:00 UTC",
		id+",active,", id+",active,2024-10-14 10:00:00 IST", " "+id+" ,\tINACTIVE,10/13/2024 9:05",
		id+",inactive,1728813900", id+",active,2024-10-13T10:05:00.25+05:30", id+",Active ,2024-10-13 14:05 gmt",
		"nobody,active,2024-10-01 14:05:00 UTC")
	for name, text := range map[string]string{
		"store_status_crlf.csv": "\ufeff" + strings.Join(lines, "\r\n"),
		"menu_hours_empty.csv":  "store_id,day,start_time_local,end_time_local",
		"timezones_2.csv":       "store_id,timezone_str\n" + id + ",IST\n" + id + ", America/Denver \nother,Mars/Olympus\nlast,Asia/Kolkata\n",
		"notes.csv":             "store_id,status,timestamp_utc\n" + id + ",inactive,2024-10-14 10:00:00 UTC\n",
		".store_status.csv":     "store_id\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func lengthOf(l params.Length) *params.Length { return &l }

func targetOf(t params.Target) *params.Target { return &t }

// TestCLIAgreesWithReport holds every row and column that the CLI works out to those of a report, in the
// same order, with the parameters changed by replacing views.
func TestCLIAgreesWithReport(t *testing.T) {
	for _, ids := range []generate.IDs{generate.Numbers, generate.UUIDs} {
		data, reports := awkwardFolder(t, ids), t.TempDir()
		if view, err := input.ReadFolder(t.Context(), data); err != nil || len(view.Unread) != 1 || view.Unread[0].File != "notes.csv" {
			t.Fatalf("all but notes.csv must be read: %v, %+v", err, view.Unread)
		}
		c := newCLI(t, data, reports)
		for name, asked := range map[string]struct {
			parameters params.Parameters
			views      string
		}{
			"defaults": {},
			"all": {
				params.Parameters{AsOf: "2024-10-12 08:00:00.000001 UTC", Interpolation: "previous", Unobserved: "unknown",
					MaxGap: lengthOf(90 * params.Minute), FreshWithin: lengthOf(20 * params.Minute), JoinGap: lengthOf(2 * params.Hour), Target: targetOf(985_000),
					Windows: []params.Window{{Name: "short", Length: 3 * params.Hour}, {Name: "long", Length: 9 * params.Day}}},
				`CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until(as_of := '2024-10-12 08:00:00.000001 UTC',
					lengths := MAP {'short': '3h', 'long': '9d'});
				CREATE OR REPLACE TEMP VIEW params AS FROM parameters(interpolation := 'previous', unobserved := 'unknown',
					max_gap := '1h30m', fresh_within := '20m', join_gap := '2h', target := 98.5);`,
			},
			"windows of the calendar": {
				params.Parameters{AsOf: "2024-10-14 03:30 UTC", Windows: []params.Window{{Name: "october", Dates: "2024-10"}, {Name: "w", Dates: "2024-W41"},
					{Name: "days", Dates: "2024-10-09/2024-10-10"}, {Name: "day", Dates: "2024-10-12"}, {Name: "yesterday", Dates: "yesterday"},
					{Name: "today", Dates: "today"}, {Name: "this_week", Dates: "this_week"}, {Name: "previous_week", Dates: "previous_week"},
					{Name: "this_month", Dates: "this_month"}, {Name: "previous_month", Dates: "previous_month"}, {Name: "last_hour", Length: params.Hour}}},
				`CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until(as_of := '2024-10-14 03:30 UTC',
					lengths := MAP {'october': '2024-10', 'w': '2024-W41', 'days': '2024-10-09/2024-10-10', 'day': '2024-10-12', 'yesterday': 'yesterday',
						'today': 'today', 'this_week': 'this_week', 'previous_week': 'previous_week', 'this_month': 'this_month',
						'previous_month': 'previous_month', 'last_hour': '1h'});`,
			},
			"next, one window": {
				params.Parameters{AsOf: "10/12/2024 8:00", Interpolation: "next", Windows: []params.Window{{Name: "last_day", Length: params.Day}}},
				`CREATE OR REPLACE TEMP VIEW windows AS FROM windows_until(as_of := '10/12/2024 8:00', lengths := MAP {'last_day': '24h'});
				CREATE OR REPLACE TEMP VIEW params AS FROM parameters(interpolation := 'next');`,
			},
		} {
			if ids == generate.UUIDs && name != "defaults" {
				continue // the form of the ids has nothing to do with the parameters
			}
			t.Run(string(ids)+" "+name, func(t *testing.T) {
				t.Parallel()
				c := c
				c.t = t
				asked.parameters.By = "hour"
				folder := makeReport(t, data, reports, asked.parameters)
				statements := []string{asked.views + "SELECT 1"}
				for _, view := range []string{"report", "outages", "groups", "targets", "days", "hours", "group_days"} {
					parquet := "FROM '" + filepath.Join(folder, view+".parquet") + "'"
					statements = append(statements, ".print =", "FROM "+view, ".print =", parquet, ".print =", "DESCRIBE "+view, ".print =", "DESCRIBE "+parquet)
				}
				got := strings.Split(c.ask("-json", statements...), "=\n")[1:]
				for i, what := range []string{"report", "columns of report", "outages", "columns of outages", "groups", "columns of groups", "targets", "columns of targets",
					"days", "columns of days", "hours", "columns of hours", "group_days", "columns of group_days"} {
					ours, theirs := got[2*i], got[2*i+1]
					if !strings.Contains(theirs, "_seconds") {
						t.Errorf("%s: nothing is compared: %s", what, theirs)
					}
					if ours != theirs {
						t.Errorf("%s: the CLI has\n%.2000s\nthe file\n%.2000s", what, ours, theirs)
					}
				}
				stores := "FROM '" + filepath.Join(folder, "stores.parquet") + "'"
				sides := strings.Split(c.ask("-json", "FROM store_details", ".print =", stores, ".print =", "DESCRIBE store_details", ".print =", "DESCRIBE "+stores), "=\n")
				if sides[0] != sides[1] || sides[2] != sides[3] || !strings.Contains(sides[1], "Region No") {
					t.Errorf("store_details: the CLI has\n%.2000s\nthe file\n%.2000s", sides[0]+sides[2], sides[1]+sides[3])
				}
				if name == "defaults" {
					exported := filepath.Join(t.TempDir(), "report.csv")
					c.ask("-csv", "COPY (FROM report_csv) TO '"+exported+"'")
					if !sameFiles(t, exported, filepath.Join(folder, "report.csv")) {
						t.Error("an exported report_csv is not report.csv")
					}
				}
			})
		}
	}
}

func sameFiles(t *testing.T, a, b string) bool {
	t.Helper()
	first, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(first) == string(second)
}
