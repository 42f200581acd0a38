package api

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// latestID stands in a path for the id of the report that the queue takes for the fleet's: an address that stays.
const latestID = "latest"

// stable makes an address below a report fit to be asked again and again: `latest` is the report that it means now, and
// what has not changed is not sent twice.
func (s *Server) stable(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if c.Params("id") == latestID || c.Params("other") == latestID {
			if r.method != fiber.MethodGet {
				return invalid("id", "latest is another report soon: give the id of the one that you mean, report_id in GET "+reportPath(latestID))
			}
			latest, err := s.o.Queue.Latest()
			if err != nil {
				return err
			}
			c.Locals(latestID, latest.ReportID)
			c.Set(fiber.HeaderContentLocation, s.realLocation(c))
		}
		err := c.Next()
		if err != nil || r.method != fiber.MethodGet || !r.onlyJSON() || c.Response().StatusCode() != fiber.StatusOK {
			return err
		}
		sum := sha256.Sum256(c.Response().Body())
		if notModified(c, sum[:]) {
			c.Response().ResetBody()
			return c.SendStatus(fiber.StatusNotModified)
		}
		return nil
	}
}

// realLocation is where the answer is, whatever `latest` will mean: its path and query with the ids of the reports.
func (s *Server) realLocation(c *fiber.Ctx) string {
	parts := strings.Split(c.Route().Path, "/")
	for i, part := range parts {
		name, isParameter := strings.CutPrefix(part, ":")
		switch {
		case isParameter && c.Params(name) == latestID && (name == "id" || name == "other"):
			parts[i] = pathValue(c, name)
		case isParameter:
			parts[i] = c.Params(name)
		}
	}
	path := strings.Join(parts, "/")
	if query := c.Context().QueryArgs().QueryString(); len(query) > 0 {
		path += "?" + string(query)
	}
	return path
}

// notModified gives an answer a weak tag, since it may be sent compressed, and reports whether the client has it.
func notModified(c *fiber.Ctx, sum []byte) bool {
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Set(fiber.HeaderETag, "W/"+tag)
	return matches(c.Get(fiber.HeaderIfNoneMatch), tag)
}
