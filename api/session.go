package api

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"
)

// A session is a cookie in place of a token, so that a browser signs in once. It holds the second at which it ends, some
// random bytes, and an HMAC of both under a key that comes from the token: the server keeps nothing, a session outlives
// a restart, and it ends with its token.
const (
	sessionCookie = "openhours_session"
	sessionTime   = 30 * 24 * time.Hour

	sessionHead  = 8 + 16
	sessionBytes = sessionHead + sha256.Size
)

// sessionKey signs the sessions of one token.
type sessionKey struct {
	key []byte
	rights
}

// sessionKeys makes a key of each token. One that may change data comes first: it may be listed for reading too.
func sessionKeys(o Options) (keys []sessionKey, err error) {
	add := func(tokens []string, has rights) {
		for _, token := range tokens {
			key, fault := hkdf.Key(sha256.New, []byte(token), nil, "openhours session", sha256.Size)
			if fault != nil {
				err = fmt.Errorf("key of a session: %w", fault)
			}
			keys = append(keys, sessionKey{key, has})
		}
	}
	add(o.WriteTokens, rights{true, true})
	add(o.ReadTokens, rights{true, false})
	return keys, err
}

// sign makes the value of a cookie.
func (k sessionKey) sign(ends time.Time) (string, error) {
	value := make([]byte, sessionHead, sessionBytes)
	binary.BigEndian.PutUint64(value, uint64(ends.Unix()))
	if _, err := rand.Read(value[8:]); err != nil {
		return "", fmt.Errorf("make a session: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(value, k.mac(value)...)), nil
}

func (k sessionKey) mac(head []byte) []byte {
	sum := hmac.New(sha256.New, k.key)
	sum.Write(head)
	return sum.Sum(nil)
}

// sessionRights are those of the cookie of a request. A wrong one is no guess at a token and does not count as one: it
// is that of a token that is gone, or of another server on this host.
func (s *Server) sessionRights(c *fiber.Ctx) rights {
	value, err := base64.RawURLEncoding.DecodeString(c.Cookies(sessionCookie))
	if err != nil || len(value) != sessionBytes || !ofOwnPage(c) {
		return rights{}
	}
	head, mac := value[:sessionHead], value[sessionHead:]
	if !s.o.Now().Before(time.Unix(int64(binary.BigEndian.Uint64(head)), 0)) {
		return rights{}
	}
	for _, k := range s.sessions {
		if hmac.Equal(mac, k.mac(head)) {
			return k.rights
		}
	}
	return rights{}
}

// ofOwnPage reports whether a browser sends this for a page of this server, or for the address that a person gave it. The
// cookie's SameSite keeps other sites out, but not another port of this host; and a change must come with proof.
func ofOwnPage(c *fiber.Ctx) bool {
	if crossSite(c) {
		return false
	}
	reads := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	return reads || fromBrowser(c)
}

// fromBrowser reports whether a page makes a change. Over plain HTTP a browser says only where the page is from.
func fromBrowser(c *fiber.Ctx) bool {
	return c.Get("Sec-Fetch-Site") != "" || c.Get(fiber.HeaderOrigin) != ""
}

// session says what a client may do here.
type session struct {
	Tokens   bool `json:"tokens"`    // the server has some: others see nothing
	SignedIn bool `json:"signed_in"` // by the cookie of POST /api/v1/session
	Read     bool `json:"read"`
	Write    bool `json:"write"`
}

func (s *Server) hasTokens() bool { return len(s.sessions) > 0 }

func (s *Server) getSession(c *fiber.Ctx) error {
	has, wait := s.signIn(c)
	if wait > 0 {
		return tooManySignIns(c, wait)
	}
	return c.JSON(session{s.hasTokens(), s.sessionRights(c).read, has.read, has.change})
}

// credentials are the body of a sign-in.
type credentials struct {
	Token string `json:"token" about:"A token of this server."`
}

func (s *Server) postSession(c *fiber.Ctx) error {
	var body credentials
	if err := s.readBody(c, &body); err != nil {
		return err
	}
	if body.Token == "" {
		return invalid("token", "missing: give a token of this server")
	}
	if !s.hasTokens() { // everybody may do everything
		return c.JSON(session{Read: true, Write: true})
	}
	has, wait := s.tryToken(c, body.Token)
	switch {
	case wait > 0:
		return tooManySignIns(c, wait)
	case !has.read:
		return &Problem{Status: fiber.StatusUnauthorized, Title: "Wrong token", Detail: "token: the server has no such token; its administrator can give you one",
			Errors: []FieldError{{"token", "the server has no such token"}}}
	}
	ends := s.o.Now().Add(sessionTime)
	value, err := s.keyOf(body.Token).sign(ends)
	if err != nil {
		return err
	}
	s.setCookie(c, value, ends)
	s.o.Log.Info("signed in", s.whoAsks(c, "write", has.change)...)
	return c.JSON(session{true, true, has.read, has.change})
}

// keyOf is the key of a token that the server has.
func (s *Server) keyOf(token string) sessionKey {
	for i, own := range append(append([]string{}, s.o.WriteTokens...), s.o.ReadTokens...) {
		if hasToken([]string{own}, token) {
			return s.sessions[i]
		}
	}
	return sessionKey{}
}

// deleteSession makes the browser forget its session. The token still holds: only taking that away ends its sessions
// everywhere.
func (s *Server) deleteSession(c *fiber.Ctx) error {
	s.setCookie(c, "", time.Unix(1, 0))
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) setCookie(c *fiber.Ctx, value string, ends time.Time) {
	c.Cookie(&fiber.Cookie{Name: sessionCookie, Value: value, Path: "/", Expires: ends, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteStrictMode, Secure: c.Secure()}) // of a trusted proxy, X-Forwarded-Proto counts
}
