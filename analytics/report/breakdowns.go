package report

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	"openhours/analytics/engine"
)

// The breakdowns of a report that it does not always have.
const (
	DaysFile      = "days.parquet"       // per store and local date, if the report was asked for dates or hours
	HoursFile     = "hours.parquet"      // per store, local date and hour, if it was asked for hours
	GroupDaysFile = "group_days.parquet" // per attribute, value and local date, if an attribute makes groups
)

// GroupDay is a row of group_days.parquet.
type GroupDay struct {
	Value          string  `json:"value"` // empty: the stores without one
	Date           string  `json:"date"`
	OpenSeconds    float64 `json:"open_seconds"`
	UptimeSeconds  float64 `json:"uptime_seconds"`
	DownSeconds    float64 `json:"downtime_seconds"`
	UnknownSeconds float64 `json:"unknown_seconds"`
	PlannedSeconds float64 `json:"planned_seconds"`
	MinSeconds     float64 `json:"uptime_min_seconds"`
	MaxSeconds     float64 `json:"uptime_max_seconds"`
	CoveredSeconds float64 `json:"covered_seconds"`
	Observations   int64   `json:"observations"`
}

// GroupDayQuery asks for the dates of the groups of one attribute of a finished report.
type GroupDayQuery struct {
	Attribute string  // one that makes groups
	Value     *string // nil: every group
	Limit     int
	Offset    int
}

// GroupDayPage is some dates of the groups of an attribute, and how many there are in all.
type GroupDayPage struct {
	Total int64      `json:"total"`
	Days  []GroupDay `json:"days"`
}

// query is the relation of the dates that are asked for, and its arguments.
func (q GroupDayQuery) query(folder string) (from string, args []any, err error) {
	path, err := filepath.Abs(filepath.Join(folder, GroupDaysFile))
	from = " FROM read_parquet($days, file_row_number = true) WHERE attribute = $attribute"
	args = []any{sql.Named("days", engine.FilePattern(path)), sql.Named("attribute", q.Attribute)}
	if q.Value != nil {
		from += " AND value = $value"
		args = append(args, sql.Named("value", *q.Value))
	}
	return from, args, err
}

// GroupDays reads a page of the dates of the groups of an attribute, by value and date.
func (r Reader) GroupDays(ctx context.Context, folder string, q GroupDayQuery) (GroupDayPage, error) {
	page := GroupDayPage{Days: []GroupDay{}}
	from, args, err := q.query(folder)
	if err != nil {
		return page, err
	}
	if err := r.Engine.DB.QueryRowContext(ctx, "SELECT count(*)"+from, args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count dates of groups: %w", err)
	}
	args = append(args, sql.Named("limit", q.Limit), sql.Named("offset", q.Offset))
	err = r.eachGroupDay(ctx, from+" ORDER BY file_row_number LIMIT $limit OFFSET $offset", args, func(d GroupDay) error {
		page.Days = append(page.Days, d)
		return nil
	})
	return page, err
}

// EachGroupDay hands over every date of the groups of an attribute, whatever the limit.
func (r Reader) EachGroupDay(ctx context.Context, folder string, q GroupDayQuery, take func(GroupDay) error) error {
	from, args, err := q.query(folder)
	if err != nil {
		return err
	}
	return r.eachGroupDay(ctx, from+" ORDER BY file_row_number", args, take)
}

func (r Reader) eachGroupDay(ctx context.Context, chosen string, args []any, take func(GroupDay) error) error {
	rows, err := r.Engine.DB.QueryContext(ctx, `SELECT value, CAST(date AS VARCHAR), open_seconds, uptime_seconds, downtime_seconds, unknown_seconds,
		planned_seconds, uptime_min_seconds, uptime_max_seconds, covered_seconds, observations`+chosen, args...)
	if err != nil {
		return fmt.Errorf("read dates of groups: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d GroupDay
		if err := rows.Scan(&d.Value, &d.Date, &d.OpenSeconds, &d.UptimeSeconds, &d.DownSeconds, &d.UnknownSeconds,
			&d.PlannedSeconds, &d.MinSeconds, &d.MaxSeconds, &d.CoveredSeconds, &d.Observations); err != nil {
			return fmt.Errorf("read dates of groups: %w", err)
		}
		if err := take(d); err != nil {
			return err
		}
	}
	return rows.Err()
}
