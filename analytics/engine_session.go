package analytics

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"

	"github.com/duckdb/duckdb-go/v2"
)

// session is one job's connection to DuckDB, with temporary tables and views of its own.
type session struct {
	engine *Engine
	conn   *sql.Conn
}

// session opens a connection for one job.
func (e *Engine) session(ctx context.Context) (*session, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to DuckDB: %w", err)
	}
	return &session{e, conn}, nil
}

// close drops the connection from the pool together with its temporary tables: the next job must find
// none.
func (s *session) close() error {
	if err := s.conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return nil
}

func (s *session) exec(ctx context.Context, statement string, args ...any) error {
	_, err := s.conn.ExecContext(ctx, statement, args...)
	return err
}

// execFile runs every statement of one file of the sql folder.
func (s *session) execFile(ctx context.Context, file string) error {
	text, err := s.engine.readSQL(file)
	if err != nil {
		return err
	}
	if err := s.exec(ctx, text); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// readSQL returns the text of a file of the sql folder.
func (e *Engine) readSQL(file string) (string, error) {
	text, err := fs.ReadFile(e.models, file)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	return string(text), nil
}

// each runs a query and hands every row to scan.
func (s *session) each(ctx context.Context, query string, scan func(*sql.Rows) error, args ...any) error {
	rows, err := s.conn.QueryContext(ctx, query, args...)
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

// appendRows fills a temporary table without going through SQL text.
func (s *session) appendRows(table string, rows [][]driver.Value) error {
	return s.conn.Raw(func(raw any) error {
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

// parseTimestamp reads one string as the timestamps of the data are read.
const parseTimestamp = `SELECT parse_timestamp(cell, TRY_CAST(cell AS TIMESTAMP), CAST(TRY_CAST(cell AS TIMESTAMP) AS VARCHAR))
	FROM (SELECT CAST(? AS VARCHAR) AS cell)`

// parseInstant reads the value of a parameter with the same function as the timestamps of the data.
func (s *session) parseInstant(ctx context.Context, parameter, text string) (int64, error) {
	if err := s.awaitFunctions(ctx); err != nil {
		return 0, err
	}
	var us sql.NullInt64
	if err := s.conn.QueryRowContext(ctx, parseTimestamp, text).Scan(&us); err != nil {
		return 0, fmt.Errorf("read %s: %w", parameter, err)
	}
	if !us.Valid {
		return 0, ParameterErrorf("%s %q is not a timestamp of a known form: write it like 2024-10-14 22:00:00 UTC", parameter, text)
	}
	return us.Int64, nil
}

// CheckInstant reports whether a string is a timestamp that a parameter takes; an empty one is.
func (e *Engine) CheckInstant(ctx context.Context, parameter, text string) (err error) {
	if text == "" {
		return nil
	}
	s, err := e.session(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	_, err = s.parseInstant(ctx, parameter, text)
	return err
}
