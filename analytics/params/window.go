package params

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Window is a named span of time: one of a length, which ends at as_of, or one of the calendar, which each store has by
// its own clock.
type Window struct {
	Name   string `json:"name,omitempty" pattern:"^[a-z][a-z0-9_]{0,39}$" about:"Name of the window; default: one made of the dates."`
	Length Length `json:"length,omitempty" limits:"between 1s and 3650d" about:"How far the window reaches back from as_of. Give this or dates."` // 0: of the calendar
	Dates  string `json:"dates,omitempty" about:"Local dates by the clock of each store: 2026-10-07, 2026-10, 2026-W41, 2026, 2026-10-01/2026-10-07, today, yesterday, this_week, previous_week, this_month or previous_month. Give this or length."`
}

// RelativeWindows are the windows that depend on the local date of as_of. Weeks begin on Monday.
var RelativeWindows = []string{"today", "yesterday", "this_week", "previous_week", "this_month", "previous_month"}

const windowForms = "write it like last_hour=1h, october=2026-10, week=2026-W41, 2026-10-07, 2026-10-01/2026-10-07 or yesterday"

// ParseWindow parses name=value, or a value of the calendar alone, which gives the window a name: yesterday that one,
// 2026-10 the name month_2026_10.
func ParseWindow(text string) (Window, error) {
	name, value, isNamed := strings.Cut(text, "=")
	if !isNamed {
		value = text
		if name = nameOf(value); name == "" {
			if _, err := datesOf(value); isCalendar(value) {
				return Window{}, fmt.Errorf("window %w", err)
			}
			return Window{}, fmt.Errorf("%q is not a window: %s", text, cure(text, "%s=%s"))
		}
	}
	w := Window{Name: name}
	return w, w.set(value)
}

// set takes the value of a window in its text form.
func (w *Window) set(value string) error {
	if isCalendar(value) {
		if _, err := datesOf(value); err != nil {
			return fmt.Errorf("window %s: %w", w.Name, err)
		}
		w.Dates = value
		return nil
	}
	length, err := ParseLength(value)
	if err != nil {
		return fmt.Errorf("window %s: %q is neither a length nor a date: %s", w.Name, value, cure(value, "%[2]s"))
	}
	w.Length = length
	return nil
}

// String is the value in its text form.
func (w Window) String() string {
	if w.Dates != "" {
		return w.Dates
	}
	return w.Length.String()
}

// fault is what is wrong with a window, "" for nothing.
func (w Window) fault() string {
	title := strings.TrimSpace("window " + w.Name)
	if w.Dates == "" {
		if w.Length == 0 {
			return fmt.Sprintf("%s has neither a length nor dates: %s", title, cure(w.Name, "\"length\": \"%[2]s\""))
		}
		return ""
	}
	if w.Length != 0 {
		return fmt.Sprintf("%s has both a length and dates: give one of them", title)
	}
	if !isCalendar(w.Dates) {
		return fmt.Sprintf("%s: %q is not a date: %s", title, w.Dates, cure(w.Dates, "\"length\": \"%[2]s\""))
	}
	if _, err := datesOf(w.Dates); err != nil {
		return fmt.Sprintf("%s: %s", title, err)
	}
	return ""
}

// cure proposes what to write instead of a value: people say last month for what is previous_month here. lasting formats
// the name and the length of a window that ends at as_of, as they are written where the value stands.
func cure(value, lasting string) string {
	words := strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return strings.ContainsRune(" _-", r) })
	meant, length := strings.Join(words, "_"), ""
	if unit, isLast := strings.CutPrefix(meant, "last_"); isLast {
		meant = "previous_" + unit
		for _, w := range slices.Concat(defaultWindows(), []Window{{Name: "last_month", Length: 30 * Day}}) {
			if w.Name == "last_"+unit {
				length = fmt.Sprintf(lasting, w.Name, w) + ", which ends at as_of"
			}
		}
	}
	switch meant {
	case "previous_day":
		meant = "yesterday"
	case "current_day", "this_day":
		meant = "today"
	case "current_week", "current_month":
		meant = strings.Replace(meant, "current", "this", 1)
	}
	switch isKnown := slices.Contains(RelativeWindows, meant); {
	case isKnown && length != "":
		return fmt.Sprintf("did you mean %s, by each store's clock, or %s?", meant, length)
	case isKnown:
		return fmt.Sprintf("did you mean %s?", meant)
	case length != "":
		return fmt.Sprintf("did you mean %s?", length)
	}
	return windowForms
}

// IsRelative reports whether the window depends on the local date of as_of.
func (w Window) IsRelative() bool { return slices.Contains(RelativeWindows, w.Dates) }

// Days is a range of local dates in days since 1970-01-01, the first included, the end not.
type Days struct{ First, End int64 }

