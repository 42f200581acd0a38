package api

import (
	"github.com/gofiber/fiber/v2"

	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// attentionView is what of a report matters first, for all stores or those of one group.
type attentionView struct {
	ReportID  string `json:"report_id"`
	AsOf      string `json:"as_of"`
	Window    string `json:"time_window"`
	Attribute string `json:"attribute,omitempty"`
	Value     string `json:"value"`
	Limit     int    `json:"limit"`
	// Before is the report before, with the same parameters and an earlier as_of; null: there is none.
	Before *reportBefore `json:"before"`
	// Group are the measures of the chosen group, a row for each window; those of all stores are in the report.
	Group []report.GroupRow `json:"group,omitempty"`
	report.Attention
}

type reportBefore struct {
	ReportID string `json:"report_id"`
	AsOf     string `json:"as_of"`
}

func (s *Server) getAttention(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	q := report.AttentionQuery{Attribute: c.Query("attribute"), Value: c.Query("value")}
	if q.Window, err = windowOf(c, m); err != nil {
		return err
	}
	if q.Limit, err = number(c, "limit", 10, 1, 1000); err != nil {
		return err
	}
	view := attentionView{ReportID: m.ReportID, AsOf: m.AsOf, Window: q.Window, Attribute: q.Attribute, Value: q.Value, Limit: q.Limit}
	folder := s.o.Finished.Folder(m.ReportID)
	if q.Attribute == "" && q.Value != "" {
		return invalid("value", "needs an attribute")
	}
	if q.Attribute != "" {
		if err := pipeline.CheckGroups(q.Attribute, m.Attributes); err != nil {
			return invalid("attribute", err.Error())
		}
		group, err := s.o.Results.Groups(c.UserContext(), folder, report.GroupQuery{Attribute: q.Attribute, Value: &q.Value, Limit: len(m.Parameters.Windows)})
		if err != nil {
			return err
		}
		if group.Total == 0 {
			return invalid("value", "no store of the report has this "+q.Attribute)
		}
		view.Group = group.Groups
	}
	before, err := s.o.Finished.Before(m.ReportID)
	if err != nil {
		return err
	}
	if before != nil {
		view.Before = &reportBefore{before.ReportID, before.AsOf}
		q.Before = s.o.Finished.Folder(before.ReportID)
	}
	view.Attention, err = s.o.Results.Attention(c.UserContext(), folder, q)
	if err != nil {
		return err
	}
	return c.JSON(view)
}
