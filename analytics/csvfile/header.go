package csvfile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"openhours/analytics/storage"
	"slices"
	"strings"
	"unicode/utf8"
)

// Column is a column that a set reads: its name in the definition, and its aliases in lower case.
type Column struct {
	Name     string
	Aliases  []string
	Optional bool // a file may lack it: all its cells are empty then
	FreeText bool // a value may have several lines
}

// matches reports whether a header is the name of the column, in any case, with or without a blank, `_` or `-`
// between words: storeId, store_id and Store ID are the same name.
func (c Column) matches(header string) bool {
	return slices.ContainsFunc(c.Aliases, func(alias string) bool { return SameName(alias, header) })
}

// OtherNames are the aliases that are no other spelling of the name.
func (c Column) OtherNames() []string {
	return slices.DeleteFunc(slices.Clone(c.Aliases), func(alias string) bool { return SameName(alias, c.Name) })
}

var wordSeparators = strings.NewReplacer(" ", "", "_", "", "-", "")

// SameName reports whether two headers are the same name.
func SameName(a, b string) bool { return PlainName(a) == PlainName(b) }

// PlainName is a header without what may differ.
func PlainName(name string) string { return wordSeparators.Replace(strings.ToLower(name)) }

// Header is the first non-blank row of a CSV file.
type Header struct {
	Names []string
}

// Locate returns the index of every column, -1 for a missing optional one. It fails if another is missing, or if
// there are two of one.
func (h Header) Locate(columns []Column) ([]int, error) {
	places := make([]int, len(columns))
	var missing []string
	for i, c := range columns {
		places[i] = -1
		for j, name := range h.Names {
			if !c.matches(name) {
				continue
			}
			if places[i] >= 0 {
				return nil, fmt.Errorf("columns %q and %q both mean %s: only one may be there",
					h.Names[places[i]], name, c.Name)
			}
			places[i] = j
		}
		if places[i] < 0 && !c.Optional {
			also := ""
			if others := c.OtherNames(); len(others) > 0 {
				also = " (also known as " + strings.Join(others, ", ") + ")"
			}
			missing = append(missing, c.Name+also)
		}
	}
	if len(missing) == 0 {
		return places, nil
	}
	if cure := h.cure(columns); cure != "" {
		return nil, errors.New(cure)
	}
	return nil, fmt.Errorf("no column %s in the header: %s", strings.Join(missing, ", "), shortened(strings.Join(h.Names, ",")))
}

const endsWithCR = "its lines end with CR alone: end them with LF or CRLF"

// cure names what is wrong with the form of a whole file whose header lacks columns; "" if nothing is.
func (h Header) cure(columns []Column) string {
	if slices.ContainsFunc(h.Names, func(name string) bool { return strings.Contains(name, "\r") }) {
		return endsWithCR
	}
	for _, separator := range Separators {
		if len(h.Names) == 1 && strings.Contains(h.Names[0], separator) {
			return otherSeparator(separator)
		}
		names := strings.Split(strings.Join(h.Names, ","), separator)
		for i := range names {
			names[i] = strings.Trim(names[i], " \t\"")
		}
		if (Header{names}).hasAll(columns) {
			return otherSeparator(separator)
		}
	}
	return ""
}

// Separators are what some programs write between values in place of a comma.
var Separators = []string{";", "\t", "|"}

func otherSeparator(separator string) string {
	return fmt.Sprintf("the separator looks like %q: write a comma between values", separator)
}

func (h Header) hasAll(columns []Column) bool {
	return !slices.ContainsFunc(columns, func(c Column) bool { return !c.Optional && !slices.ContainsFunc(h.Names, c.matches) })
}

// shortened limits how much of a file an error message quotes.
func shortened(text string) string {
	const most = 300
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + " …"
}

// Limits of a header. Every column, needed or not, costs DuckDB memory for each block of rows.
const (
	maxHeaderBytes = 64 << 10
	maxColumns     = 1000
)

