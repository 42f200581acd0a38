// Package csvfile takes the bytes of CSV files apart: headers, rows with their faults, and the inspection
// that proves a file plain. It does not judge values and does not know DuckDB.
package csvfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"openhours/analytics/storage"
)

// MaxRowBytes bounds what one row may hold, so that a file without line ends cannot fill memory.
const MaxRowBytes = 1 << 20

// What may be wrong with the structure of a row.
const (
	FaultTooFewCells  = "fewer cells than the header"
	FaultTooManyCells = "more cells than the header"
	faultUnclosed     = "quote that never closes"
	faultStray        = "quote in the wrong place"
	faultTooLong      = "row longer than 1 MiB"
	faultNotUTF8      = "not UTF-8"
)

// Open opens a CSV file, decompressed as its name requires; path may be the target of a link.
func Open(ctx context.Context, path, name string) (io.ReadCloser, error) {
	file, err := storage.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	unpacked, err := unpack(name, file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, file}, nil
}

// errCutOff is returned when compressed data ends early.
var errCutOff = errors.New("its compressed data is cut off: the rest of the file is missing")

func unpack(name string, packed io.Reader) (io.Reader, error) {
	switch {
	case storage.HasSuffixFold(name, ".gz"):
		return gzip.NewReader(bufio.NewReaderSize(packed, 1<<18))
	case storage.HasSuffixFold(name, ".zst"):
		reader, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return reader.IOReadCloser(), nil
	}
	return packed, nil
}

// Row is one row as it stands in the file. Its cells are valid until the next one is read.
type Row struct {
	Line      int64 // the physical line it starts on, from 1
	Raw       string
	Cells     []string // without the blanks around them; with a fault, those before it
	Fault     string   // of its structure
	FaultCell int      // the cell with the fault, -1: none in particular
}

// RowReader is the exact reading of CSV: RFC 4180 with LF and CRLF mixed at will, where every fault
// costs one row and no more. It exists because a fast reader may swallow thousands of rows for one
// open quote, and is used only for files in which something is wrong (docs/decisions/0003).
type RowReader struct {
	source     *bufio.Reader
	line       int64          // of the last line handed out
	queue      []string       // lines read ahead for a quote that then did not close
	SingleLine func(int) bool // whether a value in this column cannot hold a line break
	begun      bool
	cells      []string
}

func NewRowReader(source io.Reader) *RowReader {
	return &RowReader{source: bufio.NewReaderSize(source, 1<<18), SingleLine: func(int) bool { return false }}
}

// Next returns the next row that is not blank, or io.EOF.
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

// split takes the row apart and reads further lines while a quote that may span lines is open. Each
// byte is inspected once: what precedes the open quote is not split again.
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
	if row.Fault != "" { // it costs its first line; the others are read again
		r.queue = append(ahead[1:], r.queue...)
		r.line -= int64(len(ahead) - 1)
		return row, nil
	}
	row.Raw = strings.Join(ahead, "\n")
	return row, nil
}

// closeQuote reads lines up to the one in which an open quote closes, and returns what stands behind
// it there; io.EOF when none does within the bound.
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

// nextLine returns a physical line without its end. One that is too long is cut behind the byte that
// makes it so.
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
			if len(line) <= MaxRowBytes+2 { // the line and its end
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

// splitRow is a row taken apart.
type splitRow struct {
	cells     []string
	fault     string // with a fault, cells are those before it
	faultCell int    // the cell with the fault, -1: none
	open      string // of a quote that is open at the end of the row: the value so far, as it stands in the file
}

// splitCells appends the cells of a row.
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

// splitRest goes on behind a quote that has closed.
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

// quotedCell reads up to the quote that closes; two in a row stand for one and close nothing.
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

// unquoted is the value of a quoted cell.
func unquoted(value string) string {
	return strings.Trim(strings.ReplaceAll(value, `""`, `"`), " \t")
}
