package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"openhours/analytics/params"
)

// slowestBody is how many bytes per second of a body must arrive, after Limits.Grace.
const slowestBody = 16 << 10

// body reads the body of a request. It ends with io.EOF only where the end that the request declared was seen: what
// a lost connection left of it is an error, as is a body that is too long, too slow or other than its digest.
type body struct {
	request  *fasthttp.RequestCtx
	source   io.Reader
	declared int64 // bytes; negative: chunked
	read     int64
	most     int64
	start    time.Time
	grace    time.Duration
	digests  []digest
}

// openBody returns the body of a request, which may have at most so many bytes.
func (s *Server) openBody(c *fiber.Ctx, most int64) (*body, error) {
	digests, err := sentDigests(c)
	if err != nil {
		return nil, err
	}
	b := &body{request: c.Context(), source: c.Context().RequestBodyStream(), declared: int64(c.Request().Header.ContentLength()),
		most: most, start: time.Now(), grace: s.o.Limits.Grace, digests: digests}
	if b.source == nil { // the request has no body, or a test made it
		b.source = bytes.NewReader(c.Body())
		b.declared = int64(len(c.Body()))
	}
	if b.declared > most {
		return nil, tooLarge(most)
	}
	return b, nil
}

func (b *body) Read(p []byte) (int, error) {
	deadline := b.start.Add(b.grace + time.Duration(b.read/slowestBody)*time.Second)
	if err := b.request.SetReadDeadline(deadline); err != nil && !errors.Is(err, fasthttp.ErrNilConnection) {
		return 0, fmt.Errorf("set a deadline for the body: %w", err)
	}
	n, err := b.source.Read(p)
	b.read += int64(n)
	for _, d := range b.digests {
		d.sum.Write(p[:n])
	}
	switch {
	case b.read > b.most:
		return 0, tooLarge(b.most)
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF) && !time.Now().Before(deadline):
		return 0, &Problem{Status: fiber.StatusRequestTimeout, Title: "Request timeout",
			Detail: fmt.Sprintf("the body came too slowly: %d bytes in %s", b.read, params.FormatSeconds(time.Since(b.start).Seconds()))}
	case !errors.Is(err, io.EOF):
		return 0, invalid("body", fmt.Sprintf("it ends or is malformed after %d bytes; nothing of it counts", b.read))
	case b.declared >= 0 && b.read < b.declared:
		return 0, invalid("body", fmt.Sprintf("it ends after %d of %d bytes; nothing of it counts", b.read, b.declared))
	}
	for _, d := range b.digests {
		if err := d.check(); err != nil {
			return 0, err
		}
	}
	return n, io.EOF
}

// limitedBody reads a whole body, or fails if it is too large.
func (s *Server) limitedBody(c *fiber.Ctx, most int64) ([]byte, error) {
	b, err := s.openBody(c, most)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(b)
}

func tooLarge(most int64) error {
	return &Problem{Status: fiber.StatusRequestEntityTooLarge, Title: "Too large", Detail: fmt.Sprintf("the limit is %d bytes", most)}
}
