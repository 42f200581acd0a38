package api

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/explain"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/queue"
	"openhours/analytics/report"
)

// storePage is a page of stores of one window.
type storePage struct {
	ReportID string `json:"report_id"`
	Window   string `json:"time_window"`
	Offset   int    `json:"offset"`
	Limit    int    `json:"limit"`
	report.StorePage
}

// storeQuery reads what both forms of the list of stores take.
func (s *Server) storeQuery(c *fiber.Ctx) (m report.Manifest, q report.StoreQuery, err error) {
	if m, err = s.o.Finished.Manifest(pathValue(c, "id")); err != nil {
		return m, q, err
	}
	q = report.StoreQuery{Sort: c.Query("sort", "store_id"), Search: c.Query("search"), Zone: c.Query("zone"), Status: c.Query("status"),
		Verdict: c.Query("verdict")}
	if q.Of, err = attributeValues(c); err != nil {
		return m, q, err
	}
	if q.Window, err = windowOf(c, m); err != nil {
		return m, q, err
	}
	if err := q.Check(m); err != nil {
		return m, q, err
	}
	q.Descending, err = descending(c)
	return m, q, err
}

// attributeValues reads any number of attributes with their values: the first value is that of the first attribute.
func attributeValues(c *fiber.Ctx) (all []report.AttributeValue, err error) {
	names, values := c.Context().QueryArgs().PeekMulti("attribute"), c.Context().QueryArgs().PeekMulti("value")
	if len(names) == 1 && len(values) == 0 {
		values = [][]byte{nil} // the stores without one
	}
	if len(names) == 0 && len(values) > 0 {
		return nil, invalid("value", "needs an attribute")
	}
	if len(values) != len(names) {
		return nil, invalid("value", "must be given once for each attribute")
	}
	for i := range names {
		one := report.AttributeValue{Attribute: string(names[i]), Value: string(values[i])}
		switch {
		case one.Attribute == "" && one.Value != "":
			return nil, invalid("value", "needs an attribute")
		case slices.ContainsFunc(all, func(other report.AttributeValue) bool { return other.Attribute == one.Attribute }):
			return nil, invalid("attribute", one.Attribute+" is given more than once")
		case one.Attribute != "": // a form sends what was left open as an empty text
			all = append(all, one)
		}
	}
	return all, nil
}

// descending reads the order of a list.
func descending(c *fiber.Ctx) (bool, error) {
	switch order := c.Query("order", "asc"); order {
	case "asc", "desc":
		return order == "desc", nil
	}
	return false, invalid("order", "must be asc or desc")
}

// windowOf is the window that a request names, or the last of the report.
func windowOf(c *fiber.Ctx, reports ...report.Manifest) (string, error) {
	var names []string
	for _, m := range reports {
		for _, w := range m.Parameters.Windows {
			if !slices.Contains(names, w.Name) {
				names = append(names, w.Name)
			}
		}
	}
	window := c.Query("window", names[len(names)-1])
	if !slices.Contains(names, window) {
		return "", invalid("window", "must be one of "+strings.Join(names, ", "))
	}
	return window, nil
}

func (s *Server) listStores(c *fiber.Ctx) error {
	m, q, err := s.storeQuery(c)
	if err != nil {
		return err
	}
	if q.Limit, err = number(c, "limit", 50, 1, 1000); err != nil {
		return err
	}
	if q.Offset, err = number(c, "offset", 0, 0, 100_000_000); err != nil {
		return err
	}
	page, err := s.o.Results.Stores(c.UserContext(), s.o.Finished.Folder(m.ReportID), q)
	if err != nil {
		return err
	}
	return c.JSON(storePage{m.ReportID, q.Window, q.Offset, q.Limit, page})
}

// storeOf is the store that a request is about. Clients remove . and .. from a path, however they are escaped (as
// the URL standard asks of them), so these ids come as a parameter.
func storeOf(c *fiber.Ctx) (string, error) {
	if store := pathValue(c, "store"); store != "" {
		return store, nil
	}
	store := c.Query("store_id")
	if store == "" {
		return "", invalid("store_id", "missing: give the id or the exact name of a store")
	}
	return store, nil
}

