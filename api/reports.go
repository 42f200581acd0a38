package api

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/queue"
	"openhours/analytics/report"
)

// submission is the body of a request for a report.
type submission struct {
	params.Parameters
	Fresh bool `json:"fresh" about:"Compute the report even if a finished one has the same parameters and files; default false."`
}

// submit hands a request for a report to the runner.
func (s *Server) submit(c *fiber.Ctx) (status queue.Status, reused bool, err error) {
	var body submission
	if err := s.readBody(c, &body); err != nil {
		return status, false, err
	}
	key := c.Get("Idempotency-Key")
	if len(key) > 200 {
		return status, false, invalid("Idempotency-Key", "longer than 200 bytes")
	}
	if err := s.o.Engine.CheckInstant(c.UserContext(), "as_of", body.AsOf); err != nil {
		return status, false, err
	}
	asked := queue.Submission{Parameters: body.Parameters, Fresh: body.Fresh, IdempotencyKey: key, RequestedBy: requestedBy(c)}
	status, reused, err = s.o.Queue.Submit(c.UserContext(), asked)
	if isDiskFull(err) && s.forgetDeleted(c) {
		status, reused, err = s.o.Queue.Submit(c.UserContext(), asked)
	} else if err == nil && !reused {
		s.forgetDeleted(c)
	}
	return status, reused, err
}

// requestedBy tells the requests of the page from those of programs.
func requestedBy(c *fiber.Ctx) string {
	if fromBrowser(c) {
		return "page"
	}
	return "api"
}

// accepted is the answer to a request for a report.
type accepted struct {
	ReportID string            `json:"report_id"`
	State    queue.State       `json:"state"`
	Reused   bool              `json:"reused"`
	Links    map[string]string `json:"links"`
}

func (s *Server) postReport(c *fiber.Ctx) error {
	status, reused, err := s.submit(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderLocation, reportPath(status.ReportID))
	c.Set(fiber.HeaderRetryAfter, retrySeconds)
	return c.Status(fiber.StatusAccepted).JSON(accepted{status.ReportID, status.State, reused, links(status)})
}

func reportPath(id string) string { return "/api/v1/reports/" + id }

// links lead on from a report.
func links(status queue.Status) map[string]string {
	self := reportPath(status.ReportID)
	all := map[string]string{"self": self}
	if status.State == queue.Complete {
		for _, file := range reportFiles {
			if file.lacking == "" {
				all[file.name] = self + "/" + file.name
			}
		}
		all["stores"] = self + "/stores"
	}
	return all
}

// getReportCSV is the poll that people of this job know: `Running`, then the file.
func (s *Server) getReportCSV(c *fiber.Ctx) error {
	id := c.Query("report_id")
	if id == "" {
		return invalid("report_id", "missing")
	}
	status, err := s.o.Queue.Find(id)
	if err != nil {
		return err
	}
	format, err := wantedFormat(c)
	if err != nil {
		return err
	}
	switch status.State {
	case queue.Queued, queue.Running:
		c.Set(fiber.HeaderRetryAfter, retrySeconds)
		return c.JSON(poll{Status: "Running", ReportID: status.ReportID, State: status.State, Waiting: status.Waiting, Progress: status.Progress})
	case queue.Failed, queue.Cancelled:
		return &Problem{Status: fiber.StatusConflict, Title: "Report " + string(status.State), Detail: cmp.Or(status.Error, "it was "+string(status.State))}
	}
	c.Set("Report-Status", "Complete")
	if format == "json" {
		return c.JSON(poll{Status: "Complete", ReportID: status.ReportID, State: status.State, Links: links(status)})
	}
	return s.sendFile(c, status.ReportID, "report."+format)
}

// poll is the JSON answer of get_report.
type poll struct {
	Status   string              `json:"status"` // Running or Complete
	ReportID string              `json:"report_id"`
	State    queue.State         `json:"state"`
	Waiting  int                 `json:"waiting,omitempty"`
	Progress *queue.StepProgress `json:"progress,omitempty"`
	Links    map[string]string   `json:"links,omitempty"`
}

func wantedFormat(c *fiber.Ctx) (string, error) {
	switch format := c.Query("format"); format {
	case "csv", "parquet", "json":
		return format, nil
	case "":
		c.Vary(fiber.HeaderAccept)
		switch c.Accepts("text/csv", fiber.MIMEApplicationJSON, parquetType) {
		case fiber.MIMEApplicationJSON:
			return "json", nil
		case parquetType:
			return "parquet", nil
		}
		return "csv", nil
	default:
		return "", invalid("format", "must be csv, parquet or json")
	}
}

// reportView is a report as a resource.
type reportView struct {
	queue.Status
	AsOf       string                `json:"as_of,omitempty"`
	Stores     int64                 `json:"stores,omitempty"`
	Dates      []windowDates         `json:"window_dates,omitempty"`
	Fleet      []report.FleetWindow  `json:"fleet,omitempty"`
	Worst      []report.StoreSummary `json:"worst_stores,omitempty"`
	Week       []report.WeekHour     `json:"week_hours,omitempty"`
	Days       []report.FleetDay     `json:"days,omitempty"`
	Attributes []pipeline.Attribute  `json:"attributes,omitempty"`
	Targets    []report.TargetWindow `json:"targets,omitempty"`
	Gaps       []report.CollectorGap `json:"collector_gaps,omitzero"` // absent in reports of earlier releases
	Quality    *report.Quality       `json:"quality,omitempty"`
	Inputs     []input.LoadedFile    `json:"inputs,omitempty"`
	Steps      []engine.Step         `json:"steps,omitempty"`
	Outputs    []report.OutputFile   `json:"outputs,omitempty"`
	Links      map[string]string     `json:"links"`
}

