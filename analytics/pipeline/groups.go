package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"openhours/analytics/csvfile"
	"openhours/analytics/engine"
	"openhours/analytics/params"
)

// Attribute is an attribute that some store of the report has a value for.
type Attribute struct {
	Attribute string `json:"attribute"` // the header as written
	Values    int64  `json:"values"`    // distinct ones
	Grouped   bool   `json:"grouped"`   // they are few enough for groups
}

// Attributes returns those of the stores of the report, once the models have run.
func (r *Run) Attributes(ctx context.Context) (all []Attribute, err error) {
	rows, err := r.Backend.Querier().QueryContext(ctx, "SELECT attribute, value_count, makes_groups FROM group_attributes ORDER BY attribute")
	if err != nil {
		return nil, fmt.Errorf("list the attributes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a Attribute
		if err := rows.Scan(&a.Attribute, &a.Values, &a.Grouped); err != nil {
			return nil, fmt.Errorf("list the attributes: %w", err)
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

// checkGroup refuses a misspelt attribute before the models run.
func (r *Run) checkGroup(ctx context.Context) error {
	if r.group == "" {
		return nil
	}
	names, err := engine.QueryStrings(ctx, r.Backend.Querier(), "SELECT DISTINCT attribute FROM stores_rows WHERE detail = 'attribute' ORDER BY attribute")
	if err != nil {
		return fmt.Errorf("list the attributes: %w", err)
	}
	var all []Attribute
	for _, name := range names {
		all = append(all, Attribute{Attribute: name, Grouped: true})
	}
	return CheckGroups(r.group, all)
}

// CheckGroups returns an error that says which attributes there are if the one asked for makes no groups.
func CheckGroups(asked string, attributes []Attribute) error {
	var grouped []string
	for _, a := range attributes {
		if a.Grouped {
			grouped = append(grouped, a.Attribute)
		}
	}
	if slices.Contains(grouped, asked) {
		return nil
	}
	choice := "no attribute makes groups"
	if len(grouped) > 0 {
		choice = "must be one of " + strings.Join(grouped, ", ")
	}
	if len(attributes) == 0 {
		return errNoAttribute
	}
	if asked == "" {
		return params.Errorf("missing: %s", choice)
	}
	for _, a := range attributes {
		if a.Attribute == asked {
			return params.Errorf("%s has %d values, too many for groups: %s", asked, a.Values, choice)
		}
	}
	return unknownAttribute(asked, attributes, choice)
}

var errNoAttribute = params.Errorf("no store of the report has an attribute: these are further columns of a stores file, such as a brand or a region")

// CheckAttribute returns an error that says which attributes there are if the one asked for is none of them.
func CheckAttribute(asked string, attributes []Attribute) error {
	if len(attributes) == 0 {
		return errNoAttribute
	}
	var names []string
	for _, a := range attributes {
		names = append(names, a.Attribute)
	}
	if slices.Contains(names, asked) {
		return nil
	}
	return unknownAttribute(asked, attributes, "must be one of "+strings.Join(names, ", "))
}

func unknownAttribute(asked string, attributes []Attribute, choice string) error {
	for _, a := range attributes {
		if csvfile.SameName(a.Attribute, asked) {
			return params.Errorf("no store of the report has the attribute %s (did you mean %s?): %s", asked, a.Attribute, choice)
		}
	}
	return params.Errorf("no store of the report has the attribute %s: %s", asked, choice)
}
