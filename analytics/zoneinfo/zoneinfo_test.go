package zoneinfo

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func us(year int) int64 { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro() }

// TestPeriodsAgreeWithGo reads every zone of the same release a second time, with the reader of Go's own
// library, and compares every change of the offset from 1970 to 2100.
func TestPeriodsAgreeWithGo(t *testing.T) {
	for _, d := range databases(t) {
		names, err := d.Names()
		if err != nil {
			t.Fatal(err)
		}
		if len(names) < 590 {
			t.Errorf("%s has only %d zones", d.Source, len(names))
		}
		changes := 0
		for _, name := range names {
			text, err := d.Bytes(name)
			if err != nil {
				t.Fatal(err)
			}
			location, err := time.LoadLocationFromTZData(name, text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := d.Periods(name, us(1970), us(2100))
			if err != nil {
				t.Fatal(err)
			}
			far, err := d.Periods(name, us(9990), us(10000))
			if err != nil {
				t.Fatal(err)
			}
			far[0].StartUS = us(9990)
			if diff := cmp.Diff(goPeriods(location, us(9990), us(10000)), far); diff != "" {
				t.Errorf("%s of %s, %s (-Go +got):\n%s", name, d.Release, d.Source, diff)
			}
			got[0].StartUS = us(1970) // Go says less of what was before
			if diff := cmp.Diff(goPeriods(location, us(1970), us(2100)), got); diff != "" {
				t.Errorf("%s of %s, %s (-Go +got):\n%s", name, d.Release, d.Source, diff)
			}
			changes += len(got) - 1
		}
		if changes < 20_000 {
			t.Errorf("only %d changes", changes)
		}
	}
}

// databases returns those that Open chooses from.
func databases(t *testing.T) []*Database {
	t.Helper()
	var all []*Database
	if d, err := openEmbedded(); err == nil {
		all = append(all, d)
	}
	if d, err := openFolder(systemFolder); err == nil {
		all = append(all, d)
	}
	if len(all) == 0 {
		t.Fatal("neither built-in rules nor those of the system: run `just zones`")
	}
	return all
}

func goPeriods(location *time.Location, from, to int64) (list []Period) {
	for at := time.UnixMicro(from); at.UnixMicro() < to; {
		_, offset := at.In(location).Zone()
		if len(list) == 0 || list[len(list)-1].OffsetUS != int64(offset)*1e6 {
			list = append(list, Period{at.UnixMicro(), int64(offset) * 1e6})
		}
		_, end := at.In(location).ZoneBounds()
		if end.IsZero() {
			break
		}
		if !end.After(at) { // Go can name a bound that it has passed
			end = at.Add(time.Hour)
		}
		at = end
	}
	return list
}

// TestNames has links, and neither names that only a time library knows nor what is no zone.
func TestNames(t *testing.T) {
	for _, d := range databases(t) {
		names, err := d.Names()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"America/Chicago", "US/Pacific", "Cuba", "Canada/Central", "Etc/GMT+12", "UTC", "EST5EDT", "GB-Eire"} {
			if !slices.Contains(names, name) {
				t.Errorf("%s, %s: %s is missing", d.Release, d.Source, name)
			}
		}
		for _, name := range []string{"IST", "PST", "ACT", "SystemV/PST8", "US/Pacific-New", "Canada/East-Saskatchewan", "Factory", "localtime", "posixrules", "posix/UTC", "right/UTC"} {
			if slices.Contains(names, name) {
				t.Errorf("%s, %s: %s is accepted", d.Release, d.Source, name)
			}
		}
	}
}

