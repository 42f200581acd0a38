package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"openhours/analytics/engine"
	"openhours/analytics/params"
)

// GroupsFile has the sums of the stores by attribute, value and window, if an attribute makes groups.
const GroupsFile = "groups.parquet"

// GroupQuery asks for the groups of one attribute of a finished report.
type GroupQuery struct {
	Attribute  string  // one that makes groups
	Value      *string // nil: every group
	Window     string  // "": all
	Sort       string  // one of GroupColumns; "": by value and window, as in the file
	Descending bool
	Limit      int
	Offset     int
}

// GroupColumns are what groups can be sorted by: the columns of groups.parquet that have an order within a window, and those of
// their targets.
func GroupColumns() []string {
	return []string{"value", "stores", "stores_open", "stores_unknown", "open_seconds", "uptime_seconds", "downtime_seconds", "unknown_seconds",
		"planned_seconds", "uptime_min_seconds", "uptime_max_seconds", "covered_seconds", "uptime_ratio", "observations", "outages", "target", "verdict", "budget_left_seconds"}
}

// GroupRow is one row of groups.parquet, with the group's target and verdict of targets.parquet.
type GroupRow struct {
	Value          string   `json:"value"` // empty: the stores without one
	Window         string   `json:"time_window"`
	Stores         int64    `json:"stores"`
	StoresOpen     int64    `json:"stores_open"`
	StoresUnknown  int64    `json:"stores_unknown"`
	OpenSeconds    float64  `json:"open_seconds"`
	UptimeSeconds  float64  `json:"uptime_seconds"`
	DownSeconds    float64  `json:"downtime_seconds"`
	UnknownSeconds float64  `json:"unknown_seconds"`
	PlannedSeconds float64  `json:"planned_seconds"`
	MinSeconds     float64  `json:"uptime_min_seconds"`
	MaxSeconds     float64  `json:"uptime_max_seconds"`
	CoveredSeconds float64  `json:"covered_seconds"`
	UptimeRatio    *float64 `json:"uptime_ratio"`
	Observations   int64    `json:"observations"`
	Outages        int64    `json:"outages"`
	Target         *float64 `json:"target"`              // percentage; null without one
	Verdict        *string  `json:"verdict"`             // null without a target or open time
	BudgetLeft     *float64 `json:"budget_left_seconds"` // null without a target
	// the stores of the group by the verdicts on their own targets; null where none has one
	Met            *int64 `json:"stores_met"`
	LikelyMet      *int64 `json:"stores_likely_met"`
	LikelyMissed   *int64 `json:"stores_likely_missed"`
	Missed         *int64 `json:"stores_missed"`
	VerdictUnknown *int64 `json:"stores_verdict_unknown"`
}

// GroupPage is some groups of an attribute, and how many there are in all.
type GroupPage struct {
	Total  int64      `json:"total"`
	Groups []GroupRow `json:"groups"`
}

