package hive

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/beltran/gohive"
	"github.com/beltran/gohive/hiveserver"
)

// ExecContext runs a statement and waits for its end.
func (s *session) ExecContext(ctx context.Context, statement string, args []driver.NamedValue) (driver.Result, error) {
	cursor, err := s.run(ctx, statement, args)
	if err != nil {
		return nil, err
	}
	cursor.Close()
	return driver.ResultNoRows, s.check(cursor.Err)
}

// QueryContext runs a statement, waits for its end and returns its rows.
func (s *session) QueryContext(ctx context.Context, statement string, args []driver.NamedValue) (driver.Rows, error) {
	cursor, err := s.run(ctx, statement, args)
	if err != nil {
		return nil, err
	}
	description := cursor.Description()
	if cursor.Err != nil {
		return nil, s.check(cursor.Err)
	}
	return newRows(ctx, s, cursor, description)
}

// run starts a statement and waits for it. If the context ends first it cancels the statement on the
// cluster.
func (s *session) run(ctx context.Context, statement string, args []driver.NamedValue) (*gohive.Cursor, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	text, err := withValues(statement, args)
	if err != nil {
		return nil, err
	}
	if s.note != "" {
		text = "/* " + s.note + " */ " + text
	}
	cursor := s.conn.Cursor()
	cursor.Execute(context.Background(), text, true)
	if cursor.Err != nil {
		return nil, s.check(cursor.Err)
	}
	pause, silent := time.Millisecond, 0
	for {
		status := cursor.Poll(false)
		if cursor.Err != nil {
			return nil, s.check(cursor.Err)
		}
		switch status.GetOperationState() {
		case hiveserver.TOperationState_FINISHED_STATE:
			return cursor, nil
		case hiveserver.TOperationState_INITIALIZED_STATE, hiveserver.TOperationState_RUNNING_STATE, hiveserver.TOperationState_PENDING_STATE:
		default:
			// the server sets the state first and the reason a moment later
			message := status.GetErrorMessage()
			if silent++; message == "" && silent < 10 {
				break
			}
			cursor.Close()
			if message == "" {
				message = fmt.Sprintf("the statement ended as %v: somebody else stopped it, or the server stops", status.GetOperationState())
			}
			return nil, s.ended(message)
		}
		select {
		case <-ctx.Done():
			cursor.Cancel()
			cancelled := s.check(cursor.Err)
			cursor.Close()
			return nil, errors.Join(ctx.Err(), cancelled)
		case <-time.After(pause):
			pause = min(pause*2, 100*time.Millisecond)
		}
	}
}

// ended returns the error of a statement that failed, or of a server that was stopped while it ran.
func (s *session) ended(message string) error {
	for _, sign := range []string{"SparkContext was shut down", "stopped SparkContext", "SparkContext has been shutdown"} {
		if strings.Contains(message, sign) {
			s.broken = true
			return &UnreachableError{s.address, errors.New("it was stopped")}
		}
	}
	return statementError(message)
}

// check converts gohive's errors to ours. A transport error breaks the session.
func (s *session) check(err error) error {
	if err == nil {
		return nil
	}
	var refused gohive.HiveError
	if errors.As(err, &refused) {
		return statementError(refused.Message)
	}
	if text := err.Error(); strings.Contains(text, "TStatus(") { // the server's own error
		return statementError(text)
	}
	s.broken = true
	return &UnreachableError{s.address, err}
}

var errorClass = regexp.MustCompile(`\[([A-Z][A-Z0-9_.]+)\] `)

var causeLine = regexp.MustCompile(`Caused by: ([^\n]*)`)

// statementError extracts Spark's message from the text that the server wraps around it.
func statementError(text string) error {
	e := &StatementError{Message: text}
	if place := errorClass.FindStringSubmatchIndex(text); place != nil {
		e.Class = text[place[2]:place[3]]
		e.Message = text[place[0]:]
		if inner := strings.Index(e.Message, ": ["+e.Class+"] "); inner >= 0 {
			e.Message = e.Message[inner+2:]
		}
		e.Message, _, _ = strings.Cut(e.Message, " SQLSTATE: ")
	} else if causes := causeLine.FindAllStringSubmatch(text, -1); len(causes) > 0 {
		e.Message = causes[len(causes)-1][1]
	}
	e.Message, _, _ = strings.Cut(e.Message, "\n\tat ")
	e.Message, _, _ = strings.Cut(e.Message, "\n== ")
	e.Message = strings.TrimSpace(e.Message)
	return e
}

