package analytics

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
)

// maxRowBytes bounds what one row may hold, so that a file without line ends cannot fill memory.
const maxRowBytes = 1 << 20

// What may be wrong with the structure of a row.
const (
	faultFewer    = "fewer cells than the header"
	faultMore     = "more cells than the header"
	faultUnclosed = "quote that never closes"
	faultStray    = "quote in the wrong place"
	faultTooLong  = "row longer than 1 MiB"
	faultNotUTF8  = "not UTF-8"
)

// openCSV opens a CSV file, unpacked as its name says; its path may be another, that of a link's end.
func openCSV(ctx context.Context, path, name string) (io.ReadCloser, error) {
	file, err := openInput(ctx, path)
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

// errCutOff says that what a file holds ends before its own packing says so.
var errCutOff = errors.New("its compressed data is cut off: the rest of the file is missing")

func unpack(name string, packed io.Reader) (io.Reader, error) {
	switch {
	case hasSuffixFold(name, ".gz"):
		return gzip.NewReader(bufio.NewReaderSize(packed, 1<<18))
	case hasSuffixFold(name, ".zst"):
		reader, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return reader.IOReadCloser(), nil
	}
	return packed, nil
}

// csvRow is one row as it stands in the file. Its cells are valid until the next one is read.
type csvRow struct {
	line        int64 // the physical line it starts on, from 1
	raw         string
	cells       []string // without the blanks around them; with a fault, those before it
	fault       string   // of its structure
	faultColumn int      // the cell with the fault, -1: none in particular
}

// rowReader is the exact reading of CSV: RFC 4180 with LF and CRLF mixed at will, where every fault
// costs one row and no more. It exists because a fast reader may swallow thousands of rows for one
// open quote, and is used only for files in which something is wrong (docs/decisions/0003).
type rowReader struct {
	source *bufio.Reader
	line   int64          // of the last line handed out
	queue  []string       // lines read ahead for a quote that then did not close
	single func(int) bool // whether a value in this column cannot hold a line break
	begun  bool
	cells  []string
}

func newRowReader(source io.Reader) *rowReader {
	return &rowReader{source: bufio.NewReaderSize(source, 1<<18), single: func(int) bool { return false }}
}

// next returns the next row that is not blank, or io.EOF.
func (r *rowReader) next() (csvRow, error) {
	for {
		raw, err := r.nextLine()
		if err != nil {
			return csvRow{}, err
		}
		if strings.Trim(raw, " \t") == "" {
			continue
		}
		row := csvRow{line: r.line, raw: raw, faultColumn: -1}
		if len(raw) > maxRowBytes {
			row.raw, row.fault = raw[:maxRowBytes], faultTooLong
			return row, nil
		}
		return r.split(row)
	}
}

// split takes the row apart and reads further lines while a quote that may span lines is open. Each
// byte is looked at once: what stands before the open quote is not split again.
func (r *rowReader) split(row csvRow) (csvRow, error) {
	var open int
	var value string
	row.cells, open, value, row.fault, row.faultColumn = splitCells(row.raw, r.cells[:0])
	r.cells = row.cells
	if row.fault != faultUnclosed || r.single(open) {
		return row, nil
	}
	ahead, size := []string{row.raw}, len(row.raw)
	for row.fault == faultUnclosed && !r.single(open) {
		first := len(ahead)
		rest, err := r.closeQuote(&ahead, &size)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return csvRow{}, err
		}
		last := ahead[len(ahead)-1]
		lines := append(slices.Clone(ahead[first:len(ahead)-1]), last[:len(last)-len(rest)-1])
		value += "\n" + strings.Join(lines, "\n")
		row.cells = append(row.cells, unquoted(value))
		row.cells, open, value, row.fault, row.faultColumn = splitRest(rest, row.cells)
		r.cells = row.cells
	}
	if row.fault != "" { // it costs its first line; the others are read anew
		r.queue = append(ahead[1:], r.queue...)
		r.line -= int64(len(ahead) - 1)
		return row, nil
	}
	row.raw = strings.Join(ahead, "\n")
	return row, nil
}

// closeQuote reads lines up to the one in which an open quote closes, and returns what stands behind
// it there; io.EOF when none does within the bound.
func (r *rowReader) closeQuote(ahead *[]string, size *int) (rest string, err error) {
	for {
		line, err := r.nextLine()
		if err != nil {
			return "", err
		}
		*ahead = append(*ahead, line)
		if *size += 1 + len(line); *size > maxRowBytes {
			return "", io.EOF
		}
		if _, after, closed := quotedCell(line); closed {
			return after, nil
		}
	}
}

// nextLine returns a physical line without its end. One that is too long is cut behind the byte that
// makes it so.
func (r *rowReader) nextLine() (string, error) {
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
			if len(line) <= maxRowBytes+2 { // the line and its end
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
	return string(line[:min(len(line), maxRowBytes+1)]), nil
}

// splitCells takes a row apart. With an open quote at its end, open is that cell's place and value
// its text so far, as it stands in the file.
func splitCells(row string, cells []string) (_ []string, open int, value, fault string, faultColumn int) {
	rest := row
	for {
		place := len(cells)
		trimmed := strings.TrimLeft(rest, " \t")
		if trimmed == "" || trimmed[0] != '"' {
			cell, after, more := strings.Cut(rest, ",")
			if strings.IndexByte(cell, '"') >= 0 {
				return cells, 0, "", faultStray, place
			}
			cells = append(cells, strings.Trim(cell, " \t"))
			if !more {
				return cells, 0, "", "", -1
			}
			rest = after
			continue
		}
		quoted, after, closed := quotedCell(trimmed[1:])
		if !closed {
			return cells, place, trimmed[1:], faultUnclosed, place
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
func splitRest(rest string, cells []string) (_ []string, open int, value, fault string, faultColumn int) {
	rest = strings.TrimLeft(rest, " \t")
	switch {
	case rest == "":
		return cells, 0, "", "", -1
	case rest[0] != ',':
		return cells, 0, "", faultStray, len(cells) - 1
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
