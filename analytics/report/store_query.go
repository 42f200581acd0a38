package report

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"openhours/analytics/engine"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// StoreQuery asks for some of the stores of a finished report.
type StoreQuery struct {
	Window     string
	Sort       string // one of SortColumns
	Descending bool
	Search     string           // part of an id, a name or the value of an attribute, in any case; or several ids; "": all
	Zone       string           // "": all
	Status     string           // one of StoreStatuses; "": all
	Of         []AttributeValue // all of them hold
	Verdict    string           // one of Verdicts; "": all
	Limit      int
	Offset     int
}

// SortColumns are what stores can be sorted by: the columns of report.parquet that have an order, those of their targets,
// since when they are down, and how well they match the search.
func SortColumns() []string {
	return []string{"store_id", "name", "timezone", "open_seconds", "uptime_seconds", "downtime_seconds", "unknown_seconds",
		"planned_seconds", "uptime_min_seconds", "uptime_max_seconds", "covered_seconds", "uptime_ratio", "observations", "outages", "longest_outage_seconds",
		"target", "verdict", "budget_left_seconds", "down_since", "match"}
}

// StoreStatus is what stores can be picked by.
type StoreStatus struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	About string `json:"about"`
	where string
}

// StoreStatuses are in the order of the page's menu. Those of down and down_and_open are of as_of, whatever the window.
func StoreStatuses() []StoreStatus {
	return []StoreStatus{
		{"down_and_open", "Down now", "down and open at as_of", "down_until = make_timestamptz($as_of)"},
		{"down", "Down when last open", "no open time lies between the outage and as_of", "down_since IS NOT NULL"},
		{"down_whole", "Down throughout", "down in all its open time in the window", "open_seconds > 0 AND downtime_seconds = open_seconds"},
		{"outage", "With an outage", "at least one outage in the window", "outages > 0"},
		{"unknown", "All unknown", "open in the window with nothing known", "open_seconds > 0 AND unknown_seconds = open_seconds"},
		{"planned", "With a planned closure", "a planned closure takes open time of the window away", "planned_seconds > 0"},
		{"closed", "Never open", "not open in the window", "open_seconds = 0"},
	}
}

// StatusNames are those of StoreStatuses.
func StatusNames() (names []string) {
	for _, s := range StoreStatuses() {
		names = append(names, s.Name)
	}
	return names
}

// Verdicts are those of targets.parquet, best first.
func Verdicts() []string { return []string{"met", "likely_met", "unknown", "likely_missed", "missed"} }

// Check returns an error that begins with the name of the field that asks for what a report does not have.
func (q StoreQuery) Check(m Manifest) error {
	switch {
	case !slices.Contains(SortColumns(), q.Sort):
		return params.Errorf("sort %q: must be one of %s", q.Sort, strings.Join(SortColumns(), ", "))
	case q.Status != "" && !slices.Contains(StatusNames(), q.Status):
		return params.Errorf("status %q: must be one of %s", q.Status, strings.Join(StatusNames(), ", "))
	case q.Verdict != "" && !slices.Contains(Verdicts(), q.Verdict):
		return params.Errorf("verdict %q: must be one of %s", q.Verdict, strings.Join(Verdicts(), ", "))
	case q.Verdict != "" && len(m.Targets) == 0:
		return params.Errorf("verdict %q: no store of the report has a target", q.Verdict)
	}
	for _, one := range q.Of {
		if err := pipeline.CheckAttribute(one.Attribute, m.Attributes); err != nil {
			return params.Errorf("attribute: %v", err)
		}
	}
	return nil
}

// AttributeColumns are the columns of attributes in stores.parquet, and their names in a StoreRow.
func AttributeColumns(attributes []pipeline.Attribute) []string {
	columns := slices.Clone(storesColumns)
	for _, a := range attributes {
		columns = append(columns, columnOf(a.Attribute, columns))
	}
	return columns[len(storesColumns):]
}

// hasText finds the text of a search, in any case.
const hasText = "(contains(lower(store_id), lower($search)) OR contains(words, lower($search)))"

// idList are the ids of a JSON array.
const idList = "SELECT unnest(CAST(CAST($ids AS JSON) AS VARCHAR[]))"

// conditions collects what rows must fulfil. Their text is never that of a user.
type conditions struct {
	all  []string
	args []any
}

func (c *conditions) add(condition string, args ...any) {
	c.all, c.args = append(c.all, "("+condition+")"), append(c.args, args...)
}

// AttributeValue is what the stores of a group have in common. An empty value is that of the stores without one.
type AttributeValue struct{ Attribute, Value string }

// columnIn is the place of the attribute in a row of stores.parquet, as a JSON pointer.
func (a *AttributeValue) columnIn(m Manifest) (pointer string, found bool) {
	if a == nil {
		return "", false
	}
	i := slices.IndexFunc(m.Attributes, func(one pipeline.Attribute) bool { return one.Attribute == a.Attribute })
	if i < 0 {
		return "", false
	}
	return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(AttributeColumns(m.Attributes)[i]), true
}