// query checks what was asked for and returns the relation of the groups, its arguments, and the order.
func (q GroupQuery) query(folder string) (from string, args []any, order string, err error) {
	order = " ORDER BY file_row_number"
	if q.Sort != "" {
		if !slices.Contains(GroupColumns(), q.Sort) {
			return "", nil, "", params.Errorf("sort %q: must be one of %v", q.Sort, GroupColumns())
		}
		direction := "ASC"
		if q.Descending {
			direction = "DESC"
		}
		order = fmt.Sprintf(" ORDER BY %s %s NULLS LAST, file_row_number", q.Sort, direction)
	}
	path, err := filepath.Abs(filepath.Join(folder, GroupsFile))
	if err != nil {
		return "", nil, "", err
	}
	args = []any{sql.Named("groups", engine.FilePattern(path)), sql.Named("attribute", q.Attribute), sql.Named("window", q.Window)}
	targets := `(SELECT '' AS attribute, '' AS value, '' AS time_window, NULL AS target, NULL AS verdict, NULL AS budget_left_seconds, NULL AS stores_met,
		NULL AS stores_likely_met, NULL AS stores_likely_missed, NULL AS stores_missed, NULL AS stores_verdict_unknown WHERE false)`
	value := ""
	if q.Value != nil {
		value = " AND value = $value"
		args = append(args, sql.Named("value", *q.Value))
	}
	path = filepath.Join(filepath.Dir(path), TargetsFile)
	if _, err := os.Stat(path); err == nil {
		targets = "read_parquet($targets)"
		args = append(args, sql.Named("targets", engine.FilePattern(path)))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", nil, "", err
	}
	return ` FROM (SELECT g.*, t.target, t.verdict, t.budget_left_seconds,
			t.stores_met, t.stores_likely_met, t.stores_likely_missed, t.stores_missed, t.stores_verdict_unknown
		FROM read_parquet($groups, file_row_number = true) AS g
		LEFT JOIN ` + targets + ` AS t ON t.attribute = g.attribute AND t.value = g.value AND t.time_window = g.time_window)
		WHERE attribute = $attribute AND ($window = '' OR time_window = $window)` + value, args, order, nil
}

// Groups reads a page of the groups of an attribute.
func (r Reader) Groups(ctx context.Context, folder string, q GroupQuery) (GroupPage, error) {
	page := GroupPage{Groups: []GroupRow{}}
	from, args, order, err := q.query(folder)
	if err != nil {
		return page, err
	}
	if err := r.Engine.DB.QueryRowContext(ctx, "SELECT count(*)"+from, args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count groups: %w", err)
	}
	args = append(args, sql.Named("limit", q.Limit), sql.Named("offset", q.Offset))
	err = r.eachGroup(ctx, from+order+" LIMIT $limit OFFSET $offset", args, func(row GroupRow) error {
		page.Groups = append(page.Groups, row)
		return nil
	})
	return page, err
}

// EachGroup hands over every group of a query, whatever its limit.
func (r Reader) EachGroup(ctx context.Context, folder string, q GroupQuery, take func(GroupRow) error) error {
	from, args, order, err := q.query(folder)
	if err != nil {
		return err
	}
	return r.eachGroup(ctx, from+order, args, take)
}

func (r Reader) eachGroup(ctx context.Context, chosen string, args []any, take func(GroupRow) error) error {
	rows, err := r.Engine.DB.QueryContext(ctx, `SELECT value, time_window, stores, stores_open, stores_unknown, open_seconds, uptime_seconds,
		downtime_seconds, unknown_seconds, planned_seconds, uptime_min_seconds, uptime_max_seconds, covered_seconds, uptime_ratio,
		observations, outages, CAST(target AS DOUBLE), CAST(verdict AS VARCHAR), CAST(budget_left_seconds AS DOUBLE),
		CAST(stores_met AS BIGINT), CAST(stores_likely_met AS BIGINT), CAST(stores_likely_missed AS BIGINT), CAST(stores_missed AS BIGINT),
		CAST(stores_verdict_unknown AS BIGINT)`+chosen, args...)
	if err != nil {
		return fmt.Errorf("read groups: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var g GroupRow
		if err := rows.Scan(&g.Value, &g.Window, &g.Stores, &g.StoresOpen, &g.StoresUnknown, &g.OpenSeconds, &g.UptimeSeconds,
			&g.DownSeconds, &g.UnknownSeconds, &g.PlannedSeconds, &g.MinSeconds, &g.MaxSeconds, &g.CoveredSeconds, &g.UptimeRatio,
			&g.Observations, &g.Outages, &g.Target, &g.Verdict, &g.BudgetLeft,
			&g.Met, &g.LikelyMet, &g.LikelyMissed, &g.Missed, &g.VerdictUnknown); err != nil {
			return fmt.Errorf("read groups: %w", err)
		}
		if err := take(g); err != nil {
			return err
		}
	}
	return rows.Err()
}
