package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"openhours/analytics/params"
)

// Session is one job's connection to DuckDB, with its own temporary tables and views.
type Session struct {
	Engine *Engine
	Conn   *sql.Conn
}

// Session opens a connection for one job.
func (e *Engine) Session(ctx context.Context) (*Session, error) {
	conn, err := e.DB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to DuckDB: %w", err)
	}
	return &Session{e, conn}, nil
}

// Close removes the connection from the pool together with its temporary tables: the next job must not find
// any.
func (s *Session) Close() error {
	if err := s.Conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return nil
}

func (s *Session) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := s.Conn.ExecContext(ctx, statement, args...)
	return err
}

// ExecFile runs all statements of one file of the sql folder.
func (s *Session) ExecFile(ctx context.Context, file string) error {
	text, err := s.Engine.ReadSQL(file)
	if err != nil {
		return err
	}
	if err := s.Exec(ctx, text); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// ReadSQL returns the text of a file of the sql folder.
func (e *Engine) ReadSQL(file string) (string, error) {
	text, err := fs.ReadFile(e.SQL, file)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	return string(text), nil
}

// ReadView returns the query of the view that a file of the sql folder creates.
func (e *Engine) ReadView(file string) (string, error) {
	text, err := e.ReadSQL(file)
	if err != nil {
		return "", err
	}
	_, view, _ := strings.Cut(text, "CREATE OR REPLACE TEMP VIEW ")
	_, query, found := strings.Cut(view, " AS\n")
	if !found {
		return "", fmt.Errorf("%s: creates no view", file)
	}
	return strings.TrimSuffix(strings.TrimSpace(query), ";"), nil
}

// Each runs a query and calls scan for every row.
func (s *Session) Each(ctx context.Context, query string, scan func(*sql.Rows) error, args ...any) error {
	rows, err := s.Conn.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Append appends rows to a temporary table without SQL text.
func (s *Session) Append(table string, rows [][]driver.Value) error {
	return s.Conn.Raw(func(raw any) error {
		appender, err := duckdb.NewAppender(raw.(driver.Conn), "temp", "", table)
		if err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		for _, row := range rows {
			if err := appender.AppendRow(row...); err != nil {
				return errors.Join(fmt.Errorf("append to %s: %w", table, err), appender.Close())
			}
		}
		return appender.Close()
	})
}

// ParseTimestampSQL parses a string with the function that parses the timestamps of the data.
const ParseTimestampSQL = `SELECT parse_timestamp(cell, TRY_CAST(cell AS TIMESTAMP), CAST(TRY_CAST(cell AS TIMESTAMP) AS VARCHAR))
	FROM (SELECT CAST(? AS VARCHAR) AS cell)`

// ParseInstant parses the value of a parameter with the same function as the timestamps of the data.
func (s *Session) ParseInstant(ctx context.Context, parameter, text string) (int64, error) {
	if err := s.AwaitFunctions(ctx); err != nil {
		return 0, err
	}
	var us sql.NullInt64
	if err := s.Conn.QueryRowContext(ctx, ParseTimestampSQL, text).Scan(&us); err != nil {
		return 0, fmt.Errorf("read %s: %w", parameter, err)
	}
	if !us.Valid {
		return 0, params.Errorf("%s %q is not a timestamp of a known form: write it like 2024-10-14 22:00:00 UTC", parameter, text)
	}
	return us.Int64, nil
}

// CheckInstant returns an error if a parameter does not accept a string as timestamp; an empty string is
// accepted.
func (e *Engine) CheckInstant(ctx context.Context, parameter, text string) (err error) {
	if text == "" {
		return nil
	}
	s, err := e.Session(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	_, err = s.ParseInstant(ctx, parameter, text)
	return err
}
