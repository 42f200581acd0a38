package api

import (
	"context"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/storage"
)

// readiness is the answer of /readyz, check by check.
type readiness struct {
	Ready  bool              `json:"ready"`
	Engine string            `json:"engine"`    // that runs the models: duckdb or spark
	Zones  string            `json:"zone_data"` // release of the tz database
	Checks map[string]string `json:"checks"`    // ok, or what is wrong
}

// lookTime is how long the answer for those without a token stays: however many ask, the checks run once in it.
const lookTime = 10 * time.Second

// lastLook is the last answer for those without a token.
type lastLook struct {
	mu   sync.Mutex
	at   time.Time
	seen readiness
}

func (s *Server) getReady(c *fiber.Ctx) error {
	r := s.readinessFor(c)
	if !r.Ready {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(r)
}

// readinessFor runs the checks, which write nothing; for those who could not read anything here, they run seldom.
func (s *Server) readinessFor(c *fiber.Ctx) readiness {
	if has, _ := s.signIn(c); has.read {
		return s.check(c.UserContext())
	}
	s.looked.mu.Lock()
	defer s.looked.mu.Unlock()
	if now := s.o.Now(); s.looked.at.IsZero() || now.Sub(s.looked.at) >= lookTime {
		s.looked.seen, s.looked.at = s.check(c.UserContext()), now
	}
	return s.looked.seen
}

func (s *Server) check(ctx context.Context) readiness {
	r := readiness{Ready: true, Engine: s.o.Engine.Name(), Zones: s.o.Engine.ZoneData(), Checks: map[string]string{}}
	for name, check := range map[string]func() error{
		"cluster":       func() error { return s.o.Engine.PingCluster(ctx) },
		"data_folder":   func() error { return s.o.Data.Readable(ctx) },
		"report_folder": func() error { return storage.CheckWritable(s.o.Reports) },
		"engine":        func() error { return s.o.Engine.Ping(ctx) },
	} {
		if name == "cluster" && r.Engine == "duckdb" {
			continue
		}
		r.Checks[name] = "ok"
		if err := check(); err != nil {
			r.Ready = false
			r.Checks[name] = "not ready"
			s.o.Log.Warn("not ready", "check", name, "error", err)
		}
	}
	return r
}
