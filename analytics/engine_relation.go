package analytics

import (
	"context"
	"fmt"
	"strings"
)

type typedColumn struct{ name, kind string }

// makeRelation makes a small relation of values on the engine that runs the models. Values travel as
// parameters, never as text of SQL; both engines know the types BIGINT, BOOLEAN and STRING.
func (j *job) makeRelation(ctx context.Context, name string, columns []typedColumn, rows [][]any) error {
	var list, names []string
	for i, c := range columns {
		names = append(names, fmt.Sprintf("c%d", i))
		list = append(list, fmt.Sprintf("CAST(c%d AS %s) AS %s", i, c.kind, c.name))
	}
	places, none := "("+strings.Repeat("?, ", len(columns)-1)+"?)", ""
	if len(rows) == 0 {
		// a relation needs a row to have types
		rows, none = [][]any{make([]any, len(columns))}, " WHERE false"
	}
	var values []any
	for _, row := range rows {
		values = append(values, row...)
	}
	statement := fmt.Sprintf("CREATE OR REPLACE TEMP %s %s AS SELECT %s FROM (VALUES %s) AS v(%s)%s", j.backend.makes(), name,
		strings.Join(list, ", "), strings.Repeat(places+", ", len(rows)-1)+places, strings.Join(names, ", "), none)
	if _, err := j.models.ExecContext(ctx, statement, values...); err != nil {
		return fmt.Errorf("make %s: %w", name, err)
	}
	return nil
}
