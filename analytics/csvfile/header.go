package csvfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Column is a column that a set needs: its name in the definition, and its aliases in lower case.
type Column struct {
	Name    string
	Aliases []string
}

// Header is the first non-blank row of a CSV file.
type Header struct {
	Names []string
}

// Locate returns the index of every needed column. It fails if a column is missing or there are two of it.
func (h Header) Locate(columns []Column) ([]int, error) {
	places := make([]int, len(columns))
	for i, c := range columns {
		places[i] = -1
		for j, name := range h.Names {
			if !slices.Contains(c.Aliases, strings.ToLower(name)) {
				continue
			}
			if places[i] >= 0 {
				return nil, fmt.Errorf("columns %q and %q both mean %s: only one may be there",
					h.Names[places[i]], name, c.Name)
			}
			places[i] = j
		}
		if places[i] < 0 && slices.ContainsFunc(h.Names, func(name string) bool { return strings.Contains(name, "\r") }) {
			return nil, errors.New("its lines end with CR alone: end them with LF or CRLF")
		}
		if places[i] < 0 {
			others := slices.DeleteFunc(slices.Clone(c.Aliases), func(alias string) bool { return strings.EqualFold(alias, c.Name) })
			also := ""
			if len(others) > 0 {
				also = " (also known as " + strings.Join(others, ", ") + ")"
			}
			return nil, fmt.Errorf("no column %s%s in the header: %s", c.Name, also, shortened(strings.Join(h.Names, ",")))
		}
	}
	return places, nil
}

// shortened limits how much of a file an error message quotes.
func shortened(text string) string {
	const most = 300
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + " …"
}

// ReadHeader reads the first non-blank row of a CSV file.
func ReadHeader(ctx context.Context, path, name string) (Header, error) {
	file, err := Open(ctx, path, name)
	if err != nil {
		return Header{}, err
	}
	defer file.Close()
	rows := NewRowReader(file)
	row, err := rows.Next()
	if errors.Is(err, io.EOF) {
		return Header{}, errors.New("the file is empty: its first line must name the columns")
	} else if err != nil {
		return Header{}, err
	}
	if row.Fault != "" {
		return Header{}, fmt.Errorf("line %d, the header: %s", row.Line, row.Fault)
	}
	if !utf8.ValidString(row.Raw) {
		return Header{}, fmt.Errorf("line %d, the header: %s", row.Line, faultNotUTF8)
	}
	return Header{Names: slices.Clone(row.Cells)}, nil
}
