package analytics

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
)

// digest is the size of a file and its SHA-256 in hexadecimal.
type digest struct {
	sha256 string
	bytes  int64
}

// hashing counts and hashes what passes through.
type hashing struct {
	source io.Reader
	sum    hash.Hash
	bytes  int64
}

// newHashing returns a reader that hashes what is read through it.
func newHashing(source io.Reader) *hashing { return &hashing{source: source, sum: sha256.New()} }

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.source.Read(p)
	h.sum.Write(p[:n])
	h.bytes += int64(n)
	return n, err
}

func (h *hashing) result() digest {
	return digest{sha256: hex.EncodeToString(h.sum.Sum(nil)), bytes: h.bytes}
}

// hashFile reads a local file to its end.
func hashFile(ctx context.Context, path string) (digest, error) {
	file, err := os.Open(path)
	if err != nil {
		return digest{}, err
	}
	defer file.Close()
	through := newHashing(newContextReader(ctx, file))
	if _, err := io.CopyBuffer(io.Discard, through, make([]byte, 1<<20)); err != nil {
		return digest{}, err
	}
	return through.result(), nil
}

// contextReader ends a long read when its context ends.
type contextReader struct {
	ctx    context.Context
	source io.Reader
}

// newContextReader wraps a reader so that reading ends with the context.
func newContextReader(ctx context.Context, source io.Reader) io.Reader {
	return contextReader{ctx, source}
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.source.Read(p)
}
