package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
)

// Querier is a connection to the engine that runs the models: DuckDB or a cluster.
type Querier interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Column is a column of a Relation. Both engines have the types BIGINT, BOOLEAN and STRING.
type Column struct{ Name, Kind string }

// Relation is a small relation of literal values.
type Relation struct {
	Name    string
	Columns []Column
	Rows    [][]any
}

// CreateRelation creates a relation as a temporary TABLE, or as a VIEW on an engine without temporary
// tables. Values are passed as parameters, never as SQL text.
func CreateRelation(ctx context.Context, on Querier, kind string, r Relation) error {
	var list, names []string
	for i, c := range r.Columns {
		names = append(names, fmt.Sprintf("c%d", i))
		list = append(list, fmt.Sprintf("CAST(c%d AS %s) AS %s", i, c.Kind, c.Name))
	}
	rows, none := r.Rows, ""
	if len(rows) == 0 {
		// the types come from a row, so there must be one
		rows, none = [][]any{make([]any, len(r.Columns))}, " WHERE false"
	}
	var values []any
	for _, row := range rows {
		values = append(values, row...)
	}
	places := "(" + strings.Repeat("?, ", len(r.Columns)-1) + "?)"
	statement := fmt.Sprintf("CREATE OR REPLACE TEMP %s %s AS SELECT %s FROM (VALUES %s) AS v(%s)%s", kind, r.Name,
		strings.Join(list, ", "), strings.Repeat(places+", ", len(rows)-1)+places, strings.Join(names, ", "), none)
	if _, err := on.ExecContext(ctx, statement, values...); err != nil {
		return fmt.Errorf("make %s: %w", r.Name, err)
	}
	return nil
}

// CreateTable creates a temporary table of literal values, of any number.
func (s *Session) CreateTable(ctx context.Context, r Relation) error {
	var columns []string
	for _, c := range r.Columns {
		columns = append(columns, c.Name+" "+c.Kind)
	}
	if err := s.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s (%s)", r.Name, strings.Join(columns, ", "))); err != nil {
		return fmt.Errorf("make %s: %w", r.Name, err)
	}
	rows := make([][]driver.Value, len(r.Rows))
	for i, row := range r.Rows {
		for _, value := range row {
			rows[i] = append(rows[i], value)
		}
	}
	return s.Append(r.Name, rows)
}

// QueryStrings returns the rows of a query with one text column.
func QueryStrings(ctx context.Context, on Querier, query string, args ...any) ([]string, error) {
	rows, err := on.QueryContext(ctx, query, args...)
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
