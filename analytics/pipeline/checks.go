package pipeline

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"openhours/analytics/engine"
)

// question is a file of SQL that asks something of the models.
type queryFile struct{ file, text string }

// questions reads every file of a folder of them.
func (r *Run) queries(folder string) ([]queryFile, error) {
	files, err := fs.Glob(r.DB().Engine.SQL, folder+"/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	var all []queryFile
	for _, file := range files {
		text, err := fs.ReadFile(r.DB().Engine.SQL, file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		all = append(all, queryFile{file, string(text)})
	}
	return all, nil
}

// askAll puts all questions in one statement, in which the engine works on several at a time. columns
// are selected of each, after the place of its file in the list.
func unionAll(queries []queryFile, columns string) string {
	var parts []string
	for n, q := range queries {
		parts = append(parts, fmt.Sprintf("SELECT %d AS n, %s FROM (\n%s\n) AS q", n, columns, q.text))
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

// runChecks runs every check on the finished measures; a row it returns is a fault of the models.
func (r *Run) runChecks(ctx context.Context) error {
	checks, err := r.queries("checks")
	if err != nil {
		return err
	}
	rows, err := r.Backend.Querier().QueryContext(ctx, unionAll(checks, "COUNT(*) AS violations"))
	if err != nil {
		return fmt.Errorf("checks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		var violations int64
		if err := rows.Scan(&n, &violations); err != nil {
			return err
		}
		if violations > 0 {
			return fmt.Errorf("%s: %d rows: %s; this is a fault of openhours, no report is written",
				checks[n].file, violations, engine.HeaderLine(checks[n].text, "fail"))
		}
	}
	return rows.Err()
}
