package api

import (
	"github.com/gofiber/fiber/v2"

	"openhours/analytics/ingest"
	"openhours/analytics/storage"
)

func (s *Server) getData(c *fiber.Ctx) error {
	select { // it may read all the data
	case s.heavy <- struct{}{}:
		defer func() { <-s.heavy }()
	case <-c.UserContext().Done():
		return c.UserContext().Err()
	}
	found, err := s.o.Data.Check(c.UserContext())
	if err != nil {
		return err
	}
	return c.JSON(found)
}

// fileList is what lies in the data folder, read or not.
type fileList struct {
	Files     []ingest.DataFile `json:"files"`
	MaxUpload int64             `json:"max_upload_bytes"`
}

func (s *Server) listData(c *fiber.Ctx) error {
	files, err := s.o.Data.Files(c.UserContext())
	if err != nil {
		return err
	}
	return c.JSON(fileList{files, s.o.MaxUpload})
}

func (s *Server) putData(c *fiber.Ctx) error {
	dryRun, err := flag(c, "dry_run")
	if err != nil {
		return err
	}
	mostRejects, err := number(c, "max_rejects", 0, 0, 1_000_000_000)
	if err != nil {
		return err
	}
	body, err := s.openBody(c, s.o.MaxUpload)
	if err != nil {
		return err
	}
	upload, err := s.o.Data.Put(c.UserContext(), pathValue(c, "set"), pathValue(c, "file"), body, int64(mostRejects), dryRun)
	if err != nil {
		return err
	}
	if upload.Stored && !upload.Replaced {
		return c.Status(fiber.StatusCreated).JSON(upload)
	}
	return c.JSON(upload)
}

func (s *Server) deleteData(c *fiber.Ctx) error {
	if err := s.o.Data.Delete(pathValue(c, "set"), pathValue(c, "file")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// readiness is the answer of /readyz, check by check.
type readiness struct {
	Ready  bool              `json:"ready"`
	Engine string            `json:"engine"`    // that runs the models: duckdb or spark
	Zones  string            `json:"zone_data"` // release of the tz database
	Checks map[string]string `json:"checks"`    // ok, or what is wrong
}

func (s *Server) getReady(c *fiber.Ctx) error {
	r := readiness{Ready: true, Engine: s.o.Engine.Name(), Zones: s.o.Engine.ZoneData(), Checks: map[string]string{}}
	for name, check := range map[string]func() error{
		"cluster":       func() error { return s.o.Engine.PingCluster(c.UserContext()) },
		"data_folder":   func() error { return s.o.Data.Readable(c.UserContext()) },
		"report_folder": func() error { return storage.CheckWritable(s.o.Reports) },
		"engine":        func() error { return s.o.Engine.Ping(c.UserContext()) },
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
	if !r.Ready {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(r)
}

func (s *Server) getHealth(c *fiber.Ctx) error {
	return c.JSON(map[string]string{"status": "ok", "version": s.o.Version})
}
