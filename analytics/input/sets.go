package input

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"openhours/analytics/csvfile"
)

// Set is one of the kinds of input.
type Set struct {
	Name     string
	Title    string // for people
	Stem     string // the usual name of its file, up to the first dot
	Prefixes string // a pattern of what its file names begin with
	Merge    string // how several files combine, if that needs explaining
	Columns  []csvfile.Column

	WholeWord  bool // no letter may follow a prefix
	Attributes bool // all other columns are attributes
	Addressed  bool // its rows say whom they are for: a store, an attribute and its value, or *

	files, folders *regexp.Regexp
}

// Matches reports whether a file of that name belongs to the set.
func (s Set) Matches(name string) bool { return s.files.MatchString(name) }

// MatchesFolder reports whether a folder of that name stands for files of the set, as Spark and Athena
// write them.
func (s Set) MatchesFolder(name string) bool { return s.folders.MatchString(name) }

// FolderPattern is a pattern of the names of the set's folders, and of its files up to their endings.
func (s Set) FolderPattern() string {
	if s.WholeWord {
		return "(" + s.Prefixes + ")([^a-z/][^/]*)?"
	}
	return "(" + s.Prefixes + ")[^/]*"
}

// Suffixes are the endings of input files.
func Suffixes() []string { return []string{".csv", ".csv.gz", ".csv.zst", ".parquet"} }

// The names of the sets.
const (
	StatusSet       = "status"
	HoursSet        = "hours"
	ZonesSet        = "zones"
	StoresSet       = "stores"
	SpecialHoursSet = "special_hours"
	ClosuresSet     = "closures"
	TargetsSet      = "targets"
)

// MostAttributes is how many attributes a file of stores may have.
const MostAttributes = 200

// address are the columns that say whom a row is for.
var address = []csvfile.Column{
	{Name: "store_id", Aliases: []string{"store_id"}, Optional: true},
	{Name: "attribute", Aliases: []string{"attribute"}, Optional: true},
	{Name: "value", Aliases: []string{"value"}, Optional: true},
}

// Sets returns the data sets in the order of loading: the small ones first.
func Sets() []Set {
	sets := []Set{
		{Name: HoursSet, Title: "opening hours", Stem: "menu_hours", Prefixes: `menu[ _-]hours|business[ _-]hours`,
			Merge: "a store is open when any of them has it open", Columns: []csvfile.Column{
				{Name: "store_id", Aliases: []string{"store_id"}},
				{Name: "dayOfWeek", Aliases: []string{"dayofweek", "day", "day_of_week"}},
				{Name: "start_time_local", Aliases: []string{"start_time_local"}},
				{Name: "end_time_local", Aliases: []string{"end_time_local"}},
				{Name: "valid_from", Aliases: []string{"valid_from"}, Optional: true},
				{Name: "valid_through", Aliases: []string{"valid_through"}, Optional: true},
			}},
		{Name: ZonesSet, Title: "time zones", Stem: "timezones", Prefixes: `timezones|bq[ _-]results`,
			Merge: "if a store has two zones, the first in alphabetical order counts", Columns: []csvfile.Column{
				{Name: "store_id", Aliases: []string{"store_id"}},
				{Name: "timezone_str", Aliases: []string{"timezone_str", "timezone"}},
			}},
		{Name: StoresSet, Title: "stores", Stem: "stores", Prefixes: `stores`, WholeWord: true, Attributes: true,
			Merge: "of two values of one attribute of a store the first in alphabetical order counts", Columns: []csvfile.Column{
				{Name: "store_id", Aliases: []string{"store_id"}},
				{Name: "name", Aliases: []string{"name", "store_name"}, Optional: true, FreeText: true},
				{Name: "opens_on", Aliases: []string{"opens_on"}, Optional: true},
				{Name: "closes_on", Aliases: []string{"closes_on"}, Optional: true},
			}},
		{Name: SpecialHoursSet, Title: "special hours", Stem: "special_hours", Prefixes: `special[ _-]hours|holiday[ _-]hours`, Addressed: true,
			Merge: "a store is open when any of them has it open, unless one has it closed", Columns: append(slices.Clone(address),
				csvfile.Column{Name: "date", Aliases: []string{"date", "start_date"}},
				csvfile.Column{Name: "date_through", Aliases: []string{"date_through", "end_date"}, Optional: true},
				csvfile.Column{Name: "closed", Aliases: []string{"closed", "is_closed"}, Optional: true},
				csvfile.Column{Name: "start_time_local", Aliases: []string{"start_time_local", "start_time", "open_time", "opens"}, Optional: true},
				csvfile.Column{Name: "end_time_local", Aliases: []string{"end_time_local", "end_time", "close_time", "closes"}, Optional: true},
				csvfile.Column{Name: "name", Aliases: []string{"name"}, Optional: true, FreeText: true},
			)},
		{Name: ClosuresSet, Title: "planned closures", Stem: "closures", Prefixes: `closures|planned[ _-]closures`, Addressed: true,
			Merge: "a store is closed when any of them has it closed", Columns: append(slices.Clone(address),
				csvfile.Column{Name: "starts_at", Aliases: []string{"starts_at"}, Optional: true},
				csvfile.Column{Name: "ends_at", Aliases: []string{"ends_at"}, Optional: true},
				csvfile.Column{Name: "start_local", Aliases: []string{"start_local"}, Optional: true},
				csvfile.Column{Name: "end_local", Aliases: []string{"end_local"}, Optional: true},
				csvfile.Column{Name: "reason", Aliases: []string{"reason"}, Optional: true, FreeText: true},
				csvfile.Column{Name: "announced_at", Aliases: []string{"announced_at"}, Optional: true},
			)},
		{Name: TargetsSet, Title: "targets", Stem: "targets", Prefixes: `targets`, Addressed: true,
			Merge: "of several targets of a store the highest counts", Columns: append(slices.Clone(address),
				csvfile.Column{Name: "target", Aliases: []string{"target"}},
				csvfile.Column{Name: "window", Aliases: []string{"window"}, Optional: true},
			)},
		{Name: StatusSet, Title: "status polls", Stem: "store_status", Prefixes: `store[ _-]status`, Columns: []csvfile.Column{
			{Name: "store_id", Aliases: []string{"store_id"}},
			{Name: "status", Aliases: []string{"status"}},
			{Name: "timestamp_utc", Aliases: []string{"timestamp_utc", "timestamp"}},
		}},
	}
	endings := strings.ReplaceAll(strings.Join(Suffixes(), "|"), ".", `\.`)
	for i := range sets {
		rest := ".*"
		if sets[i].WholeWord {
			rest = "(?:[^a-z].*)?"
		}
		sets[i].folders = regexp.MustCompile(`(?i)^(?:` + sets[i].Prefixes + `)` + rest + `$`)
		sets[i].files = regexp.MustCompile(`(?i)^(?:` + sets[i].Prefixes + `)` + rest + `(?:` + endings + `)$`)
	}
	return sets
}

