package api

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
)

// framed refuses requests that another server in front could have read differently, and ends their connection: what
// follows on it may be the rest of a body. fasthttp refuses most of them itself, before any handler; what it lets
// pass is a length beside a transfer coding, the coding "identity", folded lines and lines without a CR.
func framed(c *fiber.Ctx) error {
	if fault := framingFault(c.Request().Header.RawHeaders(), c.Request().Header.IsHTTP11()); fault != "" {
		c.Context().SetConnectionClose()
		return &Problem{Status: fiber.StatusBadRequest, Title: "Malformed request", Detail: fault}
	}
	return c.Next()
}

func framingFault(header []byte, isHTTP11 bool) string {
	var length, coding, host bool
	for line := range bytes.Lines(header) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch name := string(bytes.ToLower(name)); {
		case !bytes.HasSuffix(line, []byte("\r\n")):
			return "a header line ends with LF alone; want CR LF"
		case line[0] == ' ' || line[0] == '\t':
			return "a header line begins with a blank; want each header on one line"
		case name == "content-length":
			length = true
		case name == "transfer-encoding":
			coding = true
			if !bytes.EqualFold(bytes.TrimSpace(value), []byte("chunked")) {
				return "Transfer-Encoding: want chunked, or a Content-Length instead"
			}
		case name == "host":
			host = true
		}
	}
	switch {
	case length && coding:
		return "Content-Length and Transfer-Encoding exclude each other"
	case isHTTP11 && !host:
		return "Host: missing"
	}
	return ""
}
