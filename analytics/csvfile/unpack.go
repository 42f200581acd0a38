package csvfile

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"openhours/analytics/storage"
)

// Limits of compressed files. A file of a few bytes can ask for a buffer of gigabytes, or unpack to
// terabytes.
const (
	// maxWindowBytes limits the buffer that a zstd file asks for. The levels up to 19 ask for 8 MiB at most; only
	// --long and level 22 exceed the limit, for files of more than 64 MiB.
	maxWindowBytes = 64 << 20
	// maxRatio limits how much larger than itself a file unpacks, beyond freeBytes. Files of polls reach 10 to 40.
	maxRatio  = 200
	freeBytes = 64 << 20
)

var (
	errCutOff  = errors.New("its compressed data is cut off: the rest of the file is missing")
	errTooWide = fmt.Errorf("it needs a zstd window of more than %d MiB, or is damaged: pack it again, without --long", maxWindowBytes>>20)
	errBomb    = fmt.Errorf("it unpacks to more than %d times its size: if its rows are right, upload it unpacked or in several files", maxRatio)
)

func unpack(name string, packed io.Reader) (io.Reader, error) {
	counted := &countingReader{Reader: packed}
	switch {
	case storage.HasSuffixFold(name, ".gz"):
		reader, err := gzip.NewReader(bufio.NewReaderSize(counted, 1<<18))
		if err != nil {
			return nil, fmt.Errorf("it is not compressed with gzip, as its name says: pack it, or drop .gz from the name (%w)", err)
		}
		return &unpacker{Reader: reader, packed: counted, format: "gzip"}, nil
	case storage.HasSuffixFold(name, ".zst"):
		reader, err := zstd.NewReader(counted, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindowBytes))
		if err != nil {
			return nil, err
		}
		return &unpacker{Reader: reader.IOReadCloser(), packed: counted, format: "zstd"}, nil
	}
	return packed, nil
}

// countingReader counts the bytes that were read.
type countingReader struct {
	io.Reader
	bytes int64
}

func (c *countingReader) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	c.bytes += int64(n)
	return n, err
}

// unpacker ends with an error where a file unpacks to too much, and says of an error while unpacking what it
// means.
type unpacker struct {
	io.Reader
	packed   *countingReader
	unpacked int64
	format   string
}

func (u *unpacker) Read(into []byte) (int, error) {
	n, err := u.Reader.Read(into)
	u.unpacked += int64(n)
	switch {
	case u.unpacked > max(freeBytes, maxRatio*u.packed.bytes):
		return 0, errBomb
	case err == nil, errors.Is(err, io.EOF):
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = errCutOff
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		err = errTooWide
	case errors.Is(err, zstd.ErrMagicMismatch):
		err = errors.New("it is not compressed with zstd, as its name says: pack it, or drop .zst from the name")
	default:
		err = fmt.Errorf("its compressed data is damaged: pack it again (%s: %w)", u.format, err)
	}
	return n, err
}
