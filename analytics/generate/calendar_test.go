package generate

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// row is one of a CSV file, by the names of its columns.
type row map[string]string

func rowsOf(t *testing.T, dir, name string) (header []string, all []row) {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cells, err := csv.NewReader(file).ReadAll() // an error where a row has another number of cells
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range cells[1:] {
		r := row{}
		for i, value := range line {
			r[cells[0][i]] = value
		}
		all = append(all, r)
	}
	return cells[0], all
}

func withCalendar(t *testing.T, change func(*Options)) Options {
	t.Helper()
	o := options(t.TempDir())
	o.Calendar = true
	change(&o)
	if _, err := Write(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestCalendarKinds looks for every kind of row, also where there are few stores.
func TestCalendarKinds(t *testing.T) {
	early := func(r row) bool {
		return r["announced_at"] != "" && r["announced_at"][:10] < (r["starts_at"] + r["start_local"])[:10]
	}
	late := func(r row) bool { return r["starts_at"] != "" && r["announced_at"] > r["starts_at"] }
	closed := func(r row) bool {
		return r["closed"] != "" || r["start_time_local"] == r["end_time_local"]
	}
	kinds := map[string]map[string]func(row) bool{
		"stores.csv": {
			"opens in the period":  func(r row) bool { return r["opens_on"] > "2024-10-06" && r["opens_on"] < "2024-10-14" },
			"closes in the period": func(r row) bool { return r["closes_on"] > "2024-10-06" && r["closes_on"] < "2024-10-14" },
		},
		"menu_hours.csv": {
			"until a date": func(r row) bool { return r["valid_from"] == "" && r["valid_through"] != "" },
			"from a date":  func(r row) bool { return r["valid_from"] != "" },
		},
		"special_hours.csv": {
			"all closed":         func(r row) bool { return r["store_id"] == "*" && closed(r) },
			"a brand has hours":  func(r row) bool { return r["attribute"] == "brand" && r["value"] != "" && !closed(r) },
			"one store has some": func(r row) bool { return r["store_id"] > "*" && !closed(r) },
			"one store closed":   func(r row) bool { return r["store_id"] > "*" && closed(r) },
			"some dates":         func(r row) bool { return r["date_through"] > r["date"] },
			"past midnight":      func(r row) bool { return r["end_time_local"] < r["start_time_local"] && !closed(r) },
		},
		"closures.csv": {
			"local times":    func(r row) bool { return len(r["start_local"]) == 16 && len(r["end_local"]) == 16 },
			"UTC":            func(r row) bool { return r["starts_at"] < r["ends_at"] },
			"dates":          func(r row) bool { return len(r["start_local"]) == 10 && r["end_local"] >= r["start_local"] },
			"no end":         func(r row) bool { return r["start_local"] != "" && r["end_local"] == "" },
			"an attribute":   func(r row) bool { return r["attribute"] == "city" && r["value"] != "" },
			"every store":    func(r row) bool { return r["store_id"] == "*" },
			"early notice":   early,
			"late notice":    late,
			"no notice":      func(r row) bool { return r["announced_at"] == "" },
			"without reason": func(r row) bool { return r["reason"] == "" },
		},
	}
	for _, stores := range []int{2, 300} {
		o := withCalendar(t, func(o *Options) { o.Stores = stores })
		for name, wanted := range kinds {
			_, all := rowsOf(t, o.Dir, name)
			for kind, is := range wanted {
				if !slices.ContainsFunc(all, is) {
					t.Errorf("%d stores: %s has no row of the kind: %s", stores, name, kind)
				}
			}
		}
	}
}

// TestNamesAndPlaces compares each city with the zone of its store.
func TestNamesAndPlaces(t *testing.T) {
	o := withCalendar(t, func(*Options) {})
	zone := map[string]string{}
	_, zones := rowsOf(t, o.Dir, "timezones.csv")
	for _, r := range slices.Backward(zones) { // the first counts, as it is the one that was drawn
		zone[r["store_id"]] = r["timezone_str"]
	}
	names := map[string]string{}
	_, stores := rowsOf(t, o.Dir, "stores.csv")
	for _, r := range stores {
		z := zone[r["store_id"]]
		if z == "" {
			z = "America/Chicago"
		}
		if !slices.Contains(cities[z], city{r["city"], r["region"]}) {
			t.Errorf("a store in %s lies in %s, %s", z, r["city"], r["region"])
		}
		if !strings.HasPrefix(r["name"], r["brand"]+" ") || !strings.HasSuffix(r["name"], ", "+r["city"]) {
			t.Errorf("brand %s in %s has a store %q", r["brand"], r["city"], r["name"])
		}
		names[r["name"]] = r["store_id"]
	}
	if len(names) < len(stores)*9/10 {
		t.Errorf("%d stores have only %d names", len(stores), len(names))
	}
}

// TestPollsFitTheCalendar follows single rows into the polls. The other polls stay as they would be without the files.
func TestPollsFitTheCalendar(t *testing.T) {
	o := withCalendar(t, func(o *Options) { o.Stores = 1500 })
	zone, opensOn, closesOn, format := map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
	_, zones := rowsOf(t, o.Dir, "timezones.csv")
	for _, r := range zones {
		zone[r["store_id"]] = r["timezone_str"]
	}
	_, stores := rowsOf(t, o.Dir, "stores.csv")
	for _, r := range stores {
		opensOn[r["store_id"]], closesOn[r["store_id"]], format[r["store_id"]] = r["opens_on"], r["closes_on"], r["format"]
	}
	var floods []row
	_, closures := rowsOf(t, o.Dir, "closures.csv")
	for _, r := range closures {
		if strings.Contains(r["reason"], "notice") {
			t.Errorf("the reason %q says what the missing end says", r["reason"])
		}
		if r["reason"] == "Water damage" {
			floods = append(floods, r)
		}
	}
	all, inactive := map[string]int{}, map[string]int{}
	_, polls := rowsOf(t, o.Dir, "store_status.csv")
	for _, r := range polls {
		id, at := r["store_id"], r["timestamp_utc"]
		count := func(kind string) {
			all[kind]++
			if r["status"] == "inactive" {
				inactive[kind]++
			}
		}
		if clock := at[11:13]; clock < "19" || clock > "21" || !strings.HasPrefix(zone[id], "America/") {
			continue // else it may be closed by its weekly hours
		}
		switch {
		case at[:10] < opensOn[id]:
			count("not open yet")
		case closesOn[id] != "" && at[:10] > closesOn[id]:
			count("closed for good")
		case at[:10] == "2024-10-10" && format[id] == "airport":
			count("the airports on the date when all are closed")
		case at[:10] == "2024-10-10":
			count("the date when all are closed")
		case slices.ContainsFunc(floods, func(r row) bool { return r["store_id"] == id && r["start_local"][:10] < at[:10] }):
			count("until further notice")
		default:
			count("other times")
		}
	}
	for kind, want := range map[string][2]float64{
		"not open yet":                                 {0.7, 1},
		"closed for good":                              {0.7, 1},
		"the date when all are closed":                 {0.75, 1}, // the rest is closed on this weekday
		"until further notice":                         {0.7, 1},
		"the airports on the date when all are closed": {0, 0.2},
		"other times":                                  {0, 0.2},
	} {
		if share := float64(inactive[kind]) / float64(all[kind]); all[kind] == 0 || share < want[0] || share > want[1] {
			t.Errorf("%s: %d of %d polls are inactive, want a share of %v", kind, inactive[kind], all[kind], want)
		}
	}
}

// TestCalendarAddsOnly compares with the files without it: the same stores, zones, hours and times of polls.
func TestCalendarAddsOnly(t *testing.T) {
	with := withCalendar(t, func(*Options) {})
	without := options(t.TempDir())
	if _, err := Write(t.Context(), without); err != nil {
		t.Fatal(err)
	}
	cells := func(dir, name string, columns ...string) (texts []string) {
		_, all := rowsOf(t, dir, name)
		for _, r := range all {
			if r["valid_from"] != "" {
				continue
			}
			var values []string
			for _, column := range columns {
				values = append(values, r[column])
			}
			texts = append(texts, strings.Join(values, ","))
		}
		slices.Sort(texts)
		return texts
	}
	for name, columns := range map[string][]string{
		"timezones.csv":    {"store_id", "timezone_str"},
		"menu_hours.csv":   {"store_id", "dayOfWeek", "start_time_local", "end_time_local"},
		"store_status.csv": {"store_id", "timestamp_utc"},
	} {
		if !slices.Equal(cells(with.Dir, name, columns...), cells(without.Dir, name, columns...)) {
			t.Errorf("%s has other values in %v with a calendar", name, columns)
		}
	}
}

func TestSameCalendarSameBytes(t *testing.T) {
	for _, ids := range []IDs{Numbers, UUIDs} {
		o := options("")
		o.IDs, o.Calendar = ids, true
		once := written(t, o)
		if again := written(t, o); once != again {
			t.Errorf("%s: the same seed gave other bytes", ids)
		}
		o.Seed++
		if once == written(t, o) {
			t.Errorf("%s: another seed gave the same bytes", ids)
		}
	}
}

func TestCalendarForBenchmarks(t *testing.T) {
	o := withCalendar(t, func(o *Options) { o.Attributes, o.SpecialHours, o.Closures = 40, 3000, 700 })
	header, _ := rowsOf(t, o.Dir, "stores.csv")
	_, special := rowsOf(t, o.Dir, "special_hours.csv")
	_, closures := rowsOf(t, o.Dir, "closures.csv")
	if len(header) != 44 || header[43] != "tag_40" || len(special) != 3000 || len(closures) != 700 {
		t.Errorf("columns %v, %d special hours, %d closures", header, len(special), len(closures))
	}
	o.Calendar, o.Attributes = false, 201
	if err := o.Validate(); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("got %v, want two faults", err)
	}
}

func TestCalendarReplacesNothing(t *testing.T) {
	for _, name := range []string{"stores.csv", "special_hours.csv", "closures.csv"} {
		o := options(t.TempDir())
		o.Calendar = true
		if err := os.WriteFile(filepath.Join(o.Dir, name), []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Write(t.Context(), o); err == nil || !strings.Contains(err.Error(), name+" is already there") {
			t.Errorf("got %v", err)
		}
		if entries, err := os.ReadDir(o.Dir); err != nil || len(entries) != 1 {
			t.Errorf("%v %v", entries, err)
		}
	}
}