// storePath is the path of a store, or of what lies below it, such as /timeline.
func storePath(report, store, below string) string {
	if store == "." || store == ".." {
		return reportPath(report) + "/store" + below + "?store_id=" + store
	}
	return reportPath(report) + "/stores/" + url.PathEscape(store) + below
}

func (s *Server) getStore(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	store, err := storeOf(c)
	if err != nil {
		return err
	}
	report, err := s.o.Results.Store(c.UserContext(), s.o.Finished.Folder(m.ReportID), store)
	if err != nil {
		return err
	}
	return c.JSON(storeView{report, map[string]string{"self": storePath(m.ReportID, report.StoreID, ""), "timeline": storePath(m.ReportID, report.StoreID, "/timeline")}})
}

type storeView struct {
	report.StoreReport
	Links map[string]string `json:"links"`
}

// timelineView is an explanation, and whether it is about the same data.
type timelineView struct {
	explain.Explanation
	InputsChanged bool `json:"inputs_changed"` // since the report was made: its numbers may differ
}

// mostTimelineRows is how many rows of each list an answer has: more than a browser can show.
const mostTimelineRows = 20_000

func (s *Server) getTimeline(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	store, err := storeOf(c)
	if err != nil {
		return err
	}
	if store, err = s.o.Results.StoreID(c.UserContext(), s.o.Finished.Folder(m.ReportID), store); err != nil {
		return err
	}
	var page explain.Page
	if page.Limit, err = number(c, "limit", mostTimelineRows, 1, mostTimelineRows); err != nil {
		return err
	}
	if page.FromUS, err = instant(c, "from"); err != nil {
		return err
	}
	select { // each takes memory for the rows of its store
	case s.timelines <- struct{}{}:
		defer func() { <-s.timelines }()
	case <-c.UserContext().Done():
		return c.UserContext().Err()
	}
	x, err := s.o.Rows.Explain(c.UserContext(), store, m.Parameters, page)
	var gone *params.Error
	if errors.As(err, &gone) {
		return &Problem{Status: fiber.StatusConflict, Title: "Inputs have changed", Detail: "the data folder no longer has this store: " + gone.Error()}
	} else if err != nil {
		return err
	}
	return c.JSON(timelineView{x, !sameInputs(x.Inputs, m.Inputs)})
}

func sameInputs(a, b []input.LoadedFile) bool {
	return slices.EqualFunc(a, b, func(x, y input.LoadedFile) bool { return x.File == y.File && x.SHA256 == y.SHA256 })
}

// attributeList has the attributes of the stores with their values.
type attributeList struct {
	ReportID   string                   `json:"report_id"`
	Attributes []report.AttributeValues `json:"attributes"`
}

func (s *Server) listAttributes(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	limit, err := number(c, "limit", 100, 1, 1000)
	if err != nil {
		return err
	}
	list, err := s.o.Results.AttributeValues(c.UserContext(), s.o.Finished.Folder(m.ReportID), limit)
	if err != nil {
		return err
	}
	return c.JSON(attributeList{m.ReportID, list})
}

// zoneList sums a window of a report by time zone.
type zoneList struct {
	ReportID string              `json:"report_id"`
	Window   string              `json:"time_window"`
	Zones    []report.ZoneWindow `json:"zones"`
}

func (s *Server) listZones(c *fiber.Ctx) error {
	m, err := s.o.Finished.Manifest(pathValue(c, "id"))
	if err != nil {
		return err
	}
	window, err := windowOf(c, m)
	if err != nil {
		return err
	}
	zones, err := s.o.Results.Zones(c.UserContext(), s.o.Finished.Folder(m.ReportID), window)
	if err != nil {
		return err
	}
	return c.JSON(zoneList{m.ReportID, window, zones})
}

// trendList is how the fleet did in this report and earlier ones that ask the same.
type trendList struct {
	Points []queue.TrendPoint `json:"points"`
}

func (s *Server) getTrend(c *fiber.Ctx) error {
	limit, err := number(c, "limit", 60, 1, 500)
	if err != nil {
		return err
	}
	points, err := s.o.Finished.Trend(pathValue(c, "id"), limit)
	if err != nil {
		return err
	}
	return c.JSON(trendList{points})
}
