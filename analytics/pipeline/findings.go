package pipeline

import (
	"context"
	"database/sql"
	"fmt"
	"path"
	"strings"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/load"
	"openhours/analytics/params"
)

// Finding is a fact about the data that readers of the numbers should know.
type Finding struct {
	Code     string   `json:"code"`
	Level    string   `json:"level" values:"doubtful,warning,info"`
	Title    string   `json:"title"`
	Count    int64    `json:"count"`
	Examples []string `json:"examples"`
}

// runFindings runs every query of sql/findings and adds the findings that Go makes. Findings with a count
// of 0 are left out.
func (r *Run) runFindings(ctx context.Context) error {
	r.Findings = append(r.FileFindings(ctx), r.asOfFindings()...)
	var alone bool
	if err := r.Backend.Querier().QueryRowContext(ctx, "SELECT stands_alone FROM as_of_stores").Scan(&alone); err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	if !r.AsOfSet && alone {
		r.addFinding(AsOfStandsAlone, Warning,
			"no other store was observed in the 24 h before as_of: a wrong timestamp may have set it", 1, params.FormatInstant(r.AsOfUS))
	}
	queries, err := r.queries("findings")
	if err != nil {
		return err
	}
	// Rows of one query keep their order: there are at most five, which no engine splits into parts.
	rows, err := r.Backend.Querier().QueryContext(ctx, unionAll(queries, "CAST(total AS DOUBLE) AS total, example"))
	if err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	defer rows.Close()
	found := make([]Finding, len(queries))
	for rows.Next() {
		var n int
		var total float64
		var example sql.NullString
		if err := rows.Scan(&n, &total, &example); err != nil {
			return err
		}
		found[n].Count = int64(total)
		if example.Valid {
			found[n].Examples = append(found[n].Examples, example.String)
		}
	}
	for n, q := range queries {
		if found[n].Count > 0 {
			r.addFinding(strings.TrimSuffix(path.Base(q.file), ".sql"), engine.HeaderLine(q.text, "level"), engine.HeaderLine(q.text, "title"),
				found[n].Count, found[n].Examples...)
		}
	}
	return rows.Err()
}

func (r *Run) addFinding(code, level, title string, count int64, examples ...string) {
	r.Findings = append(r.Findings, Finding{Code: code, Level: level, Title: title, Count: count, Examples: examples})
}

// FileFindings returns the findings about input files.
func (r *Run) FileFindings(ctx context.Context) []Finding {
	var all []Finding
	if rejects := r.Loader.Rejects; rejects.Rows > 0 {
		f := Finding{Code: RejectedRows, Level: Warning, Title: "rows rejected; every one is in rejects.csv", Count: rejects.Rows}
		for _, c := range rejects.ByReason() {
			if len(f.Examples) < load.MaxExamples {
				f.Examples = append(f.Examples, fmt.Sprintf("%s: %s: %d", c.File, strings.TrimSpace(c.Column+" "+c.Reason), c.Rows))
			}
		}
		all = append(all, f)
	}
	doubtful := Finding{Code: DoubtfulConvention, Level: Doubtful,
		Title: "files whose rejected rows all fit one other convention: their accepted rows are doubtful"}
	for _, file := range r.Loader.Files {
		if text := load.DescribeConvention(file); text != "" {
			doubtful.Count++
			doubtful.Examples = append(doubtful.Examples, text)
		}
	}
	unused := Finding{Code: FilesWithoutAccepted, Level: Warning, Title: "files of which no row was accepted"}
	for _, file := range r.Loader.Files {
		if file.Rows == file.Rejected {
			unused.Count++
			unused.Examples = append(unused.Examples, file.File)
			if file.Rows > 0 { // defaults stand in for rows that somebody wrote
				unused.Level = Doubtful
			}
		}
	}
	unread := Finding{Code: UnreadFiles, Level: Info, Title: "files whose name is not that of a data set; they were not read"}
	for _, file := range r.Loader.Unread {
		unread.Count++
		example := file.File
		if file.Hint != "" {
			unread.Level = Warning
			example += ": " + file.Hint
		}
		unread.Examples = append(unread.Examples, example)
	}
	columns := Finding{Code: UnreadColumns, Level: Warning, Title: "columns of special hours, closures and targets that are not read: their names are none of the set's"}
	for _, file := range r.Loader.Files {
		for _, name := range file.UnreadColumns {
			columns.Count++
			columns.Examples = append(columns.Examples, file.File+": "+name)
		}
	}
	changed := Finding{Code: ChangedDays, Level: Warning, Examples: r.Loader.ChangedDays(ctx, r.thorough),
		Title: "compacted days that are not as compact left them; outside the horizon, so that nothing of them was needed"}
	changed.Count = int64(len(changed.Examples))
	for _, f := range []Finding{doubtful, unused, unread, columns, changed} {
		if f.Count > 0 {
			f.Examples = f.Examples[:min(len(f.Examples), load.MaxExamples)]
			all = append(all, f)
		}
	}
	return all
}

// asOfFindings compares as_of with the wall clock, unless it was given as a parameter.
func (r *Run) asOfFindings() []Finding {
	if r.AsOfSet {
		return nil
	}
	asOf := time.UnixMicro(r.AsOfUS)
	age := r.now.Sub(asOf)
	switch {
	case age < 0:
		return []Finding{{Code: AsOfInFuture, Level: Warning, Count: 1, Examples: []string{params.FormatInstant(r.AsOfUS)},
			Title: "the latest observation lies after the wall clock"}}
	case age > time.Duration(*r.Params.CollectorGap)*time.Microsecond:
		return []Finding{{Code: AsOfIsStale, Level: Warning, Count: 1, Examples: []string{params.FormatInstant(r.AsOfUS)},
			Title: fmt.Sprintf("the data is stale: its latest observation is %s old", roughAge(age))}}
	}
	return nil
}

// roughAge formats an age as people say it.
func roughAge(age time.Duration) string {
	if age >= 48*time.Hour {
		return fmt.Sprintf("%d days", int(age.Hours()/24))
	}
	return params.FormatSeconds(age.Seconds())
}
