package ingest

import (
	"fmt"
	"slices"

	"openhours/analytics/engine"
	"openhours/analytics/input"
)

// SetInfo describes a data set to somebody who has files to bring.
type SetInfo struct {
	Set        string       `json:"set"`
	Title      string       `json:"title"`
	File       string       `json:"file"`       // the usual name
	Required   bool         `json:"required"`   // no report without it
	Addressed  bool         `json:"addressed"`  // a row is for a store, for the stores with a value of an attribute, or for all
	Attributes bool         `json:"attributes"` // every other column is an attribute
	Template   string       `json:"template"`   // its path
	Columns    []ColumnInfo `json:"columns"`
}

// ColumnInfo describes a column of a data set.
type ColumnInfo struct {
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases"`
	Required bool     `json:"required"`
	Meaning  string   `json:"meaning"`
	Example  string   `json:"example"`
}

// Sets describes the data sets, the one that a report needs first: names from package input, meanings from the headers
// of the models that read them.
func (d *Folder) Sets() ([]SetInfo, error) {
	var list []SetInfo
	for _, name := range SetNames() {
		set := setNamed(name)
		text, err := d.Engines.DuckDB.ReadSQL("duckdb/" + name + "_source.sql")
		if err != nil {
			return nil, err
		}
		meanings := engine.ParseModelHeader(text, func(string) bool { return false }).Input
		if len(meanings) != len(set.Columns) {
			return nil, fmt.Errorf("%s: %d columns are described, of %d", name, len(meanings), len(set.Columns))
		}
		info := SetInfo{Set: name, Title: set.Title, File: set.Stem + ".csv", Required: name == input.StatusSet,
			Addressed: set.Addressed, Attributes: set.Attributes, Template: "/api/v1/data/sets/" + name + "/template.csv"}
		_, rows := set.Example()
		for i, c := range set.Columns {
			info.Columns = append(info.Columns, ColumnInfo{Name: c.Name, Aliases: c.OtherNames(), Required: !c.Optional,
				Meaning: meanings[i].Text, Example: firstCell(rows, i)})
		}
		list = append(list, info)
	}
	return list, nil
}

// Template returns an example file of a set and its usual name; no name if there is no such set.
func (d *Folder) Template(name string) (file string, text []byte, err error) {
	if !slices.Contains(SetNames(), name) {
		return "", nil, nil
	}
	set := setNamed(name)
	text, err = set.Template()
	return set.Stem + ".csv", text, err
}

func setNamed(name string) input.Set {
	sets := input.Sets()
	return sets[slices.IndexFunc(sets, func(s input.Set) bool { return s.Name == name })]
}

func firstCell(rows [][]string, column int) string {
	for _, row := range rows {
		if row[column] != "" {
			return row[column]
		}
	}
	return ""
}
