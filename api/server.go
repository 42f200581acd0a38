// Package api serves reports over HTTP: it takes requests, hands them to the runner of package
// analytics, and gives its answers and files to those who ask. It knows no SQL and starts no report
// itself.
package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/valyala/fasthttp"
)

// Options configure a Server.
type Options struct {
	Engine   Engine
	Queue    Queue
	Finished Finished
	Results  Results
	Data     DataFolder
	Rows     Explainer
	Reports  string   // the report folder
	Private  []string // absolute paths of which answers hold only the last name
	Version  string
	Log      *slog.Logger
	Now      func() time.Time
	Metrics  *Metrics

	MaxUpload   int64    // bytes of one file; 0: 4 GiB
	ReadTokens  []string // bearer tokens that may read
	WriteTokens []string // bearer tokens that may read and change
	Rate        int      // requests a second from one address; 0: without limit
	Loopback    bool     // listens on this machine only: other host names are refused

	AllowedHosts   []string // host names that requests may ask for besides; none: any, unless Loopback
	TrustedProxies []string // addresses and networks whose X-Forwarded headers count

	Limits Limits
}

// Limits are what the other side may take.
type Limits struct {
	Connections int           // open at once; 0: 1024
	PerAddress  int           // of them from one address; 0: without limit
	Grace       time.Duration // for the header of a request, and for a body to begin; 0: 30 s
	Stall       time.Duration // for a client to take the next 64 KiB of an answer; 0: 30 s
	Turn        time.Duration // for a request to wait until fewer streams are sent; 0: 10 s
}

func (l Limits) withDefaults() Limits {
	l.Connections = cmp.Or(l.Connections, 1024)
	l.Grace = cmp.Or(l.Grace, 30*time.Second)
	l.Stall = cmp.Or(l.Stall, 30*time.Second)
	l.Turn = cmp.Or(l.Turn, 10*time.Second)
	return l
}

// Server is the HTTP side of openhours.
type Server struct {
	o       Options
	app     *fiber.App
	routes  []route
	doc     []byte // openapi.json
	docs    []byte // the same as a page
	heavy   chan struct{}
	streams chan struct{}

	timelines chan struct{} // those in work

	limited  fiber.Handler
	assets   map[string]*asset // of the page, by path
	proxies  []netip.Prefix    // that are trusted
	signIns  signIns
	sessions []sessionKey // one for each token; none: everybody may do everything
	looked   lastLook     // of /readyz
}

const (
	maxJSONBody = 1 << 20
	maxHeader   = 64 << 10 // an address may have a thousand ids

	statusClientLeft = 499 // as nginx counts it; nobody reads the answer
	retrySeconds     = "1"
	handleTimeout    = 60 * time.Second
	uploadTimeout    = 15 * time.Minute // to receive a file and to check it
	mostHeavy        = 2                // requests that read all the data at once
	mostTimelines    = 4                // that are computed at once
	mostStreams      = 8                // answers that are made as they are sent
	streamTimeout    = 15 * time.Minute // to send one of them
)

// New builds the server; Listen starts it.
func New(o Options) (*Server, error) {
	if o.MaxUpload == 0 {
		o.MaxUpload = 4 << 30
	}
	o.Limits = o.Limits.withDefaults()
	s := &Server{o: o, heavy: make(chan struct{}, mostHeavy), timelines: make(chan struct{}, mostTimelines), streams: make(chan struct{}, mostStreams),
		signIns: signIns{failed: map[netip.Addr]failures{}}}
	var err error
	if s.proxies, err = networks(o.TrustedProxies); err != nil {
		return nil, err
	}
	if s.sessions, err = sessionKeys(o); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(webFiles); err != nil {
		return nil, err
	}
	s.app = fiber.New(fiber.Config{
		AppName: "openhours", DisableStartupMessage: true, Immutable: true, StrictRouting: true, CaseSensitive: true,
		ErrorHandler: s.answerError, StreamRequestBody: true, BodyLimit: maxJSONBody,
		ReadTimeout: o.Limits.Grace, IdleTimeout: 2 * time.Minute, ReadBufferSize: maxHeader,
		DisablePreParseMultipartForm: true, // it would fill the disk before a token is asked for
		ServerHeader:                 "openhours",
		EnableTrustedProxyCheck:      true, TrustedProxies: o.TrustedProxies,
		// UnescapePath is off: an id may hold a slash, see pathValue
	})
	s.app.Server().Handler = withKnownMethod(s.app.Server().Handler)
	s.routes = s.table()
	s.limited = s.limiter()
	s.app.Use(s.withRequestID, s.observe, s.recoverPanic, framed, s.secure, s.limited)
	packed := compress.New()
	for _, r := range s.routes {
		handlers := []fiber.Handler{s.authorize(r), deadline(r), knownOnce(r), r.handler}
		if r.isOfReport() {
			handlers = slices.Insert(handlers, 3, s.stable(r))
		}
		if r.method == fiber.MethodGet {
			s.app.Add(fiber.MethodHead, r.pattern(), slices.Clone(handlers)...)
		}
		if r.method == fiber.MethodGet && r.onlyJSON() {
			handlers = slices.Insert(handlers, 0, packed)
		}
		s.app.Add(r.method, r.pattern(), handlers...)
	}
	s.app.Use(s.notFound)
	if s.doc, err = s.openAPI(); err != nil {
		return nil, err
	}
	s.docs, err = s.docsPage()
	return s, err
}

