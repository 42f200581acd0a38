package api

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
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
	q = report.GroupQuery{Attribute: c.Query("attribute"), Sort: c.Query("sort", "value")}
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

// exportGroups is the list as a CSV file: all pages of it.
func (s *Server) exportGroups(c *fiber.Ctx) error {
	m, q, err := s.groupQuery(c)
	if err != nil {
		return err
	}
	excel, err := flag(c, "excel")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s-groups-%s.csv"`, m.ReportID, q.Window))
	folder := s.o.Finished.Folder(m.ReportID)
	return s.streamFrom(c, func(ctx context.Context, w io.Writer) error { return s.writeGroups(ctx, w, folder, q, excel) })
}

func (s *Server) writeGroups(ctx context.Context, w io.Writer, folder string, q report.GroupQuery, excel bool) error {
	guarded := func(cell string) string { return cell }
	if excel {
		guarded = guardFormula
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	if err := out.Write(append([]string{"attribute", "value", "time_window"}, report.GroupColumns()[1:]...)); err != nil {
		return err
	}
	seconds := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
	count := func(n int64) string { return strconv.FormatInt(n, 10) }
	err := s.o.Results.EachGroup(ctx, folder, q, func(g report.GroupRow) error {
		known := func(n *float64) string {
			if n == nil {
				return ""
			}
			return seconds(*n)
		}
		verdict := ""
		if g.Verdict != nil {
			verdict = *g.Verdict
		}
		return out.Write([]string{guarded(q.Attribute), guarded(g.Value), g.Window, count(g.Stores), count(g.StoresOpen), count(g.StoresUnknown),
			seconds(g.OpenSeconds), seconds(g.UptimeSeconds), seconds(g.DownSeconds), seconds(g.UnknownSeconds), seconds(g.PlannedSeconds),
			seconds(g.MinSeconds), seconds(g.MaxSeconds), seconds(g.CoveredSeconds), known(g.UptimeRatio), count(g.Observations), count(g.Outages), known(g.Target),
			verdict, known(g.BudgetLeft)})
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
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
	q := report.GroupDayQuery{Attribute: c.Query("attribute")}
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
