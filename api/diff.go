package api

import (
	"github.com/gofiber/fiber/v2"

	"openhours/analytics/report"
)

// diffView is a page of what two reports say differently.
type diffView struct {
	Window string `json:"time_window"`
	Offset int    `json:"offset"`
	Limit  int    `json:"limit"`
	report.DiffPage
}

// diffQuery reads what both forms of a comparison take.
func (s *Server) diffQuery(c *fiber.Ctx) (a, b report.Manifest, q report.DiffQuery, err error) {
	if a, err = s.o.Finished.Manifest(pathValue(c, "id")); err != nil {
		return a, b, q, err
	}
	if b, err = s.o.Finished.Manifest(pathValue(c, "other")); err != nil {
		return a, b, q, err
	}
	q.Only = c.Query("only")
	switch group := (report.AttributeValue{Attribute: c.Query("attribute"), Value: c.Query("value")}); {
	case group.Attribute != "":
		q.Group = &group
	case group.Value != "":
		return a, b, q, invalid("value", "needs an attribute")
	}
	if q.Window, err = windowOf(c, a, b); err != nil {
		return a, b, q, err
	}
	return a, b, q, q.Check(a, b)
}

func (s *Server) getDiff(c *fiber.Ctx) error {
	a, b, q, err := s.diffQuery(c)
	if err != nil {
		return err
	}
	if q.Limit, err = number(c, "limit", 50, 1, 1000); err != nil {
		return err
	}
	if q.Offset, err = number(c, "offset", 0, 0, 100_000_000); err != nil {
		return err
	}
	page, err := s.o.Results.DiffPage(c.UserContext(), s.o.Reports, a.ReportID, b.ReportID, q)
	if err != nil {
		return err
	}
	return c.JSON(diffView{q.Window, q.Offset, q.Limit, page})
}
