package load

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"openhours/analytics/csvfile"
	"openhours/analytics/input"
)

// A convention is another way to write the rows of a set. In a file that follows it, some rows are rejected
// and others are accepted with a meaning that nobody intended.
type convention struct {
	code  string   // in LoadedFile.OtherConvention
	sets  []string // whose files can follow it
	shape string   // what all rejected rows have
	doubt string   // what that means for the accepted rows, whose number is %d
	cure  string   // what would be right

	// fits reports whether the convention alone explains why a row was rejected.
	fits func(r rejectedRow) bool
	// contradicts reports whether a row of the file rules the convention out.
	contradicts func(set string, cells []string) bool
}

// rejectedRow is a rejected row as conventions see it.
type rejectedRow struct {
	set   string
	cells []string // of the needed columns, trimmed; nil: the row has too few cells, or another fault of structure
	raw   string
	width int // cells of the header, if the row has fewer
}

const anyBlank = `[ \x{a0}\x{202f}]?` // browsers write a narrow no-break space before AM and PM

var (
	clockTime        = regexp.MustCompile(`^([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d(\.\d+)?)?$`)
	afternoonTime    = regexp.MustCompile(`^(1[3-9]|2[0-4]):`)
	twelveHourTime   = regexp.MustCompile(`(?i)^(0?[1-9]|1[0-2])([:.][0-5]\d){0,2}` + anyBlank + `[ap]\.?m\.?$`)
	twelveHourStamp  = regexp.MustCompile(`(?i)^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4},?[ T](0?[1-9]|1[0-2])(:[0-5]\d){1,2}(\.\d+)?` + anyBlank + `[ap]\.?m\.?$`)
	afternoonStamp   = regexp.MustCompile(`^[^ T]+[ T](1[3-9]|2[0-3]):`)
	dayFirstStamp    = regexp.MustCompile(`(?i)^((1[3-9]|2\d|3[01])/|(0?[1-9]|[12]\d|3[01])[-.])(0?[1-9]|1[0-2])[-/.]\d{4},?[ T]([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?( ?(UTC|GMT|Z|[+-]\d\d(:?\d\d)?))?$`)
	monthFirstStamp  = regexp.MustCompile(`^\d{1,2}/(1[3-9]|2\d|3[01])/`)
	zoneAbbreviation = regexp.MustCompile(`^[A-Z]{2,5}$`)
)

// conventions in the order in which they are preferred.
var conventions = []convention{
	{
		code: "days_1_to_7", sets: []string{input.HoursSet},
		shape: "the day 7, as if days were counted from 1 to 7",
		doubt: "Then all accepted rows (%d) are on the wrong day",
		cure:  "write 0 for Monday to 6 for Sunday",
		fits: func(r rejectedRow) bool {
			return r.cells != nil && r.cells[0] != "" && r.cells[1] == "7" && clockTime.MatchString(r.cells[2]) && clockTime.MatchString(r.cells[3])
		},
		contradicts: func(_ string, cells []string) bool { return cells[1] == "0" },
	},
	{
		code: "day_before_month", sets: []string{input.StatusSet},
		shape: "a date with the day before the month",
		doubt: "Then accepted rows (%d) with dates such as 10/7/2024 have day and month exchanged",
		cure:  "write 2024-07-10 for 10 July 2024",
		fits: func(r rejectedRow) bool {
			return r.cells != nil && r.cells[0] != "" && isStatus(r.cells[1]) && dayFirstStamp.MatchString(r.cells[2])
		},
		contradicts: func(_ string, cells []string) bool {
			stamp := cells[2]
			return len(stamp) > 2 && (stamp[1] == '/' || stamp[2] == '/') && monthFirstStamp.MatchString(stamp)
		},
	},
	{
		code: "twelve_hour_clock", sets: []string{input.HoursSet, input.StatusSet},
		shape: "a time with AM or PM",
		doubt: "Then accepted rows (%d) whose times lack it may be 12 hours off",
		cure:  "write 17:30 for 5:30 PM",
		fits:  fitsTwelveHours,
		contradicts: func(set string, cells []string) bool {
			if set == input.StatusSet {
				return afternoonStamp.MatchString(cells[2])
			}
			return afternoonTime.MatchString(cells[2]) || afternoonTime.MatchString(cells[3])
		},
	},
	{
		code: "zone_abbreviations", sets: []string{input.ZonesSet},
		shape: "the abbreviation of a zone",
		doubt: "Then accepted rows (%d) with EST or MST have no daylight saving time",
		cure:  "write IANA names such as America/New_York",
		fits: func(r rejectedRow) bool {
			return r.cells != nil && r.cells[0] != "" && zoneAbbreviation.MatchString(r.cells[1])
		},
		contradicts: func(_ string, cells []string) bool {
			return !zoneAbbreviation.MatchString(cells[1]) || cells[1] == "UTC" || cells[1] == "GMT"
		},
	},
	{
		code: "other_separator", sets: []string{input.StatusSet, input.HoursSet, input.ZonesSet},
		shape: "semicolons, tabs or bars between their cells",
		doubt: "Then the accepted rows (%d) are only a part of the data",
		cure:  "write commas",
		fits: func(r rejectedRow) bool {
			return r.cells == nil && r.width > 1 && slices.ContainsFunc(csvfile.Separators, func(separator string) bool {
				return strings.Count(r.raw, separator) == r.width-1
			})
		},
		contradicts: func(string, []string) bool { return false },
	},
}