// Days are the local dates of a calendar window if as_of falls on a local date, in days since 1970-01-01, on which only
// relative windows depend.
func (w Window) Days(asOfDay int64) Days {
	if !w.IsRelative() {
		days, _ := datesOf(w.Dates) // validated
		return days
	}
	weekday := (asOfDay + 3) % 7 // 0 = Monday: 1970-01-01 was a Thursday
	if weekday < 0 {
		weekday += 7
	}
	date := time.Unix(asOfDay*24*3600, 0).UTC()
	month := func(offset int) int64 {
		return dayNo(time.Date(date.Year(), date.Month()+time.Month(offset), 1, 0, 0, 0, 0, time.UTC))
	}
	switch w.Dates {
	case "today":
		return Days{asOfDay, asOfDay + 1}
	case "yesterday":
		return Days{asOfDay - 1, asOfDay}
	case "this_week":
		return Days{asOfDay - weekday, asOfDay - weekday + 7}
	case "previous_week":
		return Days{asOfDay - weekday - 7, asOfDay - weekday}
	case "this_month":
		return Days{month(0), month(1)}
	default: // previous_month
		return Days{month(-1), month(0)}
	}
}

// StartUS is an instant, in UTC microseconds, at or before the start of the window in any time zone, at most some two
// days before it.
func (w Window) StartUS(asOfUS int64) int64 {
	if w.Dates == "" {
		return asOfUS - int64(w.Length)
	}
	first := int64(math.MaxInt64)
	for _, day := range AsOfDays(asOfUS) {
		first = min(first, w.Days(day).First)
	}
	return min(asOfUS, (first-1)*int64(Day))
}

// AsOfDays are the local dates that an instant can have, in days since 1970-01-01: no clock is a day from UTC.
func AsOfDays(asOfUS int64) []int64 {
	day := asOfUS / int64(Day)
	if asOfUS%int64(Day) < 0 {
		day--
	}
	return []int64{day - 1, day, day + 1}
}

func dayNo(date time.Time) int64 { return date.Unix() / (24 * 3600) }

var (
	dateForm  = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)
	monthForm = regexp.MustCompile(`^(\d{4})-(\d{2})$`)
	weekForm  = regexp.MustCompile(`^(\d{4})-W(\d{2})$`)
	yearForm  = regexp.MustCompile(`^\d{4}$`)
	// looksLikeDates are also forms that were meant to be dates.
	looksLikeDates = regexp.MustCompile(`^\d{4}(-.*|/.*)?$|^\d{4}[wW]`)
)

// isCalendar reports whether a value is, or was meant to be, one of the calendar.
func isCalendar(value string) bool {
	return looksLikeDates.MatchString(value) || slices.Contains(RelativeWindows, value)
}

// nameOf is the name of a window that has none, "" if there is none for its value.
func nameOf(value string) string {
	if slices.Contains(RelativeWindows, value) {
		return value
	}
	if _, err := datesOf(value); err != nil {
		return ""
	}
	kind := "dates"
	switch {
	case dateForm.MatchString(value):
		kind = "day"
	case monthForm.MatchString(value):
		kind = "month"
	case weekForm.MatchString(value):
		kind = "week"
		value = strings.Replace(value, "W", "", 1)
	case yearForm.MatchString(value):
		kind = "year"
	}
	return kind + "_" + strings.NewReplacer("-", "_", "/", "_").Replace(value)
}

// datesOf parses the forms of a calendar window that do not depend on as_of.
func datesOf(value string) (Days, error) {
	if slices.Contains(RelativeWindows, value) {
		return Days{}, nil
	}
	if first, through, isRange := strings.Cut(value, "/"); isRange {
		from, err := dateOf(first)
		if err != nil {
			return Days{}, err
		}
		to, err := dateOf(through)
		if err != nil {
			return Days{}, err
		}
		if to < from {
			return Days{}, fmt.Errorf("%s ends before it starts: write the earlier date first, as in %s/%s", value, through, first)
		}
		return Days{from, to + 1}, nil
	}
	if parts := monthForm.FindStringSubmatch(value); parts != nil {
		year, month := number(parts[1]), number(parts[2])
		if month < 1 || month > 12 {
			return Days{}, fmt.Errorf("%s has no month %s: months are 01 to 12", value, parts[2])
		}
		return Days{dayNo(time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)), dayNo(time.Date(year, time.Month(month)+1, 1, 0, 0, 0, 0, time.UTC))}, nil
	}
	if parts := weekForm.FindStringSubmatch(value); parts != nil {
		year, week := number(parts[1]), number(parts[2])
		_, last := time.Date(year, 12, 28, 0, 0, 0, 0, time.UTC).ISOWeek() // always in the last week of its year
		if week < 1 || week > last {
			return Days{}, fmt.Errorf("%s has no week %s: the ISO weeks of %s are 01 to %d", value, parts[2], parts[1], last)
		}
		fourth := dayNo(time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)) // always in the first week of its year
		monday := fourth - ((fourth+3)%7+7)%7 + int64(week-1)*7
		return Days{monday, monday + 7}, nil
	}
	if yearForm.MatchString(value) {
		year := number(value)
		return Days{dayNo(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)), dayNo(time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC))}, nil
	}
	day, err := dateOf(value)
	return Days{day, day + 1}, err
}

func dateOf(text string) (int64, error) {
	if !dateForm.MatchString(text) {
		return 0, fmt.Errorf("%q is not a date: write it like 2026-10-07, 2026-10, 2026-W41, 2026 or 2026-10-01/2026-10-07", text)
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("there is no date %s", text)
	}
	return dayNo(date), nil
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // digits of a pattern
	return n
}
