package api

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// An address that has failed to sign in mostFailures times waits until failureTime after the first of them is over.
const (
	mostFailures  = 10
	failureTime   = time.Minute
	mostAddresses = 10_000 // that are remembered
)

// signIns counts the failed sign-ins of each address.
type signIns struct {
	mu     sync.Mutex
	failed map[netip.Addr]failures
}

type failures struct {
	since time.Time // of the first
	count int
}

// wait returns how long an address must not try again.
func (s *signIns) wait(address netip.Addr, now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.failed[address]
	if left := f.since.Add(failureTime).Sub(now); f.count >= mostFailures && left > 0 {
		return left
	}
	return 0
}

// fail counts a failed sign-in. If too many addresses fail, those that began first are forgotten.
func (s *signIns) fail(address netip.Addr, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, known := s.failed[address]
	if now.Sub(f.since) >= failureTime {
		f = failures{since: now}
	}
	f.count++
	if !known && len(s.failed) >= mostAddresses {
		s.forget(now)
	}
	s.failed[address] = f
}

func (s *signIns) forget(now time.Time) {
	var first netip.Addr
	for address, f := range s.failed {
		if now.Sub(f.since) >= failureTime {
			delete(s.failed, address)
		} else if !first.IsValid() || f.since.Before(s.failed[first].since) {
			first = address
		}
	}
	if len(s.failed) >= mostAddresses {
		delete(s.failed, first)
	}
}

// client is the address that a request comes from. Of a trusted proxy it is the last that X-Forwarded-For names
// and that is no trusted proxy itself: what stands before it, the client may have written.
func (s *Server) client(c *fiber.Ctx) netip.Addr {
	address, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	address = address.Unmap()
	if !isProxy(s.proxies, address) {
		return address
	}
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	for i := len(hops) - 1; i >= 0 && isProxy(s.proxies, address); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop.Unmap().WithZone("")
	}
	return address
}

// whoAsks are the attributes of a log line about what a client did or tried.
func (s *Server) whoAsks(c *fiber.Ctx, more ...any) []any {
	return append(more, "address", s.client(c), "request_id", requestID(c))
}
