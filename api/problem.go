package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/explain"
	"openhours/analytics/ingest"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/params"
	"openhours/analytics/queue"
	"openhours/analytics/report"
)

// FieldError is what is wrong with one field or parameter.
type FieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// Problem is an error as RFC 9457 writes it.
type Problem struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Status    int           `json:"status"`
	Detail    string        `json:"detail,omitempty"`
	Errors    []FieldError  `json:"errors,omitempty"`
	Rejects   []load.Reject `json:"first_rejects,omitempty"`
	RequestID string        `json:"request_id,omitempty"`
}

func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// invalid is a 400 about one field.
func invalid(field, detail string) *Problem {
	return &Problem{Status: fiber.StatusBadRequest, Title: "Invalid request", Detail: field + ": " + detail,
		Errors: []FieldError{{field, detail}}}
}

func methodNotAllowed(c *fiber.Ctx, allowed []string) error {
	c.Set(fiber.HeaderAllow, strings.Join(allowed, ", "))
	method, renamed := c.Locals("method").(string)
	if !renamed {
		method = c.Method()
	}
	return &Problem{Status: fiber.StatusMethodNotAllowed, Title: "Method not allowed",
		Detail: method + " is not allowed for this path; use " + strings.Join(allowed, " or ")}
}

func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// problemOf gives each kind of error its answer. What it does not know is internal.
func problemOf(err error) Problem {
	var problem *Problem
	var parameter *params.Error
	var data *input.Error
	var file *ingest.InvalidFileError
	var state *queue.NotCompleteError
	var compacted *ingest.CompactedFileError
	var latest *queue.NoLatestError
	var exists *ingest.ExistsError
	var own *fiber.Error
	switch {
	case errors.As(err, &problem):
		return *problem
	case errors.As(err, &parameter):
		return Problem{Status: fiber.StatusBadRequest, Title: "Invalid request", Detail: parameter.Error(), Errors: parameterErrors(parameter)}
	case errors.As(err, &file):
		return Problem{Status: fiber.StatusUnprocessableEntity, Title: "Invalid file", Detail: file.Error(), Rejects: file.Rejects}
	case errors.Is(err, load.ErrChanged):
		return Problem{Status: fiber.StatusServiceUnavailable, Title: "The data folder is changing", Detail: err.Error()}
	case errors.As(err, &data):
		return Problem{Status: fiber.StatusConflict, Title: "No usable data", Detail: data.Error()}
	case errors.As(err, &compacted):
		return Problem{Status: fiber.StatusConflict, Title: "The file was compacted", Detail: compacted.Error()}
	case errors.As(err, &exists):
		return Problem{Status: fiber.StatusConflict, Title: "The file exists", Detail: exists.Error()}
	case errors.Is(err, ingest.ErrNotDeleted):
		return Problem{Status: fiber.StatusNotFound, Title: "Nothing to restore", Detail: err.Error()}
	case errors.As(err, &state):
		return Problem{Status: fiber.StatusConflict, Title: "Report not complete", Detail: state.Error()}
	case errors.Is(err, report.ErrNoReport):
		return Problem{Status: fiber.StatusNotFound, Title: "No such report", Detail: "no report has this id, or it was removed"}
	case errors.As(err, &latest):
		return Problem{Status: fiber.StatusNotFound, Title: "No latest report", Detail: latest.Error() +
			`: make one, with POST /api/v1/reports, or pin a report, with PATCH /api/v1/reports/{id} and {"pinned": true}`}
	case errors.Is(err, report.ErrNoStore), errors.Is(err, ingest.ErrNoFile):
		return Problem{Status: fiber.StatusNotFound, Title: "Not found", Detail: err.Error()}
	case errors.Is(err, queue.ErrQueueFull), errors.Is(err, queue.ErrStopping), errors.Is(err, explain.ErrClosed):
		return Problem{Status: fiber.StatusServiceUnavailable, Title: "Busy", Detail: err.Error()}
	case errors.Is(err, input.ErrBusy), errors.Is(err, queue.ErrTaken):
		return Problem{Status: fiber.StatusServiceUnavailable, Title: "Busy", Detail: err.Error()}
	case isDiskFull(err):
		return Problem{Status: fiber.StatusInsufficientStorage, Title: "The server's disk is full",
			Detail: "nothing was changed; try again when there is room"}
	case errors.Is(err, queue.ErrKeyConflict):
		return Problem{Status: fiber.StatusUnprocessableEntity, Title: "Idempotency key used twice", Detail: err.Error(),
			Errors: []FieldError{{"Idempotency-Key", err.Error()}}}
	case errors.As(err, &own) && own.Code < 500:
		return ownProblem(own)
	}
	return Problem{Status: fiber.StatusInternalServerError, Title: "Internal error",
		Detail: "the server's log has the cause under this request_id"}
}

// ownProblem is an error of Fiber or fasthttp, which refuse what is not HTTP before any handler runs.
func ownProblem(err *fiber.Error) Problem {
	p := Problem{Status: err.Code, Title: http.StatusText(err.Code)}
	switch {
	case err.Code == fiber.StatusBadRequest:
		p.Title, p.Detail = "Malformed request", err.Message
	case err.Code == fiber.StatusRequestHeaderFieldsTooLarge:
		p.Detail = fmt.Sprintf("the request line and the headers may have %d bytes", maxHeader)
	case err.Message != p.Title:
		p.Detail = err.Message
	}
	return p
}

// parameterErrors names the field of each fault: messages begin with it.
func parameterErrors(err *params.Error) []FieldError {
	var list []FieldError
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimSuffix(line, "\n")
		field, _, _ := strings.Cut(line, " ")
		list = append(list, FieldError{strings.TrimSuffix(field, ":"), line})
	}
	return list
}

// answerError is the one place where an error becomes an answer.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	p := problemOf(err)
	p.Detail = s.withoutPaths(p.Detail)
	for i := range p.Errors {
		p.Errors[i].Detail = s.withoutPaths(p.Errors[i].Detail)
	}
	closeGently(c.Context())
	p.RequestID = requestID(c)
	if p.Type == "" {
		p.Type = "about:blank"
	}
	if p.Status >= 500 && p.Status != fiber.StatusServiceUnavailable {
		s.o.Log.Error("request failed", "method", c.Method(), "path", c.Path(), "status", p.Status, "error", err, "request_id", p.RequestID)
	}
	if (p.Status == fiber.StatusServiceUnavailable || p.Status == fiber.StatusTooManyRequests) && c.GetRespHeader(fiber.HeaderRetryAfter) == "" {
		c.Set(fiber.HeaderRetryAfter, retrySeconds)
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	for _, header := range []string{fiber.HeaderETag, fiber.HeaderContentLocation, fiber.HeaderContentDisposition, fiber.HeaderAcceptRanges, "Report-Status", reprDigest} {
		c.Response().Header.Del(header)
	}
	c.Status(p.Status).Set(fiber.HeaderContentType, "application/problem+json")
	return c.Send(text)
}

// withoutPaths leaves of the server's own folders only their last names: where they are is nobody's business.
func (s *Server) withoutPaths(text string) string {
	for _, path := range s.o.Private {
		text = strings.ReplaceAll(text, path, filepath.Base(path))
	}
	return text
}
