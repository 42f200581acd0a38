package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"openhours/analytics/params"
	"openhours/analytics/pipeline"
)

// DiffQuery asks for the differences of one window, the largest change of downtime first.
type DiffQuery struct {
	Window        string
	Group         *AttributeValue // only the stores with it in b or, if b lacks them, in a; nil: all
	Only          string          // one of DiffKindNames; "": all
	Limit, Offset int
}

// diffKinds are what the differences can be limited to, with their conditions.
var diffKinds = []struct{ name, where string }{
	{"more_downtime", "b_down > a_down"},
	{"less_downtime", "b_down < a_down"},
	{"only_in_a", "change = 'only in a'"},
	{"only_in_b", "change = 'only in b'"},
}

// DiffKindNames are what the differences can be limited to.
func DiffKindNames() (names []string) {
	for _, kind := range diffKinds {
		names = append(names, kind.name)
	}
	return names
}

// DiffPage is a page of differences. The counts of each kind are of the group, whatever the page is limited to.
type DiffPage struct {
	Difference
	Total   int64 `json:"total"`
	Worse   int64 `json:"more_downtime"`
	Better  int64 `json:"less_downtime"`
	OnlyInA int64 `json:"only_in_a"`
	OnlyInB int64 `json:"only_in_b"`
}

// DiffPage compares one window of two finished reports of one folder.
func (r Reader) DiffPage(ctx context.Context, reports, a, b string, q DiffQuery) (DiffPage, error) {
	d, args, err := diffHead(reports, a, b)
	page := DiffPage{Difference: d}
	if err != nil {
		return page, err
	}
	changed, args, err := r.changedRows(reports, a, b, q.Group, args)
	if err != nil {
		return page, err
	}
	c, only := q.where()
	args = append(args, c.args...)
	changed = " FROM " + changed + c.String()
	counts := "SELECT count(*) FILTER (" + only + ")"
	for _, kind := range diffKinds {
		counts += ", count(*) FILTER (" + kind.where + ")"
	}
	if err := r.Engine.DB.QueryRowContext(ctx, counts+changed, args...).Scan(
		&page.Total, &page.Worse, &page.Better, &page.OnlyInA, &page.OnlyInB); err != nil {
		return page, fmt.Errorf("compare %s with %s: %w", a, b, err)
	}
	args = append(args, sql.Named("limit", q.Limit), sql.Named("offset", q.Offset))
	err = r.eachChange(ctx, "SELECT * EXCLUDE (value)"+changed+" AND "+only+largestFirst+" LIMIT $limit OFFSET $offset", args, page.add)
	return page, err
}

// where holds for the rows of the window and the group; only, for those of the kind asked for.
func (q DiffQuery) where() (c conditions, only string) {
	c.add("time_window = $window", sql.Named("window", q.Window))
	if q.Group != nil {
		c.add("value = $value", sql.Named("value", q.Group.Value))
	}
	for _, kind := range diffKinds {
		if kind.name == q.Only {
			return c, "(" + kind.where + ")"
		}
	}
	return c, "true"
}

// Check returns an error that begins with the name of the field that asks for what the reports do not have.
func (q DiffQuery) Check(a, b Manifest) error {
	if q.Only != "" && !slices.Contains(DiffKindNames(), q.Only) {
		return params.Errorf("only %q: must be one of %s", q.Only, strings.Join(DiffKindNames(), ", "))
	}
	if q.Group == nil {
		return nil
	}
	if err := pipeline.CheckAttribute(q.Group.Attribute, slices.Concat(b.Attributes, a.Attributes)); err != nil {
		return params.Errorf("attribute: %v", err)
	}
	return nil
}

const largestFirst = " ORDER BY abs(coalesce(b_down, 0) - coalesce(a_down, 0)) DESC, store_id"
