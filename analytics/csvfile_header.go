package analytics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// column is one column that a set needs, by the definition's name and its aliases in lower case.
type column struct {
	name    string
	aliases []string
}

// header is the first row of a CSV file that is not blank.
type header struct {
	names []string
}

// columnsOf finds the place of every column that is needed. A column that is missing, or there
// twice, is an error that names it.
func (h header) columnsOf(columns []column) ([]int, error) {
	places := make([]int, len(columns))
	for i, c := range columns {
		places[i] = -1
		for j, name := range h.names {
			if !slices.Contains(c.aliases, strings.ToLower(name)) {
				continue
			}
			if places[i] >= 0 {
				return nil, fmt.Errorf("columns %q and %q both mean %s: only one may be there",
					h.names[places[i]], name, c.name)
			}
			places[i] = j
		}
		if places[i] < 0 && slices.ContainsFunc(h.names, func(name string) bool { return strings.Contains(name, "\r") }) {
			return nil, errors.New("its lines end with CR alone: end them with LF or CRLF")
		}
		if places[i] < 0 {
			others := slices.DeleteFunc(slices.Clone(c.aliases), func(alias string) bool { return strings.EqualFold(alias, c.name) })
			also := ""
			if len(others) > 0 {
				also = " (also known as " + strings.Join(others, ", ") + ")"
			}
			return nil, fmt.Errorf("no column %s%s in the header: %s", c.name, also, shortened(strings.Join(h.names, ",")))
		}
	}
	return places, nil
}

// shortened bounds what a message shows of a file.
func shortened(text string) string {
	const most = 300
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + " …"
}

// readHeader reads the first row of a CSV file that is not blank.
func readHeader(ctx context.Context, path, name string) (header, error) {
	file, err := openCSV(ctx, path, name)
	if err != nil {
		return header{}, err
	}
	defer file.Close()
	rows := newRowReader(file)
	row, err := rows.next()
	if errors.Is(err, io.EOF) {
		return header{}, errors.New("the file is empty: its first line must name the columns")
	} else if err != nil {
		return header{}, err
	}
	if row.fault != "" {
		return header{}, fmt.Errorf("line %d, the header: %s", row.line, row.fault)
	}
	if !utf8.ValidString(row.raw) {
		return header{}, fmt.Errorf("line %d, the header: %s", row.line, faultNotUTF8)
	}
	return header{names: slices.Clone(row.cells)}, nil
}
