package api

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/report"
)

const parquetType = "application/vnd.apache.parquet"

// reportFile is one file of a report that can be downloaded.
type reportFile struct {
	name, contentType string
	lacking           string // why some reports do not have it; "": all have
}

var reportFiles = []reportFile{
	{name: "report.csv", contentType: "text/csv; charset=utf-8"},
	{name: "report.parquet", contentType: parquetType},
	{name: "outages.parquet", contentType: parquetType},
	{name: report.StoresFile, contentType: parquetType, lacking: "its data had no file of stores"},
	{name: report.GroupsFile, contentType: parquetType, lacking: "no attribute of its stores makes groups"},
	{name: report.TargetsFile, contentType: parquetType, lacking: "none of its stores has a target"},
	{name: report.GroupDaysFile, contentType: parquetType, lacking: "no attribute of its stores makes groups"},
	{name: report.DaysFile, contentType: parquetType, lacking: `it was requested without "by": "date" or "hour"`},
	{name: report.HoursFile, contentType: parquetType, lacking: `it was requested without "by": "hour"`},
	{name: "rejects.csv", contentType: "text/csv; charset=utf-8"},
	{name: "report.json", contentType: fiber.MIMEApplicationJSON},
	{name: "report.arrow", contentType: "application/vnd.apache.arrow.stream"},
}

func (s *Server) getFile(c *fiber.Ctx) error {
	return s.sendFile(c, pathValue(c, "id"), pathValue(c, "file"))
}

// sendFile answers with a file of a finished report.
func (s *Server) sendFile(c *fiber.Ctx, id, name string) error {
	i := slices.IndexFunc(reportFiles, func(f reportFile) bool { return f.name == name })
	if i < 0 {
		return &Problem{Status: fiber.StatusNotFound, Title: "No such file", Detail: name + " is not a file of a report"}
	}
	m, err := s.o.Finished.Manifest(id)
	if err != nil {
		return err
	}
	excel, err := flag(c, "excel")
	if err != nil {
		return err
	}
	if why := reportFiles[i].lacking; why != "" && !slices.ContainsFunc(m.Outputs, func(f report.OutputFile) bool { return f.File == name }) {
		return &Problem{Status: fiber.StatusNotFound, Title: "No such file", Detail: "this report has no " + name + ": " + why}
	}
	c.Set(fiber.HeaderContentType, reportFiles[i].contentType)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s-%s"`, strings.TrimSuffix(m.ReportID, "."), name))
	folder := s.o.Finished.Folder(m.ReportID)
	switch {
	case name == "report.arrow":
		return s.streamFrom(c, func(ctx context.Context, w io.Writer) error {
			return report.WriteArrow(ctx, filepath.Join(folder, "report.parquet"), w)
		})
	case excel && strings.HasSuffix(name, ".csv"):
		return s.streamFrom(c, func(_ context.Context, w io.Writer) error { return guardFormulas(filepath.Join(folder, name), w) })
	}
	file, err := os.Open(filepath.Join(folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("report %q: %w", id, report.ErrNoReport)
	} else if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	tag, err := entityTag(m, name, file)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	setReprDigest(c, strings.Trim(tag, `"`))
	return sendRange(c, file, info.Size(), tag)
}

// entityTag is the hash of the file, which the manifest knows of all files but itself.
func entityTag(m report.Manifest, name string, file io.ReadSeeker) (string, error) {
	for _, output := range m.Outputs {
		if output.File == name {
			return `"` + output.SHA256 + `"`, nil
		}
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	return `"` + hex.EncodeToString(sum.Sum(nil)) + `"`, nil
}

// sendRange answers with the file, a part of it, or the news that it has not changed; it closes it.
func sendRange(c *fiber.Ctx, file *os.File, size int64, tag string) error {
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return errors.Join(file.Close(), c.SendStatus(fiber.StatusNotModified))
	}
	start, length := int64(0), size
	header := c.Get(fiber.HeaderRange)
	if condition := c.Get(fiber.HeaderIfRange); condition != "" && condition != tag {
		header = ""
	}
	if part, ok := parseRange(header, size); ok {
		if part.length == 0 {
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", size))
			return errors.Join(file.Close(), &Problem{Status: fiber.StatusRequestedRangeNotSatisfiable, Title: "Range not satisfiable",
				Detail: fmt.Sprintf("the file has %d bytes", size)})
		}
		start, length = part.start, part.length
		c.Status(fiber.StatusPartialContent).Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", start, start+length-1, size))
	}
	if c.Method() == fiber.MethodHead {
		c.Response().SkipBody = true
		c.Response().Header.SetContentLength(int(length))
		return file.Close()
	}
	if _, err := file.Seek(start, io.SeekStart); err != nil {
		return errors.Join(err, file.Close())
	}
	return c.SendStream(struct {
		io.Reader
		io.Closer
	}{io.LimitReader(file, length), file}, int(length))
}

// matches reads If-None-Match: a star or a list of tags, weak ones too.
func matches(header, tag string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	for _, candidate := range strings.Split(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(candidate), "W/") == tag {
			return true
		}
	}
	return false
}