// tooLarge says what limit a header exceeds, and what would be right; "" if none.
func tooLarge(row Row) string {
	switch {
	case len(row.Raw) > maxHeaderBytes && strings.Contains(row.Raw[:maxHeaderBytes], "\r"):
		return endsWithCR
	case len(row.Raw) > maxHeaderBytes:
		return fmt.Sprintf("line %d, the header: longer than %d KiB: the first line must hold the names of the columns and nothing else", row.Line, maxHeaderBytes>>10)
	case len(row.Cells) > maxColumns:
		return fmt.Sprintf("line %d, the header: %d columns, more than the %d that are read: write only those that are needed", row.Line, len(row.Cells), maxColumns)
	}
	return ""
}

// ReadHeader reads the first non-blank row of a CSV file.
func ReadHeader(ctx context.Context, path, name string) (Header, error) {
	file, err := Open(ctx, path, name)
	if err != nil {
		return Header{}, err
	}
	defer file.Close()
	start := bufio.NewReader(file)
	if head, err := start.Peek(512); err == nil || errors.Is(err, io.EOF) {
		if fault := foreignFormat(head); fault != "" {
			return Header{}, errors.New(fault)
		}
	}
	rows := NewRowReader(start)
	row, err := rows.Next()
	if errors.Is(err, io.EOF) {
		return Header{}, errors.New("the file is empty: its first line must name the columns")
	} else if err != nil {
		return Header{}, err
	}
	if fault := tooLarge(row); fault != "" {
		return Header{}, errors.New(fault)
	}
	if row.Fault != "" && !strings.Contains(row.Raw, ",") {
		for _, separator := range Separators {
			if strings.Contains(row.Raw, separator) {
				return Header{}, errors.New(otherSeparator(separator))
			}
		}
	}
	if row.Fault != "" {
		return Header{}, fmt.Errorf("line %d, the header: %s", row.Line, row.Fault)
	}
	if !utf8.ValidString(row.Raw) {
		return Header{}, fmt.Errorf("line %d, the header: %s", row.Line, faultNotUTF8)
	}
	return Header{Names: slices.Clone(row.Cells)}, nil
}

// ForeignFormat says what a file is by its first bytes, and what to do, if it is none that its name may mean: a
// pointer, an archive or a web page; "" otherwise.
func ForeignFormat(ctx context.Context, path string) string {
	file, err := storage.Open(ctx, path)
	if err != nil {
		return ""
	}
	defer file.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(file, head) // a short file is no error here
	if head = head[:n]; bytes.HasPrefix(head, []byte("PAR1")) || bytes.HasPrefix(head, []byte("\x1f\x8b")) || bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")) {
		return ""
	}
	return foreignFormat(head)
}

// foreignFormat says what a file is that has the name of a CSV file and is none, and what to do; "" if it may be
// one.
func foreignFormat(head []byte) string {
	has := func(start string) bool { return bytes.HasPrefix(head, []byte(start)) }
	lower := bytes.ToLower(bytes.TrimLeft(head, " \t\r\n\ufeff"))
	switch {
	case has("\xff\xfe"), has("\xfe\xff"), len(head) > 3 && (head[0] == 0) != (head[1] == 0) && (head[2] == 0) != (head[3] == 0):
		return "it is UTF-16: save it as UTF-8 (in Excel: CSV UTF-8)"
	case has("PK\x03\x04"):
		return "it is an Excel workbook or a zip file: save the sheet as CSV UTF-8, or unpack it"
	case has("\xd0\xcf\x11\xe0"):
		return "it is an old Excel workbook: save the sheet as CSV UTF-8"
	case has("PAR1"):
		return "it is a Parquet file: give it a name that ends with .parquet"
	case has("\x1f\x8b"):
		return "it is compressed with gzip: give it a name that ends with .csv.gz"
	case has("\x28\xb5\x2f\xfd"):
		return "it is compressed with zstd: give it a name that ends with .csv.zst"
	case has("version https://git-lfs"):
		return "it is a pointer of Git LFS and not the file itself: run `git lfs pull`"
	case bytes.HasPrefix(lower, []byte("<!doctype")), bytes.HasPrefix(lower, []byte("<html")), bytes.HasPrefix(lower, []byte("<?xml")):
		return "it is a web page or XML, perhaps an error of the site that it was downloaded from"
	}
	return ""
}
