package api

import (
	"github.com/gofiber/fiber/v2"

	"openhours/analytics/queue"
)

// labelChange is the body of a PATCH: what is left out, or null, stays as it is.
type labelChange struct {
	Name   *string `json:"name" characters:"100" pattern:"^[^\\x00-\\x1f\\x7f]*$" about:"One line that stands for the id; empty removes it."`
	Note   *string `json:"note" characters:"2000" about:"What people should know about the report; empty removes it."`
	Pinned *bool   `json:"pinned" about:"Whether the newest report with its parameters is the latest; at most one report is pinned."`
}

func (s *Server) patchReport(c *fiber.Ctx) error {
	var body labelChange
	if err := s.readBody(c, &body); err != nil {
		return err
	}
	id := pathValue(c, "id")
	status, err := s.o.Queue.Label(id, queue.LabelChange{Name: body.Name, Note: body.Note, Pinned: body.Pinned})
	if err != nil {
		return err
	}
	s.o.Log.Info("report labelled", s.whoAsks(c, "report_id", id, "name", status.Name, "pinned", status.Pinned)...)
	return s.sendView(c, status)
}
