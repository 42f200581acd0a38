package analytics

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

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

// openCSV opens a CSV file, unpacked as its name says.
func openCSV(path string) (io.ReadCloser, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	unpacked, err := unpack(path, file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, file}, nil
}

func unpack(path string, packed io.Reader) (io.Reader, error) {
	switch {
	case hasSuffixFold(path, ".gz"):
		return gzip.NewReader(bufio.NewReaderSize(packed, 1<<18))
	case hasSuffixFold(path, ".zst"):
		reader, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return reader.IOReadCloser(), nil
	}
	return packed, nil
}

// readHeader reads the first row of a CSV file that is not blank.
func readHeader(path string) (header, error) {
	file, err := openCSV(path)
	if err != nil {
		return header{}, err
	}
	defer file.Close()
	row, err := newRowReader(file).next()
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
	return header{names: row.cells}, nil
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

// split takes the row apart and reads further lines while a quote that may span lines is open.
func (r *rowReader) split(row csvRow) (csvRow, error) {
	whole := row.raw
	var ahead []string
	for {
		var open int
		row.cells, open, row.fault, row.faultColumn = splitCells(whole, r.cells[:0])
		r.cells = row.cells
		if row.fault != faultUnclosed || r.single(open) {
			break
		}
		grown, lines, err := r.readAhead(whole)
		ahead = append(ahead, lines...)
		if err != nil {
			return csvRow{}, err
		}
		if grown == "" {
			break
		}
		whole = grown
	}
	if row.fault != "" {
		r.queue = append(ahead, r.queue...)
		r.line -= int64(len(ahead))
		return row, nil
	}
	row.raw = whole
	return row, nil
}

// readAhead appends lines up to and including the next that holds a quote; nothing when there is none
// within the bound.
func (r *rowReader) readAhead(whole string) (string, []string, error) {
	var lines []string
	var grown strings.Builder
	grown.WriteString(whole)
	for {
		line, err := r.nextLine()
		if errors.Is(err, io.EOF) {
			return "", lines, nil
		} else if err != nil {
			return "", lines, err
		}
		lines = append(lines, line)
		if grown.Len()+1+len(line) > maxRowBytes {
			return "", lines, nil
		}
		grown.WriteByte('\n')
		grown.WriteString(line)
		if strings.IndexByte(line, '"') >= 0 {
			return grown.String(), lines, nil
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

// splitCells takes one row apart. With an open quote at its end, open is that cell's place.
func splitCells(row string, cells []string) (_ []string, open int, fault string, faultColumn int) {
	rest := row
	for {
		place := len(cells)
		trimmed := strings.TrimLeft(rest, " \t")
		if trimmed == "" || trimmed[0] != '"' {
			cell, after, more := strings.Cut(rest, ",")
			if strings.IndexByte(cell, '"') >= 0 {
				return cells, 0, faultStray, place
			}
			cells = append(cells, strings.Trim(cell, " \t"))
			if !more {
				return cells, 0, "", -1
			}
			rest = after
			continue
		}
		value, after, closed := quotedCell(trimmed[1:])
		if !closed {
			return cells, place, faultUnclosed, place
		}
		cells = append(cells, strings.Trim(value, " \t"))
		after = strings.TrimLeft(after, " \t")
		if after == "" {
			return cells, 0, "", -1
		}
		if after[0] != ',' {
			return cells, 0, faultStray, place
		}
		rest = after[1:]
	}
}

// quotedCell reads up to the quote that closes; two in a row stand for one.
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
		return strings.ReplaceAll(rest[:i], `""`, `"`), rest[i+1:], true
	}
}
