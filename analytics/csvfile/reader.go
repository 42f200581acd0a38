// Package csvfile parses the bytes of CSV files: headers, rows with their faults, and the inspection that
// proves a file plain. It does not judge values and is independent of DuckDB.
package csvfile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"openhours/analytics/storage"
)

// MaxRowBytes limits the size of a row, so that a file without line ends cannot fill memory.
const MaxRowBytes = 1 << 20

// Structural faults of a row.
const (
	FaultTooFewCells  = "fewer cells than the header"
	FaultTooManyCells = "more cells than the header"
	faultUnclosed     = "quote that never closes"
	faultStray        = "quote in the wrong place"
	faultTooLong      = "row longer than 1 MiB"
	faultNotUTF8      = "not UTF-8"
)

// Open opens a CSV file and decompresses it according to its name. The name of path may differ: it may be
// the target of a link.
func Open(ctx context.Context, path, name string) (io.ReadCloser, error) {
	file, err := storage.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	unpacked, err := unpack(name, file)
	if err != nil {
		if what := ForeignFormat(ctx, path); what != "" {
			err = errors.New(what)
		}
		return nil, errors.Join(err, file.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, file}, nil
}

// Row is a row as written in the file. Its cells are valid until the next row is read.
type Row struct {
	Line      int64 // the physical line it starts on, from 1
	Raw       string
	Cells     []string // trimmed of blanks; in a row with a fault, the cells before it
	Fault     string   // structural; "": none
	FaultCell int      // index of the cell with the fault; -1: no particular cell
}

// RowReader reads CSV exactly: RFC 4180 with any mix of LF and CRLF, where every fault costs exactly one
// row. A fast reader may swallow thousands of rows because of one unclosed quote. RowReader is slower and
// is used only for files that are not plain (docs/decisions/0003).
type RowReader struct {
	source     *bufio.Reader
	line       int64          // number of the last line returned
	queue      []string       // lines read ahead for a quote that turned out never to close
	SingleLine func(int) bool // reports whether values of a column cannot contain a line break
	begun      bool
	cells      []string
}

func NewRowReader(source io.Reader) *RowReader {
	return &RowReader{source: bufio.NewReaderSize(source, 1<<18), SingleLine: func(int) bool { return false }}
}

// Next returns the next non-blank row, or io.EOF.
func (r *RowReader) Next() (Row, error) {
	for {
		raw, err := r.nextLine()
		if err != nil {
			return Row{}, err
		}
		if strings.Trim(raw, " \t") == "" {
			continue
		}
		row := Row{Line: r.line, Raw: raw, FaultCell: -1}
		if len(raw) > MaxRowBytes {
			row.Raw, row.Fault = raw[:MaxRowBytes], faultTooLong
			return row, nil
		}
		return r.split(row)
	}
}

// split splits the row into cells. It reads further lines while a quote is open that may span lines. Each
// byte is inspected once: the cells before the open quote are not split again.
func (r *RowReader) split(row Row) (Row, error) {
	parts := splitCells(row.Raw, r.cells[:0])
	ahead, size := []string{row.Raw}, len(row.Raw)
	for parts.fault == faultUnclosed && !r.SingleLine(parts.faultCell) {
		first := len(ahead)
		rest, err := r.closeQuote(&ahead, &size)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return Row{}, err
		}
		last := ahead[len(ahead)-1]
		lines := append(slices.Clone(ahead[first:len(ahead)-1]), last[:len(last)-len(rest)-1])
		value := parts.open + "\n" + strings.Join(lines, "\n")
		parts = splitRest(rest, append(parts.cells, unquoted(value)))
	}
	r.cells = parts.cells
	row.Cells, row.Fault, row.FaultCell = parts.cells, parts.fault, parts.faultCell
	if row.Fault != "" { // an unclosed quote costs its first line only; read the others again
		r.queue = append(ahead[1:], r.queue...)
		r.line -= int64(len(ahead) - 1)
		return row, nil
	}
	row.Raw = strings.Join(ahead, "\n")
	return row, nil
}