// forClient leaves out of a record what this client must not see: paths of the server, and the keys of those who
// may change data unless it is one of them.
func (s *Server) forClient(c *fiber.Ctx, status queue.Status) queue.Status {
	status.Error = s.withoutPaths(status.Error)
	if !s.rightsOf(c).change {
		status.IdempotencyKey = ""
	}
	return status
}

func (s *Server) view(c *fiber.Ctx, status queue.Status) (reportView, error) {
	status = s.forClient(c, status)
	view := reportView{Status: status, Links: links(status)}
	if status.State != queue.Complete {
		return view, nil
	}
	m, err := s.o.Finished.Manifest(status.ReportID)
	if err != nil {
		return view, err
	}
	view.AsOf, view.Stores, view.Fleet, view.Worst, view.Week, view.Days = m.AsOf, m.Stores, m.Fleet, m.Worst, m.WeekHours, m.Days
	if view.Dates, err = datesOfWindows(m); err != nil {
		return view, err
	}
	view.Attributes, view.Targets, view.Quality = m.Attributes, m.Targets, &m.Quality
	view.Inputs, view.Steps, view.Outputs, view.Gaps = m.Inputs, m.Steps, m.Outputs, m.Gaps
	return view, nil
}

func (s *Server) getReport(c *fiber.Ctx) error {
	status, err := s.o.Queue.Find(pathValue(c, "id"))
	if err != nil {
		return err
	}
	return s.sendView(c, status)
}

func (s *Server) sendView(c *fiber.Ctx, status queue.Status) error {
	view, err := s.view(c, status)
	if err != nil {
		return err
	}
	if !status.State.Final() {
		c.Set(fiber.HeaderRetryAfter, retrySeconds)
	}
	return c.JSON(view)
}

// reportList is a page of reports.
type reportList struct {
	Reports []listedReport `json:"reports"`
	Next    string         `json:"next,omitempty"`   // the cursor of the page after it
	Latest  string         `json:"latest,omitempty"` // the id that `latest` stands for
}

type listedReport struct {
	queue.Status
	queue.Summary
	Links map[string]string `json:"links"`
}

func (s *Server) listReports(c *fiber.Ctx) error {
	limit, err := number(c, "limit", 50, 1, 500)
	if err != nil {
		return err
	}
	state := queue.State(c.Query("state"))
	if !slices.Contains([]queue.State{"", queue.Queued, queue.Running, queue.Complete, queue.Failed, queue.Cancelled}, state) {
		return invalid("state", "must be queued, running, complete, failed or cancelled")
	}
	found, err := s.o.Queue.List(state, c.Query("cursor"), limit+1)
	if err != nil {
		return err
	}
	list := reportList{Reports: []listedReport{}}
	var none *queue.NoLatestError
	switch latest, err := s.o.Queue.Latest(); {
	case err == nil:
		list.Latest = latest.ReportID
	case !errors.As(err, &none):
		return err
	}
	for i, status := range found {
		if i == limit {
			list.Next = found[limit-1].ReportID
			break
		}
		list.Reports = append(list.Reports, listedReport{s.forClient(c, status), status.Summary, links(status)})
	}
	return c.JSON(list)
}

// number reads a whole number of the query.
func number(c *fiber.Ctx, name string, otherwise, least, most int) (int, error) {
	if !c.Context().QueryArgs().Has(name) {
		return otherwise, nil
	}
	text := c.Query(name)
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, invalid(name, fmt.Sprintf("it is a whole number from %d to %d", least, most))
	}
	return n, nil
}

// instant reads an instant of the query, as answers have them or as RFC 3339 does; the earliest of all if there is none.
func instant(c *fiber.Ctx, name string) (us int64, err error) {
	text := c.Query(name)
	if !c.Context().QueryArgs().Has(name) {
		return math.MinInt64, nil
	}
	for _, layout := range []string{params.InstantLayout, time.RFC3339Nano} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UnixMicro(), nil
		}
	}
	return 0, invalid(name, "it is an instant such as 2024-10-14T22:00:00Z")
}

func flag(c *fiber.Ctx, name string) (bool, error) {
	switch text := c.Query(name); {
	case text == "false" || !c.Context().QueryArgs().Has(name):
		return false, nil
	case text == "true":
		return true, nil
	}
	return false, invalid(name, "it is true or false")
}

func (s *Server) deleteReport(c *fiber.Ctx) error {
	id := pathValue(c, "id")
	cancelled, err := s.o.Queue.Remove(c.UserContext(), id)
	if err != nil {
		return err
	}
	s.o.Log.Info("report removed or cancelled", s.whoAsks(c, "report_id", id, "cancelled", cancelled)...)
	if !cancelled {
		return c.SendStatus(fiber.StatusNoContent)
	}
	status, err := s.o.Queue.Find(id)
	if err != nil {
		return err
	}
	return s.sendView(c, status)
}
