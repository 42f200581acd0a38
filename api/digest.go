package api

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/dunglas/httpsfv"
	"github.com/gofiber/fiber/v2"
)

// Headers of RFC 9530. Bodies have no content coding here, so both are about the same bytes.
const (
	contentDigest = "Content-Digest"
	reprDigest    = "Repr-Digest"
)

// digest is a hash of the body that a request declares.
type digest struct {
	header, algorithm string
	want              []byte
	sum               hash.Hash
}

// sentDigests reads the digests of a request. Algorithms other than SHA-256 and SHA-512 are ignored, as the RFC
// requires.
func sentDigests(c *fiber.Ctx) (list []digest, err error) {
	for _, header := range []string{contentDigest, reprDigest} {
		var lines []string
		for _, line := range c.Request().Header.PeekAll(header) {
			lines = append(lines, string(line))
		}
		if len(lines) == 0 {
			continue
		}
		given, err := httpsfv.UnmarshalDictionary(lines)
		if err != nil {
			return nil, invalid(header, "want a structured dictionary of digests, such as sha-256=:BASE64:")
		}
		for _, d := range []digest{{header, "sha-256", nil, sha256.New()}, {header, "sha-512", nil, sha512.New()}} {
			member, found := given.Get(d.algorithm)
			if !found {
				continue
			}
			item, _ := member.(httpsfv.Item)
			d.want, _ = item.Value.([]byte)
			if len(d.want) != d.sum.Size() {
				return nil, invalid(header, fmt.Sprintf("%s: want the %d bytes of the digest between colons, such as %s=:BASE64:",
					d.algorithm, d.sum.Size(), d.algorithm))
			}
			list = append(list, d)
		}
	}
	return list, nil
}

// check compares the digest with that of the bytes that arrived.
func (d digest) check() error {
	if got := d.sum.Sum(nil); !bytes.Equal(got, d.want) {
		return invalid(d.header, fmt.Sprintf("the body that arrived has %s=%s; nothing of it counts", d.algorithm, byteSequence(got)))
	}
	return nil
}

// byteSequence writes bytes as a structured field does.
func byteSequence(b []byte) string { return ":" + base64.StdEncoding.EncodeToString(b) + ":" }

// setReprDigest adds the digest of a file whose SHA-256 is known in hexadecimal.
func setReprDigest(c *fiber.Ctx, sha256Hex string) {
	if sum, err := hex.DecodeString(sha256Hex); err == nil && len(sum) == sha256.Size {
		c.Set(reprDigest, "sha-256="+byteSequence(sum))
	}
}
