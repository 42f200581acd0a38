package api

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"
)

// csvColumn is a column of a CSV file: its name, and the cell of a row. Only text can be a formula.
type csvColumn[T any] struct {
	name   string
	cell   func(T) string
	isText bool
	isTime bool
}

func textColumn[T any](name string, of func(T) string) csvColumn[T] {
	return csvColumn[T]{name: name, cell: of, isText: true}
}

// timeColumn has instants as FormatInstant writes them. Spreadsheets get them in a form that they read as a time.
func timeColumn[T any](name string, of func(T) string) csvColumn[T] {
	return csvColumn[T]{name: name, cell: of, isTime: true}
}

func secondsColumn[T any](name string, of func(T) float64) csvColumn[T] {
	return csvColumn[T]{name: name, cell: func(row T) string { return strconv.FormatFloat(of(row), 'f', -1, 64) }}
}

func countColumn[T any](name string, of func(T) int64) csvColumn[T] {
	return csvColumn[T]{name: name, cell: func(row T) string { return strconv.FormatInt(of(row), 10) }}
}

// knownColumn has numbers that may be unknown: empty cells.
func knownColumn[T, N any](name string, of func(T) *N) csvColumn[T] {
	return csvColumn[T]{name: name, cell: func(row T) string {
		switch n := any(of(row)).(type) {
		case *float64:
			if n != nil {
				return strconv.FormatFloat(*n, 'f', -1, 64)
			}
		case *int64:
			if n != nil {
				return strconv.FormatInt(*n, 10)
			}
		}
		return ""
	}}
}

func known(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// csvExport is a table that is sent as a CSV file: its columns, and what hands over its rows.
type csvExport[T any] struct {
	name    string // of the file
	columns []csvColumn[T]
	each    func(ctx context.Context, take func(T) error) error
}

// sendCSV streams a table. With excel=true it is for spreadsheets.
func sendCSV[T any](s *Server, c *fiber.Ctx, export csvExport[T]) error {
	excel, err := flag(c, "excel")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s.csv"`, export.name))
	return s.streamFrom(c, func(ctx context.Context, w io.Writer) error { return export.write(ctx, w, excel) })
}

func (e csvExport[T]) write(ctx context.Context, w io.Writer, excel bool) error {
	guarded := func(text string) string { return text }
	if excel {
		guarded = guardFormula
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	out, cells := csv.NewWriter(w), make([]string, len(e.columns))
	for i, column := range e.columns {
		cells[i] = guarded(column.name)
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	err := e.each(ctx, func(row T) error {
		for i, column := range e.columns {
			cells[i] = column.cell(row)
			switch {
			case column.isText:
				cells[i] = guarded(cells[i])
			case column.isTime && excel:
				cells[i] = spreadsheetTime(cells[i])
			}
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// spreadsheetTime leaves out what keeps spreadsheets from reading a time: the zone, always UTC, and the microseconds.
func spreadsheetTime(instant string) string {
	if len(instant) < len("2006-01-02 15:04:05") {
		return instant
	}
	return instant[:len("2006-01-02 15:04:05")]
}

// eachOf hands over the rows of a list.
func eachOf[T any](list []T, take func(T) error) error {
	for _, row := range list {
		if err := take(row); err != nil {
			return err
		}
	}
	return nil
}