// addAttribute holds for the stores with a value, or without any if it is empty.
func (c *conditions) addAttribute(m Manifest, attribute, value string) {
	pointer, _ := (&AttributeValue{attribute, value}).columnIn(m)
	name := fmt.Sprintf("attribute_%d", len(c.args))
	c.add("coalesce(json_extract_string(details, $"+name+"), '') = $"+name+"_value", sql.Named(name, pointer), sql.Named(name+"_value", value))
}

func (c conditions) String() string { return " WHERE " + strings.Join(c.all, " AND ") }

// where holds for the rows of measured that are asked for.
func (q StoreQuery) where(m Manifest) (c conditions, err error) {
	c.add("time_window = $window", sql.Named("window", q.Window))
	if q.Zone != "" {
		c.add("timezone = $zone", sql.Named("zone", q.Zone))
	}
	if i := slices.Index(StatusNames(), q.Status); i >= 0 {
		c.add(StoreStatuses()[i].where)
	}
	if q.Status == "down_and_open" {
		us, err := params.ParseInstant(m.AsOf)
		if err != nil {
			return c, err
		}
		c.args = append(c.args, sql.Named("as_of", us))
	}
	for _, one := range q.Of {
		c.addAttribute(m, one.Attribute, one.Value)
	}
	if q.Verdict != "" {
		c.add("verdict = $verdict", sql.Named("verdict", q.Verdict))
	}
	asked := parseSearch(q.Search)
	if asked.text == "" {
		return c, nil
	}
	matches := hasText
	c.args = append(c.args, sql.Named("search", asked.text))
	if asked.pasted != nil {
		ids, err := json.Marshal(asked.ids())
		if err != nil {
			return c, err
		}
		matches += " OR store_id IN (" + idList + ")"
		c.args = append(c.args, sql.Named("ids", string(ids)))
	}
	c.add(matches)
	return c, nil
}

// order sorts the rows, those without a value last.
func (q StoreQuery) order() string {
	by, direction := q.Sort, "ASC"
	switch {
	case by == "verdict": // by their order, not their names
		by = "list_position(['" + strings.Join(Verdicts(), "', '") + "'], verdict)"
	case by == "match" && parseSearch(q.Search).text == "":
		by = "store_id"
	case by == "match":
		by = `CASE WHEN lower(store_id) = lower($search) THEN 0 WHEN starts_with(lower(store_id), lower($search)) THEN 1
			WHEN starts_with(lower(name), lower($search)) THEN 2 WHEN contains(lower(name), lower($search)) THEN 3
			WHEN contains(lower(store_id), lower($search)) THEN 4 ELSE 5 END`
	}
	if q.Descending {
		direction = "DESC"
	}
	return fmt.Sprintf(" ORDER BY %s %s NULLS LAST, store_id", by, direction)
}

// wholeRow is an alias of stores.parquet that is the whole row, unless an attribute has this name.
const wholeRow = `"row of stores.parquet"`

// measured are the rows of a report with what its other files have on their stores and windows. Reports of earlier
// releases lack some columns.
func measured(folder string) (relation string, args []any, err error) {
	file := func(name string) string { return filepath.Join(folder, name) }
	args = []any{sql.Named("report", engine.FilePattern(file("report.parquet"))), sql.Named("outages", engine.FilePattern(file("outages.parquet")))}
	stores := "SELECT '' AS store_id, '' AS name, '' AS details, '' AS words WHERE false"
	targets := "SELECT '' AS store_id, '' AS time_window, 0.0 AS target, '' AS verdict, 0.0 AS budget_left_seconds WHERE false"
	for _, optional := range []struct {
		name, argument, text string
		relation             *string
	}{
		{StoresFile, "stores", "SELECT store_id, name, CAST(to_json(" + wholeRow + `) AS VARCHAR) AS details,
			lower(concat_ws(chr(10), *COLUMNS(* EXCLUDE (timezone)))) AS words FROM read_parquet($stores) AS ` + wholeRow, &stores},
		{TargetsFile, "targets", "SELECT store_id, time_window, target, verdict, budget_left_seconds FROM read_parquet($targets) WHERE store_id IS NOT NULL", &targets},
	} {
		if _, err := os.Stat(file(optional.name)); err == nil {
			*optional.relation = optional.text
			args = append(args, sql.Named(optional.argument, engine.FilePattern(file(optional.name))))
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", nil, err
		}
	}
	return `(SELECT r.*, s.name, s.details, s.words, t.target, t.verdict, t.budget_left_seconds, o.down_since, o.down_until
		FROM (SELECT * FROM read_parquet($report, file_row_number = true) UNION ALL BY NAME SELECT CAST(NULL AS DOUBLE) AS planned_seconds WHERE false) AS r
		LEFT JOIN (` + stores + `) AS s ON s.store_id = r.store_id
		LEFT JOIN (` + targets + `) AS t ON t.store_id = r.store_id AND t.time_window = r.time_window
		LEFT JOIN (SELECT store_id, max(started_at) AS down_since, max(ended_at) AS down_until
			FROM read_parquet($outages) WHERE ongoing GROUP BY store_id) AS o ON o.store_id = r.store_id)`, args, nil
}
