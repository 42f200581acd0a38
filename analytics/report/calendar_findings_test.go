package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// TestCalendarFindings gives each finding about stores, dated hours, special hours, closures and targets the few rows that call for
// it, next to some that do not. as_of is Monday 2024-10-07 10:00 UTC, so the horizon begins on 2024-09-29 at 10:00.
func TestCalendarFindings(t *testing.T) {
	const (
		hours    = "store_id,day,start_time_local,end_time_local,valid_from,valid_through\n"
		special  = "store_id,attribute,value,date,closed,opens,closes\n"
		closures = "store_id,attribute,value,starts_at,ends_at,start_local,end_local,announced_at\n"
		targets  = "store_id,attribute,value,target,window\n"
	)
	for code, c := range map[string]struct {
		files  map[string]string
		stores []string
		asOf   string // "": that of the test
		want   pipeline.Finding
	}{
		// Paris is before Rome; a repeated value and a lone one are no conflict
		"attribute_conflicts": {map[string]string{"stores.csv": "store_id,City\na,Rome\na,Paris\na,Paris\nb,Bonn\nb,Bonn\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 1, Examples: []string{"a City: Paris of 2"}}},
		"store_detail_conflicts": {map[string]string{"stores.csv": "store_id,name,opens_on,closes_on\nb,Two,2024-02-01,\nb,One,2024-01-01,\nb,One,2024-01-01,2025-12-31\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 2, Examples: []string{"b name: One of 2", "b opens_on: 2024-01-01 of 2"}}},
		// on the 4th only the row of the store counts, and on the 3rd both rows say closed
		"special_hours_conflicts": {map[string]string{"special_hours.csv": special +
			"a,,,2024-10-05,yes,,\na,,,2024-10-05,,09:00,12:00\n*,,,2024-10-04,yes,,\na,,,2024-10-04,,09:00,12:00\na,,,2024-10-03,yes,,\na,,,2024-10-03,,00:00,00:00\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 1, Examples: []string{"a on 2024-10-05"}}},
		// on the 6th the row of the store counts alone, on the 4th there is one attribute
		"address_conflicts": {map[string]string{"stores.csv": "store_id,City,Brand\na,Rome,X\n", "special_hours.csv": special +
			",City,Rome,2024-10-05,yes,,\n,Brand,X,2024-10-05,yes,,\n,City,Rome,2024-10-06,yes,,\n,Brand,X,2024-10-06,yes,,\na,,,2024-10-06,yes,,\n,City,Rome,2024-10-04,yes,,\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 1, Examples: []string{"a on 2024-10-05 by Brand"}}},
		// b is a store, chosen or not; Rome is no value of any, since that of a is Paris
		"unknown_addresses": {map[string]string{"stores.csv": "store_id,City\na,Rome\na,Paris\nb,Bonn\n", "special_hours.csv": special +
			"zz,,,2024-10-05,yes,,\n,City,Oslo,2024-10-05,yes,,\n,City,Rome,2024-10-05,yes,,\n,City,Paris,2024-10-05,yes,,\nb,,,2024-10-05,yes,,\n*,,,2024-10-05,yes,,\n",
			"closures.csv": closures + ",Nope,1,,,2024-10-05,2024-10-06,\nzz,,,,,2024-10-05,2024-10-06,\n,City,Bonn,,,2024-10-05,2024-10-06,\n",
			"targets.csv":  targets + "zz,,,98,\nzz,,,98,last_day\nb,,,98,\n,City,Bonn,98,\n*,,,98,\n"}, []string{"a"}, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 6, Examples: []string{"closures: Nope = 1", "closures: zz", "special hours: City = Oslo", "special hours: City = Rome", "special hours: zz"}}},
		// of the windows, the week alone has rows of one kind with two targets for a, and all have for Rome
		"target_conflicts": {map[string]string{"stores.csv": "store_id,City\na,Rome\n", "targets.csv": targets +
			"a,,,98,\na,,,98.0,\na,,,97,last_hour\na,,,96,last_week\na,,,95%,last_week\n,City,Rome,98,\n,City,Rome,99,\n*,,,1,last_month\n*,,,2,last_month\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 4, Examples: []string{"City = Rome in last_hour", "City = Rome in last_day", "City = Rome in last_week", "a in last_week"}}},
		// in the day the row of the store counts alone, and in the week there is one attribute
		"target_address_conflicts": {map[string]string{"stores.csv": "store_id,City,Brand\na,Rome,X\n", "targets.csv": targets +
			",City,Rome,98,last_hour\n,City,Rome,98,last_day\n,City,Rome,98,last_week\n,Brand,X,97,last_hour\n,Brand,X,97,last_day\na,,,96,last_day\n*,,,95,\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 1, Examples: []string{"a in last_hour by Brand"}}},
		"unknown_target_windows": {map[string]string{"targets.csv": targets + "a,,,98,last_month\nb,,,98,last_month\na,,,98,Last_Day\na,,,98,last_day\na,,,98,\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 2, Examples: []string{"Last_Day", "last_month"}}},
		// in New York as_of is 22:00 on the 6th. The 4th has special hours, and before the 1st the store is not open yet.
		"dates_without_hours": {map[string]string{"menu_hours.csv": hours + "a,0,09:00,10:00,2024-10-02,2024-10-03\n", "timezones.csv": "store_id,timezone\na,America/New_York\n",
			"stores.csv": "store_id,opens_on\na,2024-10-01\n", "special_hours.csv": special + "a,,,2024-10-04,,09:00,12:00\n"}, nil, "2024-10-07 02:00 UTC",
			pipeline.Finding{Level: pipeline.Warning, Count: 3, Examples: []string{"a on 2024-10-01", "a on 2024-10-05", "a on 2024-10-06"}}},
		"hours_from_midnight_to_midnight": {map[string]string{"menu_hours.csv": hours + "a,0,00:00,00:00,,\na,1,00:00,24:00,,\na,2,08:00,08:00,,\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 1, Examples: []string{"a day 0"}}},
		"closures_without_end": {map[string]string{"closures.csv": closures + "a,,,2024-10-06 10:00,,,,\n*,,,,,2024-10-07,,\na,,,2024-10-01 10:00,2024-10-02 10:00,,,\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Info, Count: 2, Examples: []string{"* from 2024-10-07", "a from 2024-10-06"}}},
		// a: two closures from 06:00 on, of one and two hours, with an inactive observation in the first hour and one in the
		// second. b: from 09:30 up to as_of. c is open for one of the three hours. d opens on the next day. The closures of e
		// were announced when they began, or before.
		"closures_announced_late": {map[string]string{
			"store_status.csv": enginetest.StatusHead + "a,inactive,2024-10-07 06:30 UTC\na,inactive,2024-10-07 06:30 UTC\na,inactive,2024-10-07 07:30 UTC\na,active,2024-10-07 06:40 UTC\n" +
				"b,inactive,2024-10-07 09:40 UTC\nc,active,2024-10-07 07:30 UTC\nd,active,2024-10-07 10:00 UTC\ne,inactive,2024-10-07 06:30 UTC\n",
			"timezones.csv":  "store_id,timezone\na,UTC\nb,UTC\nc,UTC\nd,UTC\ne,UTC\n",
			"stores.csv":     "store_id,opens_on\nd,2024-10-08\n",
			"menu_hours.csv": hours + "c,0,07:00,08:00,,\n",
			"closures.csv": closures + "a,,,2024-10-07 06:00,2024-10-07 07:00,,,2024-10-07 06:30\na,,,,,2024-10-07 06:00,2024-10-07 08:00,2024-10-07 06:30\n" +
				"b,,,2024-10-07 09:30,,,,2024-10-07T09:45+00:00\nc,,,2024-10-07 06:00,2024-10-07 09:00,,,2024-10-08 06:00\nd,,,2024-10-07 06:00,2024-10-07 09:00,,,2024-10-07 09:00\n" +
				"e,,,2024-10-07 06:00,2024-10-07 07:00,,,2024-10-07 06:00\ne,,,2024-10-07 06:00,2024-10-07 08:00,,,2024-10-06 06:00\n"}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 5, Examples: []string{
				"a from 2024-10-07 06:00:00Z: 7200 s (2 h) of open time, 2 inactive observations", "a from 2024-10-07 06:00:00Z: 3600 s (1 h) of open time, 1 inactive observations",
				"c from 2024-10-07 06:00:00Z: 3600 s (1 h) of open time, 0 inactive observations", "b from 2024-10-07 09:30:00Z: 1800 s (30 min) of open time, 1 inactive observations",
				"d from 2024-10-07 06:00:00Z: 0 s (0 h) of open time, 0 inactive observations"}}},
		"unread_columns": {map[string]string{"stores.csv": "store_id,reson\na,x\n", "special_hours.csv": "store_id,date,closed,note,day\na,2024-10-05,yes,x,y\n",
			"closures.csv": "store_id,start_local,reson\na,2024-10-05,x\nb,,x\n", "closures_2.parquet": enginetest.Parquet(t, "SELECT 'a' AS store_id, DATE '2024-10-05' AS start_local, 1.5 AS cost")}, nil, "",
			pipeline.Finding{Level: pipeline.Warning, Count: 4, Examples: []string{"closures.csv: reson", "closures_2.parquet: cost", "special_hours.csv: note", "special_hours.csv: day"}}},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": enginetest.StatusHead + enginetest.StatusRow})
			enginetest.WriteFiles(t, dir, c.files)
			if c.asOf == "" {
				c.asOf = "2024-10-07 10:00 UTC"
			}
			found, err := CheckData(t.Context(), pipeline.Engines{DuckDB: enginetest.New(t, dir, 1)},
				Request{Data: dir, Parameters: params.Parameters{AsOf: c.asOf, Stores: c.stores}, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			var got pipeline.Finding
			for _, f := range found.Quality.Findings {
				if f.Code == code {
					got = pipeline.Finding{Level: f.Level, Count: f.Count, Examples: f.Examples}
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
