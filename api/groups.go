package api

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// groupPage is a page of the groups of an attribute in one window.
type groupPage struct {
	ReportID  string `json:"report_id"`
	Attribute string `json:"attribute"`
	Window    string `json:"time_window"`
	Offset    int    `json:"offset"`
	Limit     int    `json:"limit"`
	report.GroupPage
}

// groupQuery reads what both forms of the list of groups take.
func (s *Server) groupQuery(c *fiber.Ctx) (m report.Manifest, q report.GroupQuery, err error) {
	if m, err = s.o.Finished.Manifest(pathValue(c, "id")); err != nil {
		return m, q, err
	}
	q = report.GroupQuery{Attribute: c.Query("attribute"), Value: oneValue(c), Sort: c.Query("sort", "value")}
	if err := pipeline.CheckGroups(q.Attribute, m.Attributes); err != nil {
		return m, q, invalid("attribute", err.Error())
	}
	if q.Window, err = windowOf(c, m); err != nil {
		return m, q, err
	}
	if !slices.Contains(report.GroupColumns(), q.Sort) {
		return m, q, invalid("sort", "must be one of "+strings.Join(report.GroupColumns(), ", "))
	}
	q.Descending, err = descending(c)
	return m, q, err
}

// oneValue is the group that a request is about, by its value, which may be empty; nil: every one.
func oneValue(c *fiber.Ctx) *string {
	if !c.Context().QueryArgs().Has("value") {
		return nil
	}
	value := c.Query("value")
	return &value
}

func (s *Server) listGroups(c *fiber.Ctx) error {
	m, q, err := s.groupQuery(c)
	if err != nil {
		return err
	}
	if q.Limit, err = number(c, "limit", 50, 1, 1000); err != nil {
		return err
	}
	if q.Offset, err = number(c, "offset", 0, 0, 100_000_000); err != nil {
		return err
	}
	page, err := s.o.Results.Groups(c.UserContext(), s.o.Finished.Folder(m.ReportID), q)
	if err != nil {
		return err
	}
	return c.JSON(groupPage{m.ReportID, q.Attribute, q.Window, q.Offset, q.Limit, page})
}

// groupDayPage is a page of the dates of the groups of an attribute.
type groupDayPage struct {
	ReportID  string `json:"report_id"`
	Attribute string `json:"attribute"`
	Offset    int    `json:"offset"`
	Limit     int    `json:"limit"`
	report.GroupDayPage
}

func (s *Server) listGroupDays(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	q := report.GroupDayQuery{Attribute: c.Query("attribute"), Value: oneValue(c)}
	if err := pipeline.CheckGroups(q.Attribute, m.Attributes); err != nil {
		return invalid("attribute", err.Error())
	}
	if q.Limit, err = number(c, "limit", 1000, 1, 10_000); err != nil {
		return err
	}
	if q.Offset, err = number(c, "offset", 0, 0, 100_000_000); err != nil {
		return err
	}
	page, err := s.o.Results.GroupDays(c.UserContext(), s.o.Finished.Folder(m.ReportID), q)
	if err != nil {
		return err
	}
	return c.JSON(groupDayPage{m.ReportID, q.Attribute, q.Offset, q.Limit, page})
}