// TestLinksWithoutFiles reads a link that a system has left out, as Debian does without tzdata-legacy.
func TestLinksWithoutFiles(t *testing.T) {
	zone, err := databases(t)[0].Bytes("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	d, err := open(fstest.MapFS{"America/New_York": {Data: zone},
		"tzdata.zi": {Data: []byte("# version 2027a\nR u 1918 o - Mar lastSu 2 1 D\nZ America/New_York -5 u E%sT\nZ Factory 0 - -00\nL America/New_York US/Eastern\nL US/Eastern Old/Eastern\nL Ring/A Ring/B\nL Ring/B Ring/A\n")}}, "test")
	if err != nil {
		t.Fatal(err)
	}
	names, err := d.Names()
	if diff := cmp.Diff([]string{"America/New_York", "Old/Eastern", "Ring/A", "Ring/B", "US/Eastern"}, names); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	for _, name := range []string{"US/Eastern", "Old/Eastern"} {
		if _, err := d.Bytes(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"Ring/A", "US/Central", "Factory", "../x", ""} {
		if _, err := d.Bytes(name); err == nil {
			t.Errorf("%q has a file", name)
		}
	}
}

// TestNamedPeriods has the changes that readers of the database are known to get wrong.
func TestNamedPeriods(t *testing.T) {
	d, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		zone string
		year int
		want string
	}{
		"negative_summer_time":          {"Europe/Dublin", 2024, "+0s; 2024-03-31 01:00:00 +1h0m0s; 2024-10-27 01:00:00 +0s"},
		"half_an_hour":                  {"Australia/Lord_Howe", 2024, "+11h0m0s; 2024-04-06 15:00:00 +10h30m0s; 2024-10-05 15:30:00 +11h0m0s"},
		"two_hours":                     {"Antarctica/Troll", 2024, "+0s; 2024-03-31 01:00:00 +2h0m0s; 2024-10-27 01:00:00 +0s"},
		"ramadan":                       {"Africa/Casablanca", 2024, "+1h0m0s; 2024-03-10 02:00:00 +0s; 2024-04-14 02:00:00 +1h0m0s"},
		"a_day_that_did_not_exist":      {"Pacific/Apia", 2011, "-10h0m0s; 2011-04-02 14:00:00 -11h0m0s; 2011-09-24 14:00:00 -10h0m0s; 2011-12-30 10:00:00 +14h0m0s"},
		"negative_time_of_day":          {"America/Nuuk", 2030, "-2h0m0s; 2030-03-31 01:00:00 -1h0m0s; 2030-10-27 01:00:00 -2h0m0s"},
		"release_2026f":                 {"America/Winnipeg", 2026, "-6h0m0s; 2026-03-08 08:00:00 -5h0m0s"},
		"release_2026f_too":             {"America/Havana", 2026, "-5h0m0s; 2026-03-08 05:00:00 -4h0m0s"},
		"hours_after_the_day":           {"Asia/Gaza", 2098, "+2h0m0s; 2098-03-29 00:00:00 +3h0m0s; 2098-10-24 23:00:00 +2h0m0s"},
		"fixed":                         {"Etc/GMT+5", 2024, "-5h0m0s"},
		"by_the_rule_in_a_far_year":     {"America/New_York", 9998, "-5h0m0s; 9998-03-08 07:00:00 -4h0m0s; 9998-11-01 06:00:00 -5h0m0s"},
		"in_the_south_in_a_far_year":    {"Pacific/Auckland", 9998, "+13h0m0s; 9998-04-04 14:00:00 +12h0m0s; 9998-09-26 14:00:00 +13h0m0s"},
		"seconds_of_long_ago":           {"Africa/Monrovia", 1972, "-44m30s; 1972-01-07 00:44:30 +0s"},
		"summer_time_is_the_older_rule": {"America/Chicago", 2006, "-6h0m0s; 2006-04-02 08:00:00 -5h0m0s; 2006-10-29 07:00:00 -6h0m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			periods, err := d.Periods(c.zone, us(c.year), us(c.year+1))
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for i, p := range periods {
				offset := (time.Duration(p.OffsetUS) * time.Microsecond).String()
				if p.OffsetUS >= 0 {
					offset = "+" + offset
				}
				if i > 0 {
					offset = time.UnixMicro(p.StartUS).UTC().Format("2006-01-02 15:04:05 ") + offset
				}
				texts = append(texts, offset)
			}
			if diff := cmp.Diff(c.want, strings.Join(texts, "; ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRules has footers that no zone of the database has today.
func TestRules(t *testing.T) {
	for text, want := range map[string][]Period{
		"EST5":                     {{math.MinInt64, -5 * 3600e6}},
		"XXX-2<+01>-1,0/0,J365/23": {{math.MinInt64, 3600e6}}, // summer time all year
		"AAA0BBB,J60/0,300/24": {{math.MinInt64, 0}, {time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC).UnixMicro(), 3600e6},
			{time.Date(2024, 10, 27, 23, 0, 0, 0, time.UTC).UnixMicro(), 0}},
	} {
		r, err := parseRule(text)
		if err != nil {
			t.Fatal(err)
		}
		z := &zone{first: r.standard, rule: r}
		got := z.periods(us(2024), us(2025))
		got[0].StartUS = math.MinInt64
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	for _, text := range []string{"E5", "EST", "EST5EDT,M13.1.0,M1.1.0", "EST5EDT,M3.2.0", "<EST5", "EST5EDT,J0,J1", "EST168", "EST5x"} {
		if _, err := parseRule(text); err == nil {
			t.Errorf("%s is taken for a rule", text)
		}
	}
}

func TestNewer(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"2026f", "2025b", true}, {"2025b", "2026a", false}, {"2026f", "2026f", false}, {"2026za", "2026z", true}} {
		if newer(c.a, c.b) != c.want {
			t.Errorf("newer(%s, %s) is %v", c.a, c.b, !c.want)
		}
	}
}

// TestOpen says what is wrong with a folder and what would be right.
func TestOpen(t *testing.T) {
	d := databases(t)[0]
	zone, err := d.Bytes("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"empty":          {nil, "neither tzdata.zi nor +VERSION"},
		"no release":     {map[string]string{"tzdata.zi": "# hello\n"}, `its release is "# hello"`},
		"no zones":       {map[string]string{"tzdata.zi": "# version 2026f\n"}, "America/New_York"},
		"other contents": {map[string]string{"tzdata.zi": "# version 2026f\n", "America/New_York": "text"}, "no compiled time zone"},
		"zone cut short": {map[string]string{"+VERSION": "2027a\n", "America/New_York": string(zone), "UTC": string(zone[:60])}, "UTC: the file is cut short"},
		"zone missing":   {map[string]string{"tzdata.zi": "# version 2027a\nZ America/New_York\nZ UTC\n", "America/New_York": string(zone)}, "UTC"},
		"good":           {map[string]string{"+VERSION": "2027a\n", "America/New_York": string(zone)}, ""},
	} {
		dir := t.TempDir()
		for file, text := range c.files {
			path := filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		switch _, err := Open(dir); {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "give a folder")):
			t.Errorf("%s: %v", name, err)
		}
	}
	for cut := range len(zone) {
		if _, err := parse(zone[:cut]); err == nil {
			t.Fatalf("a file cut after %d of %d bytes is taken", cut, len(zone))
		}
	}
}

// TestOpenTakesTheNewer prefers the system's database only if its release is newer than the built-in one, and says
// what is missing where there is neither.
func TestOpenTakesTheNewer(t *testing.T) {
	zone, err := databases(t)[0].Bytes("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	builtIn, builtInErr := openEmbedded()
	before := systemFolder
	defer func() { systemFolder = before }()
	for _, release := range []string{"1999a", "2099a", ""} {
		systemFolder = t.TempDir()
		if release != "" {
			if err := os.Mkdir(filepath.Join(systemFolder, "America"), 0o755); err != nil {
				t.Fatal(err)
			}
			for name, text := range map[string]string{"tzdata.zi": "# version " + release + "\n", "America/New_York": string(zone)} {
				if err := os.WriteFile(filepath.Join(systemFolder, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		d, err := Open("")
		switch {
		case release == "" && builtInErr != nil:
			if err == nil || !strings.Contains(err.Error(), "--zoneinfo") {
				t.Error(err)
			}
		case err != nil:
			t.Error(err)
		case builtInErr == nil && release != "2099a" && d.Release != builtIn.Release, release == "2099a" && d.Source != systemFolder:
			t.Errorf("with the system's %s: %s from %s", release, d.Release, d.Source)
		}
	}
}