// Listen answers on an open port until Shutdown.
func (s *Server) Listen(listener net.Listener) error {
	return s.app.Listener(newGate(listener, s.o.Limits, s.proxies, s.o.Log))
}

// Shutdown takes no new requests and waits for those in work until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return s.app.ShutdownWithContext(ctx) }

// withKnownMethod renames a method that Fiber does not know, which it would refuse on its own in plain
// text, to one that no route has: so it meets the answer of every other wrong method.
func withKnownMethod(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if method := string(ctx.Method()); !slices.Contains(fiber.DefaultMethods, method) {
			ctx.SetUserValue("method", method)
			ctx.Request.Header.SetMethod(fiber.MethodTrace)
		}
		next(ctx)
	}
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals("request_id").(string)
	return id
}

// withRequestID names every request, for answers and the log.
func (s *Server) withRequestID(c *fiber.Ctx) error {
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return fmt.Errorf("make a request id: %w", err)
	}
	id := hex.EncodeToString(random[:])
	c.Locals("request_id", id)
	c.Set("X-Request-Id", id)
	return c.Next()
}

// observe counts and logs a request after it was answered. Errors are turned into answers here, so
// that their status is known.
func (s *Server) observe(c *fiber.Ctx) error {
	start := s.o.Now()
	if err := c.Next(); err != nil {
		if err := s.answerError(c, err); err != nil {
			return err
		}
	}
	pattern, _ := c.Locals("pattern").(string)
	if pattern == "" {
		pattern = "none"
	}
	took := s.o.Now().Sub(start)
	s.o.Metrics.request(c.Method(), pattern, c.Response().StatusCode(), took)
	s.o.Log.Debug("request", "method", c.Method(), "path", c.Path(), "status", c.Response().StatusCode(),
		"took", took, "request_id", requestID(c))
	return nil
}

// recoverPanic makes an answer of a fault in a handler.
func (s *Server) recoverPanic(c *fiber.Ctx) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	return c.Next()
}

// secure sets the headers that keep an answer from being used for something else, and refuses what a
// page of another site makes a browser send.
func (s *Server) secure(c *fiber.Ctx) error {
	for name, value := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Content-Security-Policy":      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
		"Cache-Control":                "no-cache",
	} {
		c.Set(name, value)
	}
	if host := hostName(c.Hostname()); (s.o.Loopback || len(s.o.AllowedHosts) > 0) && !slices.Contains(s.o.AllowedHosts, host) &&
		!(s.o.Loopback && loopbackHost(host)) {
		return &Problem{Status: fiber.StatusMisdirectedRequest, Title: "Unknown host", Detail: "this server answers to " +
			strings.Join(s.hosts(), ", ") + " only; --allowed-host adds the name of a proxy"}
	}
	if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead && crossSite(c) {
		return &Problem{Status: fiber.StatusForbidden, Title: "Cross-site request", Detail: "pages of other sites may not change data here"}
	}
	return c.Next()
}

// crossSite reports whether a browser sends this for a page of another origin. A current browser
// says so itself; an old one at least names where the page is from. Programs send neither.
func crossSite(c *fiber.Ctx) bool {
	switch site := c.Get("Sec-Fetch-Site"); site {
	case "same-origin", "none":
		return false
	case "":
		origin := c.Get(fiber.HeaderOrigin)
		from, err := url.Parse(origin)
		return origin != "" && (err != nil || from.Host != string(c.Request().Host()))
	}
	return true
}

