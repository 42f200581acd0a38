package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strconv"
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

// rights are what the token of a request allows.
type rights struct{ read, change bool }

// rightsOf are those of the token of a request, or else of its session. Without any tokens everybody may do everything.
func (s *Server) rightsOf(c *fiber.Ctx) rights {
	if !s.hasTokens() {
		return rights{true, true}
	}
	if given, isBearer := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer "); isBearer {
		return s.rightsOfToken(given)
	}
	if c.Get(fiber.HeaderAuthorization) != "" {
		return rights{}
	}
	return s.sessionRights(c)
}

func (s *Server) rightsOfToken(given string) rights {
	change := hasToken(s.o.WriteTokens, given)
	return rights{hasToken(s.o.ReadTokens, given) || change, change}
}

// signIn returns the rights of a request, or how long its address must wait because it has given too many wrong
// tokens. A right one does not help then: it may be a guess. A session is none: whoever is signed in stays so.
func (s *Server) signIn(c *fiber.Ctx) (has rights, wait time.Duration) {
	has = s.rightsOf(c)
	if !s.hasTokens() || c.Get(fiber.HeaderAuthorization) == "" {
		return has, 0
	}
	return s.counted(c, has)
}

// tryToken is signIn for a token that comes in a body.
func (s *Server) tryToken(c *fiber.Ctx, token string) (has rights, wait time.Duration) {
	return s.counted(c, s.rightsOfToken(token))
}

// counted counts a failure against the address of a request.
func (s *Server) counted(c *fiber.Ctx, has rights) (rights, time.Duration) {
	from, now := household(s.client(c)), s.o.Now()
	if wait := s.signIns.wait(from, now); wait > 0 {
		return rights{}, wait
	}
	if !has.read {
		s.signIns.fail(from, now)
		s.o.Log.Warn("sign-in failed", s.whoAsks(c, "method", c.Method(), "path", c.Path())...)
	}
	return has, 0
}

func tooManySignIns(c *fiber.Ctx, wait time.Duration) error {
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(wait/time.Second)+1))
	return &Problem{Status: fiber.StatusTooManyRequests, Title: "Too many failed sign-ins",
		Detail: fmt.Sprintf("%d tokens from this address were wrong: wait until the minute is over", mostFailures)}
}

// authorize lets a request pass whose token has the route's scope.
func (s *Server) authorize(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals("pattern", r.path)
		if r.scope == open {
			return c.Next()
		}
		has, wait := s.signIn(c)
		switch {
		case wait > 0:
			return tooManySignIns(c, wait)
		case !has.read:
			c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="openhours"`)
			return &Problem{Status: fiber.StatusUnauthorized, Title: "Token required", Detail: "sign in on the page, or send the header Authorization: Bearer TOKEN with a token of this server"}
		case r.scope == changing && !has.change:
			s.o.Log.Warn("read-only token refused", s.whoAsks(c, "method", c.Method(), "path", c.Path())...)
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
func (s *Server) limiter() fiber.Handler {
	if s.o.Rate <= 0 {
		return func(c *fiber.Ctx) error { return c.Next() }
	}
	return limiter.New(limiter.Config{Max: s.o.Rate, Expiration: time.Second,
		KeyGenerator: func(c *fiber.Ctx) string { return household(s.client(c)).String() },
		Next: func(c *fiber.Ctx) bool { // a page takes its files all at once, and they cost nothing
			return strings.HasPrefix(c.Path(), "/app/") || strings.HasPrefix(c.Path(), "/vendor/")
		},
		LimitReached: func(*fiber.Ctx) error {
			return &Problem{Status: fiber.StatusTooManyRequests, Title: "Too many requests", Detail: "retry after a second"}
		}})
}