func isStatus(cell string) bool {
	return strings.EqualFold(cell, "active") || strings.EqualFold(cell, "inactive")
}

func fitsTwelveHours(r rejectedRow) bool {
	switch {
	case r.cells == nil || r.cells[0] == "":
		return false
	case r.set == input.StatusSet:
		return isStatus(r.cells[1]) && twelveHourStamp.MatchString(r.cells[2])
	case len(r.cells[1]) != 1 || r.cells[1] < "0" || r.cells[1] > "6":
		return false
	}
	found := false
	for _, cell := range r.cells[2:4] {
		twelve := twelveHourTime.MatchString(cell)
		if !twelve && !clockTime.MatchString(cell) {
			return false
		}
		found = found || twelve
	}
	return found
}

// tally finds the one convention that all rejected rows of a file fit. The bit 1<<i stands for
// conventions[i].
type tally struct {
	set      string
	fitting  uint // every rejected row so far fits them, and no row contradicts them
	rejected bool
	cells    []string // trimmed
}

func newTally(set string) *tally {
	t := &tally{set: set}
	for i, c := range conventions {
		if slices.Contains(c.sets, set) {
			t.fitting |= 1 << i
		}
	}
	return t
}

// reject takes a rejected row. Most files lose all conventions at their first ones.
func (t *tally) reject(r rejectedRow) {
	t.rejected = true
	if t.fitting == 0 {
		return
	}
	r.set, r.cells = t.set, t.trim(r.cells)
	t.keep(func(c *convention) bool { return c.fits(r) })
}

// see takes any row that has the cells of the header.
func (t *tally) see(cells []string) {
	cells = t.trim(cells)
	t.keep(func(c *convention) bool { return !c.contradicts(t.set, cells) })
}

func (t *tally) keep(holds func(*convention) bool) {
	for i := range conventions {
		if t.fitting&(1<<i) != 0 && !holds(&conventions[i]) {
			t.fitting &^= 1 << i
		}
	}
}

// code returns the convention that all rejected rows fit; "" if there is none.
func (t *tally) code() string {
	for i, c := range conventions {
		if t.rejected && t.fitting&(1<<i) != 0 {
			return c.code
		}
	}
	return ""
}

// trim returns the cells without space and tab around them, until the next call.
func (t *tally) trim(cells []string) []string {
	if cells == nil {
		return nil
	}
	t.cells = t.cells[:0]
	for _, cell := range cells {
		t.cells = append(t.cells, strings.Trim(cell, " \t"))
	}
	return t.cells
}

// DescribeConvention says what a file has that follows another convention, and what would be right; "" for
// any other file.
func DescribeConvention(f input.LoadedFile) string {
	i := slices.IndexFunc(conventions, func(c convention) bool { return c.code == f.OtherConvention })
	if i < 0 {
		return ""
	}
	c := conventions[i]
	doubt := "No row was accepted"
	if accepted := f.Rows - f.Rejected; accepted > 0 {
		doubt = fmt.Sprintf(c.doubt, accepted)
	}
	return fmt.Sprintf("%s: all rejected rows (%d) have %s. %s: %s", f.File, f.Rejected, c.shape, doubt, c.cure)
}