func loopbackHost(host string) bool {
	if host == "localhost" || host == "[::1]" || host == "::1" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// hostName is a host without its port.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return strings.ToLower(name)
	}
	return strings.ToLower(host)
}

// hosts are the names that the server answers to.
func (s *Server) hosts() []string {
	if s.o.Loopback {
		return append([]string{"localhost", "127.0.0.1", "[::1]"}, s.o.AllowedHosts...)
	}
	return s.o.AllowedHosts
}

// networks reads addresses and networks.
func networks(texts []string) (list []netip.Prefix, err error) {
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if address, addressErr := netip.ParseAddr(text); addressErr == nil {
			network, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("trusted proxy: %w", err)
		}
		list = append(list, network)
	}
	return list, nil
}

// deadline bounds the work for one request: by time, and by the client, who may leave.
func deadline(r route) fiber.Handler {
	most := cmp.Or(r.timeout, handleTimeout)
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(context.Background(), most)
		defer cancel()
		ctx, leave := untilLeft(ctx, c.Context().Conn())
		defer leave()
		c.SetUserContext(ctx)
		err := c.Next()
		if errors.Is(err, context.Canceled) {
			return &Problem{Status: statusClientLeft, Title: "Client left", Detail: "the client closed the connection before the answer was ready"}
		}
		if errors.Is(err, context.DeadlineExceeded) {
			return &Problem{Status: fiber.StatusGatewayTimeout, Title: "Timeout", Detail: "the answer was not ready within " + most.String()}
		}
		return err
	}
}

// knownOnce refuses a parameter that the path does not take, which is most often one misspelt, and one
// that is given twice, unless it may be: no answer could be meant for both. Neither it nor a part of the path may be other
// than UTF-8. What a page's address holds is the page's.
func knownOnce(r route) fiber.Handler {
	var names, repeated []string
	for _, p := range r.query {
		names = append(names, p.name)
		if p.repeated {
			repeated = append(repeated, p.name)
		}
	}
	known := "this path takes none"
	if len(names) > 0 {
		known = "must be one of " + strings.Join(names, ", ")
	}
	parts := pathParameter.FindAllStringSubmatch(r.path, -1)
	return func(c *fiber.Ctx) (fault error) {
		seen := map[string]bool{}
		for key, value := range c.Context().QueryArgs().All() {
			name := string(key)
			switch {
			case !utf8.Valid(key) || !utf8.Valid(value):
				fault = invalid(strings.ToValidUTF8(name, "\ufffd"), "it is not UTF-8")
			case seen[name] && !slices.Contains(repeated, name):
				fault = invalid(name, "it is given more than once")
			case !r.page && !slices.Contains(names, name):
				fault = invalid(name, "there is no such parameter: "+known)
			}
			seen[name] = true
		}
		for _, part := range parts {
			if !utf8.ValidString(pathValue(c, part[1])) {
				fault = invalid(part[1], "it is not UTF-8")
			}
		}
		if fault != nil {
			return fault
		}
		return c.Next()
	}
}

// notFound answers what no route does: 405 with Allow where the path is known with other methods.
func (s *Server) notFound(c *fiber.Ctx) error {
	path, fewest := "", math.MaxInt // of the paths that fit, the one with the fewest parameters: it is the one served
	for _, r := range s.routes {
		if n := strings.Count(r.path, "{"); n < fewest && fiber.RoutePatternMatch(c.Path(), r.pattern()) {
			path, fewest = r.path, n
		}
	}
	var allowed []string
	for _, r := range s.routes {
		if r.path != path {
			continue
		}
		allowed = append(allowed, r.method)
		if r.method == fiber.MethodGet {
			allowed = append(allowed, fiber.MethodHead)
		}
	}
	if len(allowed) > 0 {
		return methodNotAllowed(c, allowed)
	}
	if strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML) && !strings.HasPrefix(c.Path(), "/api/") {
		c.Status(fiber.StatusNotFound) // a person before a browser: the page says so, and mends a slash at the end
		return s.getPage(c)
	}
	return &Problem{Status: fiber.StatusNotFound, Title: "No such page", Detail: "there is nothing at " + c.Path() + "; /docs lists every path"}
}