// byteRange is a part of a file; one without bytes cannot be satisfied.
type byteRange struct{ start, length int64 }

// parseRange reads a single range of bytes. What it does not read, several ranges for one, is no
// range: the whole file is a right answer then.
func parseRange(header string, size int64) (r byteRange, ok bool) {
	text, found := strings.CutPrefix(header, "bytes=")
	from, to, dashed := strings.Cut(strings.TrimSpace(text), "-")
	if !found || !dashed || strings.Contains(text, ",") {
		return byteRange{}, false
	}
	first, firstErr := strconv.ParseUint(from, 10, 62)
	last, lastErr := strconv.ParseUint(to, 10, 62)
	switch {
	case from == "" && lastErr == nil: // the last bytes
		length := min(int64(last), size)
		return byteRange{size - length, length}, true
	case firstErr != nil || to != "" && (lastErr != nil || last < first):
		return byteRange{}, false
	case int64(first) >= size:
		return byteRange{}, true
	case to == "" || int64(last) >= size:
		return byteRange{int64(first), size - int64(first)}, true
	}
	return byteRange{int64(first), int64(last-first) + 1}, true
}

// streamFrom sends what write makes, as it is made: of finished reports, so that an address has one content for each
// version of the program. A failure on the way cuts the answer off, which
// shows the client that it is incomplete. Each such answer holds rows in memory for as long as its client
// takes, so only a few are made at once.
func (s *Server) streamFrom(c *fiber.Ctx, write func(context.Context, io.Writer) error) error {
	made := sha256.Sum256([]byte(s.o.Version + " " + s.realLocation(c)))
	if notModified(c, made[:]) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if c.Method() == fiber.MethodHead {
		return nil
	}
	select {
	case s.streams <- struct{}{}:
	case <-time.After(s.o.Limits.Turn):
		return &Problem{Status: fiber.StatusServiceUnavailable, Title: "Busy",
			Detail: fmt.Sprintf("%d answers of this kind are being sent already; retry later", mostStreams)}
	case <-c.UserContext().Done():
		return c.UserContext().Err()
	}
	ctx, timedOut := context.WithTimeout(context.Background(), streamTimeout)
	ctx, leave := untilLeft(ctx, c.Context().Conn())
	reader, writer := io.Pipe()
	context.AfterFunc(ctx, func() { writer.CloseWithError(ctx.Err()) }) // nobody may be writing when the client leaves
	path, id := c.Path(), requestID(c)                                  // the request context is another request's by the time of a failure
	go func() {
		defer func() {
			leave()
			timedOut()
			<-s.streams
		}()
		buffered := bufio.NewWriterSize(writer, 1<<16)
		err := write(ctx, buffered)
		if err == nil {
			err = buffered.Flush()
		}
		if err != nil && !errors.Is(ctx.Err(), context.Canceled) && !errors.Is(err, io.ErrClosedPipe) { // which is a client that left
			s.o.Log.Error("answer cut off", "path", path, "error", err, "request_id", id)
		}
		writer.CloseWithError(err)
	}()
	return c.SendStream(reader)
}

// byteOrderMark makes spreadsheets read a CSV file as UTF-8.
const byteOrderMark = "\ufeff"

// guardFormulas puts a quote before cells that a spreadsheet would take for a formula.
func guardFormulas(path string, w io.Writer) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	rows, out := csv.NewReader(file), csv.NewWriter(w)
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			out.Flush()
			return out.Error()
		} else if err != nil {
			return err
		}
		for i, cell := range row {
			row[i] = guardFormula(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
}

func guardFormula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
