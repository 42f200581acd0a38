//go:build spark && soak

package analytics_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/ingest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
	"openhours/analytics/spark"
)

// TestSoakSparkParameters compares reports with other parameters than TestSparkParity.
func TestSoakSparkParameters(t *testing.T) {
	data := parityData(t)
	length, target := func(l params.Length) *params.Length { return &l }, params.Target(995_000)
	for name, p := range map[string]params.Parameters{
		"defaults": {AsOf: "2024-11-06 03:07:00 UTC"},
		"next": {Interpolation: "next", Target: &target, AsOf: "2024-11-05 12:34:56.789 -0500", MaxGap: length(3 * params.Hour), CollectorGap: length(params.Hour),
			JoinGap: length(30 * params.Minute), Stores: append(someStores(t, data, 39), lastStore(t, data, "name")), Windows: []params.Window{{Name: "last_week", Length: 7 * params.Day}, {Name: "ten_days", Length: 10 * params.Day}}},
		"before": {AsOf: "2024-10-08 00:00", By: "date"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sameOnBoth(t, data, p)
		})
	}
}

// sameCheck checks a folder on each engine and compares what they found.
func sameCheck(t *testing.T, data string) report.Check {
	t.Helper()
	cluster := testCluster(t)
	cluster.Staging = t.TempDir()
	var checks []report.Check
	for _, cluster := range []*spark.Options{nil, cluster} {
		c, err := report.CheckData(t.Context(), on(t, enginetest.New(t, data, 1), cluster), report.Request{Data: data, Now: enginetest.Now})
		if err != nil {
			t.Fatal(err)
		}
		checks = append(checks, c)
	}
	if diff := cmp.Diff(checks[0], checks[1]); diff != "" {
		t.Errorf("-DuckDB +Spark:\n%s", diff)
	}
	return checks[1]
}

// TestSoakSparkFindings compares the findings about ids and conventions, of which the samples have none.
func TestSoakSparkFindings(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	polls := "store_id,status,timestamp_utc\n"
	for _, id := range []string{"1.01537E+18", `"1,01537e+18"`, "1015370000000010000", "2234567890123450000", "9876543210987650000", "9876543210987650001",
		`\N`, "NULL", "NaN", "#N/A", "\u00a0\u200b", "\u3000", "\ufeff\u2060", "\u00a0店", "é", "a+b", "1E+1x"} {
		polls += id + ",active,2024-10-07 10:00:00 UTC\n"
	}
	enginetest.WriteFiles(t, data, map[string]string{
		"store_status.csv":   polls,
		"store_status_2.csv": "store_id,status,timestamp_utc\na,active,25/9/2024 10:00\na,active,7/9/2024 10:00\n",
		"menu_hours.csv":     "store_id,day,start_time_local,end_time_local\nx,1,09:00,10:00\nx,7,09:00,10:00\n",
		"business_hours.csv": "store_id,day,start_time_local,end_time_local\ny,1,09:00,10:00\ny;2;09:00;10:00\n",
		"timezones.csv":      "store_id,timezone_str\nz,EST\ny,PST\n",
	})
	m := sameCheck(t, data)
	for code, count := range map[string]int64{pipeline.DoubtfulConvention: 4, "ids_in_scientific_notation": 2, "ids_cut_to_15_digits": 3, "ids_that_mean_nothing": 7, "sets_hardly_meet": 2} {
		if !slices.ContainsFunc(m.Quality.Findings, func(f pipeline.Finding) bool { return f.Code == code && f.Count == count }) {
			t.Errorf("no finding %s with the count %d: %+v", code, count, m.Quality.Findings)
		}
	}
}

// TestSoakSparkCalendarFindings compares the findings about stores, dated hours, special hours, closures and targets, of which the samples
// have few.
func TestSoakSparkCalendarFindings(t *testing.T) {
	t.Parallel()
	const special = "store_id,attribute,value,date,closed,opens,closes\n"
	data := t.TempDir()
	enginetest.WriteFiles(t, data, map[string]string{
		"store_status.csv":  "store_id,status,timestamp_utc\na,inactive,2024-10-07 06:30 UTC\na,inactive,2024-10-07 06:30 UTC\na,active,2024-10-07 10:00 UTC\nb,active,2024-10-07 10:00 UTC\n",
		"menu_hours.csv":    "store_id,day,start_time_local,end_time_local,valid_from\na,0,00:00,00:00,2024-10-02\n",
		"timezones.csv":     "store_id,timezone\na,America/New_York\n",
		"targets.csv":       "store_id,attribute,value,target,window\na,,,98,last_day\na,,,97,last_day\n,City,Paris,96,\n,Brand,X,95,\nzz,,,94,last_month\n",
		"stores.csv":        "store_id,name,opens_on,City,Brand\na,One,2024-10-01,Rome,X\na,Two,2024-10-01,Paris,X\nb,,2024-10-08,,\n",
		"special_hours.csv": special + "a,,,2024-10-04,yes,,\na,,,2024-10-04,,09:00,12:00\n,City,Paris,2024-10-05,yes,,\n,Brand,X,2024-10-05,yes,,\n,City,Rome,2024-10-05,yes,,\nzz,,,2024-10-05,yes,,\n",
		"closures.csv": "store_id,starts_at,ends_at,start_local,announced_at,reson\na,2024-10-07 06:00,2024-10-07 07:00,,2024-10-07 06:30,\na,2024-10-07 06:00,2024-10-07 08:00,,2024-10-07 06:30,\n" +
			"b,2024-10-07 06:00,2024-10-07 07:00,,2024-10-07 06:30,\nb,,,2024-10-07 05:00,,\n",
	})
	got := map[string]int64{}
	for _, f := range sameCheck(t, data).Quality.Findings {
		got[f.Code] = f.Count
	}
	for code, count := range map[string]int64{"attribute_conflicts": 1, "store_detail_conflicts": 1, "special_hours_conflicts": 1, "address_conflicts": 1, "unknown_addresses": 3, "target_conflicts": 1, "target_address_conflicts": 2, "unknown_target_windows": 1,
		"dates_without_hours": 1, "hours_from_midnight_to_midnight": 1, "closures_without_end": 1, "closures_announced_late": 3, pipeline.UnreadColumns: 1} {
		if got[code] != count {
			t.Errorf("%s has the count %d instead of %d", code, got[code], count)
		}
	}
}

// TestSoakSparkCompacted: days that were compacted come to the cluster as DuckDB reads them.
func TestSoakSparkCompacted(t *testing.T) {
	data := t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 40, Days: 14, Seed: 5, IDs: generate.Numbers,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Compact(t.Context(), enginetest.New(t, data, 1), ingest.CompactRequest{Data: data, Now: enginetest.Now}); err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, data, map[string]string{"store_status_new.csv": "store_id,status,timestamp_utc\nnew,active,2024-11-06 04:00:00 UTC\nnew,maybe,\n"})
	if m := sameOnBoth(t, data, params.Parameters{}); m.Quality.RowsRejected != 1 || m.Stores < 41 {
		t.Errorf("%d rows rejected, %d stores", m.Quality.RowsRejected, m.Stores)
	}
}
