package engine

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Querier is a connection to an engine that runs models: DuckDB or a cluster.
type Querier interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Column is a column of a relation made of values. Both engines know the types BIGINT, BOOLEAN and
// STRING.
type Column struct{ Name, Kind string }

// Relation is a small relation made of values.
type Relation struct {
	Name    string
	Columns []Column
	Rows    [][]any
}

// CreateRelation creates a relation on an engine as a temporary TABLE, or as a VIEW where there are no
// temporary tables. Values travel as parameters, never as text of SQL.
func CreateRelation(ctx context.Context, on Querier, kind string, r Relation) error {
	var list, names []string
	for i, c := range r.Columns {
		names = append(names, fmt.Sprintf("c%d", i))
		list = append(list, fmt.Sprintf("CAST(c%d AS %s) AS %s", i, c.Kind, c.Name))
	}
	rows, none := r.Rows, ""
	if len(rows) == 0 {
		// a relation needs a row to have types
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

// QueryStrings runs a query of one text column.
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
