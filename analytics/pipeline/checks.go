package pipeline

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"openhours/analytics/engine"
)

// queryFile is a file of sql/checks or sql/findings.
type queryFile struct{ file, text string }

// queries reads the query files of a folder that the run wants.
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
		if r.wants(engine.HeaderLine(string(text), "when")) {
			all = append(all, queryFile{file, string(text)})
		}
	}
	return all, nil
}

// unionAll combines all queries into one statement, so that the engine runs several at a time. Each row
// holds the index of its query and the given columns.
func unionAll(queries []queryFile, columns string) string {
	var parts []string
	for n, q := range queries {
		parts = append(parts, fmt.Sprintf("SELECT %d AS n, %s FROM (\n%s\n) AS q", n, columns, q.text))
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

// runChecks runs every check on the finished models. Any row that a check returns is a bug in the models.
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
			return fmt.Errorf("%s: %d rows: %s; this is a bug in openhours, no report is written",
				checks[n].file, violations, engine.HeaderLine(checks[n].text, "fail"))
		}
	}
	return rows.Err()
}
