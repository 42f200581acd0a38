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
	if !utf8.Valid(row.raw) {
		return header{}, fmt.Errorf("line %d, the header: %s", row.line, faultNotUTF8)
	}
	return header{names: row.cells}, nil
}

// csvRow is one row as it stands in the file. Its slices are valid until the next one is read.
type csvRow struct {
	line        int64 // the physical line it starts on, from 1
	raw         []byte
	cells       []string // without the blanks around them
	fault       string   // of its structure; the cells then mean nothing
	faultColumn int      // the cell with the fault, -1: none in particular
}

// rowReader is the exact reading of CSV: RFC 4180 with LF and CRLF mixed at will, where every fault
// costs one row and no more. It exists because a fast reader may swallow thousands of rows for one
// open quote, and is used only for files in which something is wrong (docs/decisions/0003).
type rowReader struct {
	source *bufio.Reader
	line   int64          // of the last line handed out
	queue  [][]byte       // lines read ahead for a quote that then did not close
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
		raw, tooLong, err := r.nextLine()
		if err != nil {
			return csvRow{}, err
		}
		if len(bytes.Trim(raw, " \t")) == 0 {
			continue
		}
		row := csvRow{line: r.line, raw: raw, faultColumn: -1}
		if tooLong {
			row.fault = faultTooLong
			return row, nil
		}
		return r.split(row)
	}
}

// split takes the row apart and reads further lines while a quote that may span lines is open.
func (r *rowReader) split(row csvRow) (csvRow, error) {
	whole := row.raw
	var ahead [][]byte
	for {
		var open int
		row.cells, open, row.fault, row.faultColumn = splitCells(whole, r.cells[:0])
		r.cells = row.cells
		if row.fault != faultUnclosed || r.single(open) {
			break
		}
		if len(ahead) == 0 { // the line lies in the buffer that reading on overwrites
			row.raw = bytes.Clone(row.raw)
			whole = row.raw
		}
		grown, lines, err := r.readAhead(whole)
		ahead = append(ahead, lines...)
		if err != nil {
			return csvRow{}, err
		}
		if grown == nil {
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

// readAhead appends lines up to and including the next that holds a quote; nil when there is none
// within the bound.
func (r *rowReader) readAhead(whole []byte) ([]byte, [][]byte, error) {
	var lines [][]byte
	grown := bytes.Clone(whole)
	for len(grown) <= maxRowBytes {
		line, tooLong, err := r.nextLine()
		if errors.Is(err, io.EOF) {
			return nil, lines, nil
		} else if err != nil {
			return nil, lines, err
		}
		line = bytes.Clone(line)
		lines = append(lines, line)
		if tooLong {
			break
		}
		grown = append(append(grown, '\n'), line...)
		if bytes.IndexByte(line, '"') >= 0 {
			return grown, lines, nil
		}
	}
	return nil, lines, nil
}

// nextLine returns a physical line without its end, cut at maxRowBytes.
func (r *rowReader) nextLine() (line []byte, tooLong bool, err error) {
	if len(r.queue) > 0 {
		line, r.queue = r.queue[0], r.queue[1:]
		r.line++
		return line, len(line) >= maxRowBytes, nil
	}
	line, err = r.source.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line = bytes.Clone(line)
		for errors.Is(err, bufio.ErrBufferFull) {
			var more []byte
			more, err = r.source.ReadSlice('\n')
			if len(line) < maxRowBytes {
				line = append(line, more...)
			}
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	if len(line) == 0 {
		return nil, false, io.EOF
	}
	if !r.begun {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
		r.begun = true
	}
	r.line++
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if len(line) > maxRowBytes {
		return line[:maxRowBytes], true, nil
	}
	return line, false, nil
}

// splitCells takes one row apart. With an open quote at its end, open is that cell's place.
func splitCells(row []byte, cells []string) (_ []string, open int, fault string, faultColumn int) {
	rest := row
	for {
		place := len(cells)
		trimmed := bytes.TrimLeft(rest, " \t")
		if len(trimmed) == 0 || trimmed[0] != '"' {
			cell, after, more := bytes.Cut(rest, []byte{','})
			if bytes.IndexByte(cell, '"') >= 0 {
				return cells, 0, faultStray, place
			}
			cells = append(cells, string(bytes.Trim(cell, " \t")))
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
		after = bytes.TrimLeft(after, " \t")
		if len(after) == 0 {
			return cells, 0, "", -1
		}
		if after[0] != ',' {
			return cells, 0, faultStray, place
		}
		rest = after[1:]
	}
}

// quotedCell reads up to the quote that closes; two in a row stand for one.
func quotedCell(rest []byte) (value string, after []byte, closed bool) {
	var b strings.Builder
	for {
		i := bytes.IndexByte(rest, '"')
		if i < 0 {
			return "", nil, false
		}
		b.Write(rest[:i])
		if i+1 < len(rest) && rest[i+1] == '"' {
			b.WriteByte('"')
			rest = rest[i+2:]
			continue
		}
		return b.String(), rest[i+1:], true
	}
}
