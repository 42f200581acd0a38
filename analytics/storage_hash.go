package analytics

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
)

// hashing counts and hashes what passes through.
type hashing struct {
	source io.Reader
	sum    hash.Hash
	bytes  int64
}

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.source.Read(p)
	h.sum.Write(p[:n])
	h.bytes += int64(n)
	return n, err
}

func (h *hashing) result() inspection {
	return inspection{sha256: hex.EncodeToString(h.sum.Sum(nil)), bytes: h.bytes}
}

// hashFile is the inspection of a file of which only the hash matters.
func hashFile(ctx context.Context, path string) (inspection, error) {
	file, err := os.Open(path)
	if err != nil {
		return inspection{}, err
	}
	defer file.Close()
	through := &hashing{source: contextReader{ctx, file}, sum: sha256.New()}
	if _, err := io.CopyBuffer(io.Discard, through, make([]byte, 1<<20)); err != nil {
		return inspection{}, err
	}
	return through.result(), nil
}

// contextReader ends a long read when its context ends.
type contextReader struct {
	ctx    context.Context
	source io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.source.Read(p)
}
