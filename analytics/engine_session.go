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

func (j *job) exec(ctx context.Context, statement string, args ...any) error {
	_, err := j.conn.ExecContext(ctx, statement, args...)
	return err
}

// execFile runs every statement of one file of the sql folder.
func (j *job) execFile(ctx context.Context, file string) error {
	text, err := fs.ReadFile(j.engine.models, file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if err := j.exec(ctx, string(text)); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// texts runs a query of one text column.
func texts(ctx context.Context, conn *sql.Conn, query string, args ...any) ([]string, error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// each runs a query and hands every row to scan.
func (j *job) each(ctx context.Context, query string, scan func(*sql.Rows) error) error {
	rows, err := j.conn.QueryContext(ctx, query)
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
func appendRows(conn *sql.Conn, table string, rows [][]driver.Value) error {
	return conn.Raw(func(raw any) error {
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
