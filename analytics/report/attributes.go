package report

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	"openhours/analytics/engine"
)

// AttributeValues are the values of one attribute of the stores of a report.
type AttributeValues struct {
	Attribute     string       `json:"attribute"` // the header as written
	Total         int64        `json:"total"`     // distinct values
	StoresWithout int64        `json:"stores_without"`
	Values        []ValueCount `json:"values"` // those of most stores first
}

// ValueCount is a value of an attribute and the number of stores that have it.
type ValueCount struct {
	Value  string `json:"value"`
	Stores int64  `json:"stores"`
}

// AttributeValues lists the attributes of the stores of a report with at most so many values of each.
func (r Reader) AttributeValues(ctx context.Context, folder string, limit int) ([]AttributeValues, error) {
	list := []AttributeValues{}
	m, err := ReadManifest(folder)
	if err != nil || len(m.Attributes) == 0 {
		return list, err
	}
	names := map[string]string{} // by column
	for i, column := range AttributeColumns(m.Attributes) {
		names[column] = m.Attributes[i].Attribute
	}
	path, err := filepath.Abs(filepath.Join(folder, StoresFile))
	if err != nil {
		return nil, err
	}
	rows, err := r.Engine.DB.QueryContext(ctx, `WITH cells AS (
			UNPIVOT (SELECT * EXCLUDE (store_id, name, timezone) FROM read_parquet($stores)) ON COLUMNS(*) INTO NAME attribute VALUE value),
		counted AS (SELECT attribute, value, count(*) AS stores FROM cells GROUP BY attribute, value)
		SELECT attribute, value, stores, count(*) OVER (PARTITION BY attribute), CAST(sum(stores) OVER (PARTITION BY attribute) AS BIGINT)
		FROM counted
		QUALIFY row_number() OVER (PARTITION BY attribute ORDER BY stores DESC, value) <= $limit
		ORDER BY attribute, stores DESC, value`, sql.Named("stores", engine.FilePattern(path)), sql.Named("limit", limit))
	if err != nil {
		return nil, fmt.Errorf("list values of attributes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var column string
		var value ValueCount
		var total, with int64
		if err := rows.Scan(&column, &value.Value, &value.Stores, &total, &with); err != nil {
			return nil, fmt.Errorf("list values of attributes: %w", err)
		}
		if n := len(list); n == 0 || list[n-1].Attribute != names[column] {
			list = append(list, AttributeValues{Attribute: names[column], Total: total, StoresWithout: m.Stores - with})
		}
		last := &list[len(list)-1]
		last.Values = append(last.Values, value)
	}
	return list, rows.Err()
}