// Columns are where a file has the columns of its set.
type Columns struct {
	Places []int // of each needed column; -1: the file lacks it

	// Other columns: attributes in a file of stores, and what is not read in one whose rows have addresses.
	Others     []string
	OtherPlace []int
}

// misnamed are headers that are nearly those of a set and may mean something else.
var misnamed = map[string]string{
	"valid_to": "valid_through", "valid_until": "valid_through", "valid_till": "valid_through",
}

// Locate finds the columns of the set in a header.
func (s Set) Locate(head csvfile.Header) (c Columns, err error) {
	if c.Places, err = head.Locate(s.Columns); err != nil {
		return c, err
	}
	if s.Addressed && c.Places[0] < 0 && (c.Places[1] < 0 || c.Places[2] < 0) {
		return c, fmt.Errorf("no column store_id in the header, nor both attribute and value: each row says whom it is for by one of them")
	}
	if s.Name == ClosuresSet && c.Places[3] < 0 && c.Places[5] < 0 {
		return c, fmt.Errorf("no column starts_at or start_local in the header: one of them says when a closure begins, in UTC or by the store's clock")
	}
	seen := map[string]string{}
	for i, name := range head.Names {
		if slices.Contains(c.Places, i) {
			continue
		}
		for wrong, right := range misnamed {
			if s.Name == HoursSet && csvfile.SameName(name, wrong) {
				return c, fmt.Errorf("column %q is not read: the last date on which hours are valid is in %s and counts itself; "+
					"rename the column if its dates are meant so, or give the date before each", name, right)
			}
		}
		if name == "" || !s.Attributes && !s.Addressed {
			continue
		}
		if other, twice := seen[csvfile.PlainName(name)]; twice && s.Attributes {
			return c, fmt.Errorf("columns %q and %q differ by case or separators only: rename one of them", other, name)
		}
		seen[csvfile.PlainName(name)] = name
		c.Others, c.OtherPlace = append(c.Others, name), append(c.OtherPlace, i)
	}
	if s.Attributes && len(c.Others) > MostAttributes {
		return c, fmt.Errorf("%d columns are attributes: at most %d are read; leave out what no report is grouped by", len(c.Others), MostAttributes)
	}
	return c, nil
}
