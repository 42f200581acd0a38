package input

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

// examples are rows of each set, with a cell for each of its columns. One store has all of them, so that the templates
// together make a report.
var examples = map[string][][]string{
	StatusSet: {{"1042", "active", "2024-10-14 10:02:11 UTC"}, {"1042", "inactive", "2024-10-14 11:01:48 UTC"}},
	HoursSet:  {{"1042", "0", "09:00:00", "22:30:00", "", ""}, {"1042", "4", "18:00", "02:00", "2024-10-01", "2025-03-31"}},
	ZonesSet:  {{"1042", "America/New_York"}},
	StoresSet: {{"1042", "Mill Street", "2019-03-01", "2029-12-31"}},
	SpecialHoursSet: {{"1042", "", "", "2024-12-24", "", "no", "09:00", "14:00", "Christmas Eve"},
		{"", "city", "Boston", "2024-12-25", "2024-12-26", "yes", "", "", "Christmas"}},
	ClosuresSet: {{"1042", "", "", "", "", "2024-11-04", "2024-11-08", "new kitchen", "2024-10-01"},
		{"", "city", "Boston", "2024-11-20 14:00:00 UTC", "2024-11-20 16:00:00 UTC", "", "", "power works", ""}},
	TargetsSet: {{"*", "", "", "98", ""}, {"", "city", "Boston", "99.5", "last_week"}},
}

// exampleAttributes are columns that a set may have besides its own, with their cells in the first row.
var exampleAttributes = map[string][2][]string{StoresSet: {{"brand", "city"}, {"Alder Grill", "Boston"}}}

// Example returns the header and the rows of the set's template.
func (s Set) Example() (header []string, rows [][]string) {
	for _, c := range s.Columns {
		header = append(header, c.Name)
	}
	more := exampleAttributes[s.Name]
	header = append(header, more[0]...)
	for i, row := range examples[s.Name] {
		if i == 0 {
			row = append(row[:len(row):len(row)], more[1]...)
		}
		rows = append(rows, row)
	}
	return header, rows
}

// Template returns a CSV file of the set with its header and a few rows.
func (s Set) Template() ([]byte, error) {
	header, rows := s.Example()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(append([][]string{header}, rows...)); err != nil {
		return nil, fmt.Errorf("template of %s: %w", s.Name, err)
	}
	return b.Bytes(), nil
}
