package api

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/ingest"
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
	Deleted   []ingest.DataFile `json:"deleted"` // can be restored until the next report
	MaxUpload int64             `json:"max_upload_bytes"`
}

func (s *Server) listData(c *fiber.Ctx) error {
	files, err := s.o.Data.Files(c.UserContext())
	if err != nil {
		return err
	}
	deleted, err := s.o.Data.Deleted(c.UserContext())
	if err != nil {
		return err
	}
	return c.JSON(fileList{files, deleted, s.o.MaxUpload})
}

// setList describes the data sets.
type setList struct {
	Sets []ingest.SetInfo `json:"sets"`
}

func (s *Server) listSets(c *fiber.Ctx) error {
	sets, err := s.o.Data.Sets()
	if err != nil {
		return err
	}
	return c.JSON(setList{sets})
}

func (s *Server) getTemplate(c *fiber.Ctx) error {
	set := pathValue(c, "set")
	name, text, err := s.o.Data.Template(set)
	if err != nil {
		return err
	}
	if name == "" {
		return &Problem{Status: fiber.StatusNotFound, Title: "No such set",
			Detail: fmt.Sprintf("set %q: must be one of %s", set, strings.Join(ingest.SetNames(), ", "))}
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(text)
}

// mostHeader is how many bytes of a file may be sent to recognise it. Footers of Parquet files have some kilobytes for each row group.
const mostHeader = 16 << 20

func (s *Server) recogniseData(c *fiber.Ctx) error {
	name := c.Query("file")
	if name == "" {
		return invalid("file", "missing: the name of the file, such as polls.parquet")
	}
	body, err := s.openBody(c, mostHeader)
	if err != nil {
		return err
	}
	found, err := s.o.Data.Recognise(c.UserContext(), name, body)
	if err != nil {
		return err
	}
	return c.JSON(found)
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
	set, file := pathValue(c, "set"), pathValue(c, "file")
	upload, err := s.o.Data.Put(c.UserContext(), set, file, body, int64(mostRejects), dryRun)
	if err != nil {
		s.o.Log.Info("upload refused", s.whoAsks(c, "set", set, "file", file, "bytes", body.read, "error", err)...)
		if isDiskFull(err) {
			s.forgetDeleted(c) // the next try may have room
		}
		return err
	}
	if upload.Stored {
		s.o.Log.Info("file uploaded", s.whoAsks(c, "set", set, "file", file, "bytes", body.read, "sha256", upload.SHA256, "replaced", upload.Replaced)...)
	}
	if upload.Stored && !upload.Replaced {
		return c.Status(fiber.StatusCreated).JSON(upload)
	}
	return c.JSON(upload)
}

// forgetDeleted removes for good what was deleted. Without it a full disk would stay full: there, no report ends the undo.
func (s *Server) forgetDeleted(c *fiber.Ctx) bool {
	err := s.o.Data.Forget(c.UserContext())
	if err != nil {
		s.o.Log.Warn("deleted files are kept", "error", err) // the next request for a report tries again
	}
	return err == nil
}

func (s *Server) deleteData(c *fiber.Ctx) error {
	set, file := pathValue(c, "set"), pathValue(c, "file")
	if err := s.o.Data.Delete(set, file); err != nil {
		return err
	}
	s.o.Log.Info("file deleted", s.whoAsks(c, "set", set, "file", file)...)
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) restoreData(c *fiber.Ctx) error {
	set, file := pathValue(c, "set"), pathValue(c, "file")
	if err := s.o.Data.Restore(set, file); err != nil {
		return err
	}
	s.o.Log.Info("file restored", s.whoAsks(c, "set", set, "file", file)...)
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) getHealth(c *fiber.Ctx) error {
	return c.JSON(map[string]string{"status": "ok", "version": s.o.Version})
}