// withValues replaces the question marks with literals of the values. Text is written in hexadecimal, so
// that none of it can be parsed as SQL.
func withValues(statement string, args []driver.NamedValue) (string, error) {
	if len(args) == 0 {
		return statement, nil
	}
	parts := strings.Split(statement, "?")
	if len(parts) != len(args)+1 {
		return "", fmt.Errorf("%d values for %d places", len(args), len(parts)-1)
	}
	var b strings.Builder
	for i, part := range parts {
		b.WriteString(part)
		if i == len(args) {
			break
		}
		literal, err := Literal(args[i].Value)
		if err != nil {
			return "", err
		}
		b.WriteString(literal)
	}
	return b.String(), nil
}

// Literal returns a value as an SQL literal.
func Literal(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "NULL", nil
	case int64:
		if v < 0 { // parenthesised, so that a preceding minus does not start a comment
			return "(" + strconv.FormatInt(v, 10) + ")", nil
		}
		return strconv.FormatInt(v, 10), nil
	case bool:
		return strconv.FormatBool(v), nil
	case string:
		if v == "" {
			return "''", nil
		}
		return "CAST(X'" + hex.EncodeToString([]byte(v)) + "' AS STRING)", nil
	}
	return "", fmt.Errorf("no literal for a %T", value)
}

// Quote returns a plain string literal, for places where SQL accepts no expression, such as the options of
// a source. All characters except letters, digits and a few others are escaped by their code.
func Quote(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("/:.-_= ,", r):
			b.WriteRune(r)
		case r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// rows are the rows of a finished statement.
type rows struct {
	ctx     context.Context
	session *session
	cursor  *gohive.Cursor
	names   []string
	types   []string
	cells   []any // pointers to pointers, as gohive fills them
}

func newRows(ctx context.Context, s *session, cursor *gohive.Cursor, description [][]string) (*rows, error) {
	r := &rows{ctx: ctx, session: s, cursor: cursor}
	for _, column := range description {
		r.names = append(r.names, column[0])
		r.types = append(r.types, column[1])
		var cell any
		switch column[1] {
		case "BOOLEAN_TYPE":
			cell = new(*bool)
		case "TINYINT_TYPE":
			cell = new(*int8)
		case "SMALLINT_TYPE":
			cell = new(*int16)
		case "INT_TYPE":
			cell = new(*int32)
		case "BIGINT_TYPE":
			cell = new(*int64)
		case "FLOAT_TYPE", "DOUBLE_TYPE":
			cell = new(*float64)
		case "BINARY_TYPE":
			cell = new([]byte)
		default:
			cell = new(*string)
		}
		r.cells = append(r.cells, cell)
	}
	return r, nil
}

// Columns implements driver.Rows.
func (r *rows) Columns() []string { return r.names }

// ColumnTypeDatabaseTypeName implements driver.RowsColumnTypeDatabaseTypeName.
func (r *rows) ColumnTypeDatabaseTypeName(i int) string {
	return strings.TrimSuffix(r.types[i], "_TYPE")
}

// Next implements driver.Rows.
func (r *rows) Next(values []driver.Value) error {
	more := r.cursor.HasMore(r.ctx)
	if r.cursor.Err != nil {
		return r.fault()
	}
	if !more {
		return io.EOF
	}
	r.cursor.FetchOne(r.ctx, r.cells...)
	if r.cursor.Err != nil {
		return r.fault()
	}
	for i, cell := range r.cells {
		values[i] = valueOf(cell)
	}
	return nil
}

func (r *rows) fault() error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return r.session.check(r.cursor.Err)
}

func valueOf(cell any) driver.Value {
	switch c := cell.(type) {
	case **bool:
		if *c != nil {
			return **c
		}
	case **int8:
		if *c != nil {
			return int64(**c)
		}
	case **int16:
		if *c != nil {
			return int64(**c)
		}
	case **int32:
		if *c != nil {
			return int64(**c)
		}
	case **int64:
		if *c != nil {
			return **c
		}
	case **float64:
		if *c != nil {
			return **c
		}
	case **string:
		if *c != nil {
			return **c
		}
	case *[]byte:
		if *c != nil {
			return *c
		}
	}
	return nil
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	if r.session.broken {
		return nil
	}
	r.cursor.Close()
	return r.session.check(r.cursor.Err)
}