// closeQuote reads lines up to the one that closes the quote and returns the rest of that line. It returns
// io.EOF if none does within MaxRowBytes.
func (r *RowReader) closeQuote(ahead *[]string, size *int) (rest string, err error) {
	for {
		line, err := r.nextLine()
		if err != nil {
			return "", err
		}
		*ahead = append(*ahead, line)
		if *size += 1 + len(line); *size > MaxRowBytes {
			return "", io.EOF
		}
		if _, after, closed := quotedCell(line); closed {
			return after, nil
		}
	}
}

// nextLine returns the next physical line without its line ending. It truncates a line that is too long to
// MaxRowBytes+1.
func (r *RowReader) nextLine() (string, error) {
	if len(r.queue) > 0 {
		line := r.queue[0]
		r.queue = r.queue[1:]
		r.line++
		return line, nil
	}
	line, err := r.source.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line = bytes.Clone(line)
		for errors.Is(err, bufio.ErrBufferFull) {
			var more []byte
			more, err = r.source.ReadSlice('\n')
			if len(line) <= MaxRowBytes+2 { // the line and its ending
				line = append(line, more...)
			}
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if len(line) == 0 {
		return "", io.EOF
	}
	if !r.begun {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
		r.begun = true
	}
	r.line++
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	return string(line[:min(len(line), MaxRowBytes+1)]), nil
}

// splitRow is a row split into cells.
type splitRow struct {
	cells     []string
	fault     string // if not "", cells are those before it
	faultCell int    // index of the cell with the fault; -1: none
	open      string // the value so far, as written in the file, of a quote still open at the end of the row
}

// splitCells splits a row and appends its cells to cells.
func splitCells(row string, cells []string) splitRow {
	rest := row
	for {
		place := len(cells)
		trimmed := strings.TrimLeft(rest, " \t")
		if trimmed == "" || trimmed[0] != '"' {
			cell, after, more := strings.Cut(rest, ",")
			if strings.IndexByte(cell, '"') >= 0 {
				return splitRow{cells: cells, fault: faultStray, faultCell: place}
			}
			cells = append(cells, strings.Trim(cell, " \t"))
			if !more {
				return splitRow{cells: cells, faultCell: -1}
			}
			rest = after
			continue
		}
		quoted, after, closed := quotedCell(trimmed[1:])
		if !closed {
			return splitRow{cells: cells, fault: faultUnclosed, faultCell: place, open: trimmed[1:]}
		}
		cells = append(cells, unquoted(quoted))
		after = strings.TrimLeft(after, " \t")
		if !strings.HasPrefix(after, ",") {
			return splitRest(after, cells)
		}
		rest = after[1:]
	}
}

// splitRest continues after a closing quote.
func splitRest(rest string, cells []string) splitRow {
	rest = strings.TrimLeft(rest, " \t")
	switch {
	case rest == "":
		return splitRow{cells: cells, faultCell: -1}
	case rest[0] != ',':
		return splitRow{cells: cells, fault: faultStray, faultCell: len(cells) - 1}
	}
	return splitCells(rest[1:], cells)
}

// quotedCell returns the value up to the closing quote, and what follows it. Two quotes in a row stand for
// one and close nothing.
func quotedCell(rest string) (value, after string, closed bool) {
	for from := 0; ; {
		i := strings.IndexByte(rest[from:], '"')
		if i < 0 {
			return "", "", false
		}
		i += from
		if i+1 < len(rest) && rest[i+1] == '"' {
			from = i + 2
			continue
		}
		return rest[:i], rest[i+1:], true
	}
}

// unquoted returns the value of a quoted cell.
func unquoted(value string) string {
	return strings.Trim(strings.ReplaceAll(value, `""`, `"`), " \t")
}
