package csvfile

import (
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"openhours/analytics/storage"
)

// Inspection is the result of one pass over a file's bytes, concurrent with the engine's scan.
type Inspection struct {
	storage.Digest       // of the file as stored, compressed or not
	Rows           int64 // data rows of a plain CSV file
	Plain          bool  // a fast reader cannot misread the file: see Inspect
	Quoted         bool  // it has quotes
}

// Inspect reads a CSV file once. The file is plain if it has one kind of line ending, no blank line, no
// line that is too long, no quotes other than around a cell and doubled in it, no line break in them, no
// NUL, only UTF-8, and exactly as many commas outside quotes as its rows must have. Then every line is a
// row, which proves the fast reader's count.
func Inspect(ctx context.Context, path, name string, columns int) (Inspection, error) {
	file, err := storage.Open(ctx, path)
	if err != nil {
		return Inspection{}, err
	}
	defer file.Close()
	through := storage.NewHasher(storage.NewContextReader(ctx, file))
	unpacked, err := unpack(name, through)
	if err != nil {
		return Inspection{}, err
	}
	var lines lineCounts
	buffer := make([]byte, inspectBytes)
	for {
		n, err := readBlock(unpacked, buffer)
		lines.add(buffer[:n])
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return Inspection{}, err
		}
	}
	// bytes after the compressed data still belong to the file's hash
	if _, err := io.Copy(io.Discard, through); err != nil {
		return Inspection{}, err
	}
	result := Inspection{Digest: through.Digest()}
	result.Rows, result.Plain = lines.plainRows(columns)
	result.Quoted = lines.quoted
	return result, nil
}

// readBlock fills the buffer unless the source ends first. Unlike io.ReadFull it distinguishes the end of
// the source from the io.ErrUnexpectedEOF with which a decompressor reports truncated input.
func readBlock(source io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var more int
		more, err = source.Read(buffer[n:])
		n += more
	}
	return n, err
}

// inspectBytes is the size of a block: small enough that all checks of a block find it in the processor's
// cache, and smaller than the longest row.
const inspectBytes = 1 << 18

// lineCounts holds the counts that decide whether a file is plain, summed over its blocks.
type lineCounts struct {
	feeds, crlf, returns, commas int64
	odd                          bool   // a misplaced quote, a NUL, a blank line, a line too long, or invalid UTF-8
	quoted                       bool   // there are quotes
	inQuotes                     bool   // in a quoted cell
	afterQuote                   bool   // after a quote in a quoted cell, which closes it or is one of two
	open                         int    // bytes since the last line feed
	tail                         []byte // an incomplete character at the end of the previous block
	last                         byte
	any                          bool
}

func (c *lineCounts) add(block []byte) {
	if len(block) == 0 {
		return
	}
	if !c.any && (block[0] == '\n' || block[0] == '\r') {
		c.odd = true
	}
	c.checkQuotes(block)
	c.any = true
	first, last := bytes.IndexByte(block, '\n'), bytes.LastIndexByte(block, '\n')
	if first < 0 {
		c.open += len(block)
	} else {
		c.odd = c.odd || c.open+first > MaxRowBytes
		c.open = len(block) - last - 1
	}
	c.odd = c.odd || c.open > MaxRowBytes
	c.feeds += int64(bytes.Count(block, []byte{'\n'}))
	c.returns += int64(bytes.Count(block, []byte{'\r'}))
	c.commas += int64(bytes.Count(block, []byte{','}))
	if c.returns > 0 {
		c.crlf += int64(bytes.Count(block, []byte("\r\n")))
		if c.last == '\r' && block[0] == '\n' {
			c.crlf++
		}
		c.odd = c.odd || bytes.Contains(block, []byte("\n\r"))
	}
	c.odd = c.odd || bytes.IndexByte(block, 0) >= 0 ||
		bytes.Contains(block, []byte("\n\n")) ||
		c.last == '\n' && (block[0] == '\n' || block[0] == '\r')
	c.last = block[len(block)-1]
	c.checkUTF8(block)
}

// checkQuotes checks the quotes of a block and takes the commas between them off the count. A quoted cell lies in one line:
// it begins after a comma or a line feed, and a comma or a line end follows it.
func (c *lineCounts) checkQuotes(block []byte) {
	for i := 0; !c.odd; {
		if c.afterQuote && i < len(block) {
			c.afterQuote = false
			switch block[i] {
			case '"':
				i++
			case ',', '\n', '\r':
				c.inQuotes = false
			default:
				c.odd = true
			}
		}
		text, found := block[i:], false
		if n := bytes.IndexByte(text, '"'); n >= 0 {
			text, found = text[:n], true
		}
		if c.inQuotes {
			c.commas -= int64(bytes.Count(text, []byte{','}))
			c.odd = c.odd || bytes.IndexByte(text, '\n') >= 0
		}
		if !found {
			return
		}
		if i += len(text); c.inQuotes {
			c.afterQuote = true
		} else {
			before := c.last
			if i > 0 {
				before = block[i-1]
			}
			c.odd = c.odd || before != ',' && before != '\n' && (c.any || i > 0)
			c.quoted, c.inQuotes = true, true
		}
		i++
	}
}

// checkUTF8 checks a block. It keeps a character split by the end of the block for the next one.
func (c *lineCounts) checkUTF8(block []byte) {
	if len(c.tail) > 0 {
		for len(c.tail) < utf8.UTFMax && !utf8.FullRune(c.tail) && len(block) > 0 {
			c.tail, block = append(c.tail, block[0]), block[1:]
		}
		if !utf8.FullRune(c.tail) {
			return
		}
		c.odd = c.odd || !utf8.Valid(c.tail)
		c.tail = c.tail[:0]
	}
	cut := len(block)
	for back := 1; back < utf8.UTFMax && back <= len(block); back++ {
		if b := block[len(block)-back]; utf8.RuneStart(b) {
			if !utf8.FullRune(block[len(block)-back:]) {
				cut = len(block) - back
			}
			break
		}
	}
	c.odd = c.odd || !utf8.Valid(block[:cut])
	c.tail = append(c.tail, block[cut:]...)
}

// plainRows returns the number of data rows and whether the file is plain, so that the number is exact.
func (c *lineCounts) plainRows(columns int) (int64, bool) {
	lines := c.feeds
	if c.any && c.last != '\n' {
		lines++
	}
	plain := c.any && !c.odd && len(c.tail) == 0 && c.inQuotes == c.afterQuote &&
		c.returns == c.crlf && (c.crlf == 0 || c.crlf == c.feeds) &&
		c.commas == lines*int64(columns-1)
	return lines - 1, plain
}
