package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
)

// Digest is the size of a file and its SHA-256 in hexadecimal.
type Digest struct {
	SHA256 string
	Bytes  int64
}

// Hasher is a reader that counts and hashes the bytes read through it.
type Hasher struct {
	source io.Reader
	sum    hash.Hash
	bytes  int64
}

// NewHasher returns a Hasher that reads from source.
func NewHasher(source io.Reader) *Hasher { return &Hasher{source: source, sum: sha256.New()} }

func (h *Hasher) Read(p []byte) (int, error) {
	n, err := h.source.Read(p)
	h.sum.Write(p[:n])
	h.bytes += int64(n)
	return n, err
}

func (h *Hasher) Digest() Digest {
	return Digest{SHA256: hex.EncodeToString(h.sum.Sum(nil)), Bytes: h.bytes}
}

// HashFile returns the digest of a local file.
func HashFile(ctx context.Context, path string) (Digest, error) {
	file, err := os.Open(path)
	if err != nil {
		return Digest{}, err
	}
	defer file.Close()
	through := NewHasher(NewContextReader(ctx, file))
	if _, err := io.CopyBuffer(io.Discard, through, make([]byte, 1<<20)); err != nil {
		return Digest{}, err
	}
	return through.Digest(), nil
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx    context.Context
	source io.Reader
}

// NewContextReader returns a reader that fails once the context has ended.
func NewContextReader(ctx context.Context, source io.Reader) io.Reader {
	return contextReader{ctx, source}
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.source.Read(p)
}
