package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/limiter"
)

// scope is what a route asks of a token.
type scope string

const (
	open     scope = "" // for everybody
	reading  scope = "read"
	changing scope = "write"
)

// authorize lets a request pass whose token has the route's scope. Without any tokens all pass.
func (s *Server) authorize(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals("pattern", r.path)
		if r.scope == open || len(s.o.ReadTokens)+len(s.o.WriteTokens) == 0 {
			return c.Next()
		}
		given, isBearer := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
		mayChange := hasToken(s.o.WriteTokens, given)
		mayRead := hasToken(s.o.ReadTokens, given) || mayChange
		switch {
		case !isBearer || !mayRead:
			c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="openhours"`)
			return &Problem{Status: fiber.StatusUnauthorized, Title: "Token required", Detail: "send the header Authorization: Bearer TOKEN with a token of this server"}
		case r.scope == changing && !mayChange:
			return &Problem{Status: fiber.StatusForbidden, Title: "Read-only token", Detail: "this request needs a write token"}
		}
		return c.Next()
	}
}

// hasToken compares with every token, and takes as long for each of them.
func hasToken(tokens []string, given string) bool {
	found := 0
	sum := sha256.Sum256([]byte(given))
	for _, token := range tokens {
		want := sha256.Sum256([]byte(token))
		found |= subtle.ConstantTimeCompare(sum[:], want[:])
	}
	return found == 1
}

// limiter bounds the requests of one address, where a rate is set.
func (o Options) limiter() fiber.Handler {
	if o.Rate <= 0 {
		return func(c *fiber.Ctx) error { return c.Next() }
	}
	return limiter.New(limiter.Config{Max: o.Rate, Expiration: time.Second,
		Next: func(c *fiber.Ctx) bool { // a page takes its files all at once, and they cost nothing
			return strings.HasPrefix(c.Path(), "/app/") || strings.HasPrefix(c.Path(), "/vendor/")
		},
		LimitReached: func(*fiber.Ctx) error {
			return &Problem{Status: fiber.StatusTooManyRequests, Title: "Too many requests", Detail: "retry after a second"}
		}})
}
