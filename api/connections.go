package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	writePiece    = 64 << 10 // bytes of an answer that a client must take within Limits.Stall
	lingerTime    = time.Second
	mostLingering = 64 // refused connections that wait for their clients to read the answer; others are closed at once
	watchInterval = 250 * time.Millisecond
)

// gate is a listener that bounds the open connections, in all and from one address, and goes on after an error that
// passes, such as that of a process without a free descriptor.
type gate struct {
	net.Listener
	limits  Limits
	proxies []netip.Prefix // without a limit of their own: many clients come from there
	log     *slog.Logger

	mu         sync.Mutex
	open       int
	byAddress  map[netip.Addr]int
	quietUntil time.Time
	lingering  chan struct{}
}

// newGate wraps a listener. There are never more connections than half the descriptors of the process: the engine
// and the files of reports need the others.
func newGate(listener net.Listener, limits Limits, proxies []netip.Prefix, log *slog.Logger) *gate {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err == nil && uint64(limits.Connections) > files.Cur/2 {
		log.Warn("fewer connections than configured, because of the limit on open files (ulimit -n)", "configured", limits.Connections,
			"connections", files.Cur/2, "open_files", files.Cur)
		limits.Connections = int(files.Cur / 2)
	}
	return &gate{Listener: listener, limits: limits, proxies: proxies, log: log, byAddress: map[netip.Addr]int{},
		lingering: make(chan struct{}, mostLingering)}
}

// Accept returns the next connection that is within the limits.
func (g *gate) Accept() (net.Conn, error) {
	for wait := 5 * time.Millisecond; ; {
		accepted, err := g.Listener.Accept()
		switch {
		case passes(err):
			g.warn("no connection accepted", "error", err)
			time.Sleep(wait)
			wait = min(2*wait, time.Second)
			continue
		case err != nil:
			return nil, err
		}
		address := addressOf(accepted.RemoteAddr())
		if reason := g.enter(address); reason != "" {
			g.warn("connection refused", "reason", reason, "address", address)
			g.refuse(accepted, reason)
			continue
		}
		return &conn{Conn: accepted, stall: g.limits.Stall, leave: sync.OnceFunc(func() { g.left(address) })}, nil
	}
}

// passes reports whether an error of accept is about one connection or lasts only until something is closed.
func passes(err error) bool {
	for _, passing := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.ECONNRESET, syscall.EINTR} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

// enter counts a connection, or returns why it may not be opened.
func (g *gate) enter(address netip.Addr) (reason string) {
	from := household(address)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open >= g.limits.Connections {
		return fmt.Sprintf("the server has its limit of %d open connections", g.limits.Connections)
	}
	if most := g.limits.PerAddress; most > 0 && g.byAddress[from] >= most && !isProxy(g.proxies, address) {
		return fmt.Sprintf("your address has its limit of %d open connections", most)
	}
	g.open++
	g.byAddress[from]++
	return ""
}

func (g *gate) left(address netip.Addr) {
	from := household(address)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open--
	if g.byAddress[from]--; g.byAddress[from] == 0 {
		delete(g.byAddress, from)
	}
}

// warn logs at most once in ten seconds: the log must not grow with the number of connections.
func (g *gate) warn(message string, args ...any) {
	g.mu.Lock()
	now := time.Now()
	quiet := now.Before(g.quietUntil)
	if !quiet {
		g.quietUntil = now.Add(10 * time.Second)
	}
	g.mu.Unlock()
	if !quiet {
		g.log.Warn(message, args...)
	}
}

// refuse answers 503 without reading a request. The answer fits in the buffer of a new connection, so nothing blocks.
func (g *gate) refuse(refused net.Conn, reason string) {
	text, _ := json.Marshal(Problem{Type: "about:blank", Title: "Too many connections", Status: fiber.StatusServiceUnavailable, Detail: reason})
	c := &conn{Conn: refused, stall: lingerTime, leave: func() {}}
	_, _ = fmt.Fprintf(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\nRetry-After: %s\r\nConnection: close\r\n\r\n%s",
		len(text), retrySeconds, text)
	select {
	case g.lingering <- struct{}{}:
		c.lingers.Store(true)
		c.leave = func() { <-g.lingering }
	default:
	}
	_ = c.Close()
}

// addressOf is where a connection comes from.
func addressOf(from net.Addr) netip.Addr {
	tcp, ok := from.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap().WithZone("")
}

// household is what limits count as one address: providers give a household or a machine 64 bits of IPv6 addresses.
func household(address netip.Addr) netip.Addr {
	if address.Is6() {
		network, _ := address.Prefix(64) // 64 bits are never too many
		return network.Addr()
	}
	return address
}

func isProxy(proxies []netip.Prefix, address netip.Addr) bool {
	return slices.ContainsFunc(proxies, func(proxy netip.Prefix) bool { return proxy.Contains(address) })
}

// conn is a connection whose client must take what it asked for.
type conn struct {
	net.Conn
	stall   time.Duration
	leave   func()
	lingers atomic.Bool
}

// Write gives the client Limits.Stall for each piece, however long the whole answer is.
func (c *conn) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		if err = c.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
			return n, err
		}
		var written int
		written, err = c.Conn.Write(p[n:min(n+writePiece, len(p))])
		n += written
	}
	return n, err
}

// Close ends the connection, after a while if the server has not read all that the client sends: the kernel would
// reset it, and the client might never see the answer. It does not wait for that.
func (c *conn) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok || !c.lingers.CompareAndSwap(true, false) || half.CloseWrite() != nil || c.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		defer c.leave()
		return c.Conn.Close()
	}
	go func() {
		defer c.leave()
		_, _ = io.Copy(io.Discard, c.Conn)
		_ = c.Conn.Close()
	}()
	return nil
}

// closeGently lets the client of a request read the answer although more of the request may be on its way.
func closeGently(ctx interface{ Conn() net.Conn }) {
	if c, ok := ctx.Conn().(*conn); ok {
		c.lingers.Store(true)
	}
}

// untilLeft returns a context that ends when the client closes the connection.
func untilLeft(ctx context.Context, of net.Conn) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	c, ok := of.(*conn)
	if !ok {
		return ctx, cancel
	}
	go func() {
		ticker := time.NewTicker(watchInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if c.hasLeft() {
					cancel()
					return
				}
			}
		}
	}()
	return ctx, cancel
}

// hasLeft reports whether the client has closed the connection. It takes nothing from it.
func (c *conn) hasLeft() (left bool) {
	socket, ok := c.Conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	err = raw.Control(func(fd uintptr) {
		var next [1]byte
		n, _, err := syscall.Recvfrom(int(fd), next[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		left = n == 0 && err == nil || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	})
	return left && err == nil
}
