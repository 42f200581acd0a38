package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"openhours/analytics/engine"
	"openhours/analytics/input"
	"openhours/analytics/params"
)

// Difference is what two finished reports say differently.
type Difference struct {
	A          string       `json:"a"`
	B          string       `json:"b"`
	AsOf       *Change      `json:"as_of"`
	Parameters []Change     `json:"parameters"`
	Inputs     []Change     `json:"inputs"`
	Rows       []ChangedRow `json:"rows"`
}

// Change is one thing that differs; an empty side lacks it.
type Change struct {
	Name string `json:"name"`
	A    string `json:"a"`
	B    string `json:"b"`
}

// ChangedRow is a store and window that both measure differently, or that only one has. Seconds.
type ChangedRow struct {
	StoreID  string   `json:"store_id"`
	Name     string   `json:"name,omitempty"` // in b, or else in a
	Window   string   `json:"time_window"`
	Change   string   `json:"change"`
	AOpen    *float64 `json:"a_open_seconds"`
	BOpen    *float64 `json:"b_open_seconds"`
	AUp      *float64 `json:"a_uptime_seconds"`
	BUp      *float64 `json:"b_uptime_seconds"`
	ADown    *float64 `json:"a_downtime_seconds"`
	BDown    *float64 `json:"b_downtime_seconds"`
	AUnknown *float64 `json:"a_unknown_seconds"`
	BUnknown *float64 `json:"b_unknown_seconds"`
	APlanned *float64 `json:"a_planned_seconds"`
	BPlanned *float64 `json:"b_planned_seconds"`

	AMin          *float64 `json:"a_uptime_min_seconds"`
	BMin          *float64 `json:"b_uptime_min_seconds"`
	AMax          *float64 `json:"a_uptime_max_seconds"`
	BMax          *float64 `json:"b_uptime_max_seconds"`
	ACovered      *float64 `json:"a_covered_seconds"`
	BCovered      *float64 `json:"b_covered_seconds"`
	ALongest      *float64 `json:"a_longest_outage_seconds"`
	BLongest      *float64 `json:"b_longest_outage_seconds"`
	AObservations *int64   `json:"a_observations"`
	BObservations *int64   `json:"b_observations"`
	AOutages      *int64   `json:"a_outages"`
	BOutages      *int64   `json:"b_outages"`
	AZone         *string  `json:"a_timezone"`
	BZone         *string  `json:"b_timezone"`
}

// Same reports whether nothing differs that could change a number.
func (d Difference) Same() bool {
	return d.AsOf == nil && len(d.Parameters) == 0 && len(d.Inputs) == 0 && len(d.Rows) == 0
}

// Diff compares two finished reports of one folder.
func (r Reader) Diff(ctx context.Context, reports, a, b string) (Difference, error) {
	d, args, err := diffHead(reports, a, b)
	if err != nil {
		return d, err
	}
	changed, args, err := r.changedRows(reports, a, b, nil, args)
	if err != nil {
		return d, err
	}
	err = r.eachChange(ctx, "SELECT * EXCLUDE (value) FROM "+changed+" ORDER BY store_id, time_window", args, d.add)
	return d, err
}

func (d *Difference) add(row ChangedRow) error {
	d.Rows = append(d.Rows, row)
	return nil
}

// EachChange hands over the differences that a query asks for, whatever its limit.
func (r Reader) EachChange(ctx context.Context, reports, a, b string, q DiffQuery, take func(ChangedRow) error) error {
	_, args, err := diffHead(reports, a, b)
	if err != nil {
		return err
	}
	changed, args, err := r.changedRows(reports, a, b, q.Group, args)
	if err != nil {
		return err
	}
	c, only := q.where()
	return r.eachChange(ctx, "SELECT * EXCLUDE (value) FROM "+changed+c.String()+" AND "+only+largestFirst, append(args, c.args...), take)
}

// changedRows are the rows of diff.sql with the names of their stores and their values of the attribute of a group, where a
// report has any. It adds to the arguments.
func (r Reader) changedRows(reports, a, b string, group *AttributeValue, args []any) (relation string, _ []any, err error) {
	text, err := fs.ReadFile(r.Engine.SQL, "duckdb/diff.sql")
	if err != nil {
		return "", nil, fmt.Errorf("read duckdb/diff.sql: %w", err)
	}
	stores := "SELECT '' AS side, '' AS store_id, '' AS name, '' AS value WHERE false"
	for i, id := range []string{a, b} {
		side := []string{"a", "b"}[i]
		path, err := filepath.Abs(filepath.Join(reports, id, StoresFile))
		if err != nil {
			return "", nil, err
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return "", nil, fmt.Errorf("compare %s with %s: %w", a, b, err)
		}
		m, err := Find(reports, id)
		if err != nil {
			return "", nil, err
		}
		value := "CAST(NULL AS VARCHAR)"
		if column, found := group.columnIn(m); found {
			value = fmt.Sprintf("coalesce(json_extract_string(to_json(%s), $%s_column), '')", wholeRow, side)
			args = append(args, sql.Named(side+"_column", column))
		}
		stores += fmt.Sprintf(" UNION ALL SELECT '%s', store_id, name, %s FROM read_parquet($%[1]s_stores) AS %[3]s", side, value, wholeRow)
		args = append(args, sql.Named(side+"_stores", engine.FilePattern(path)))
	}
	return "(SELECT d.*, coalesce(s.name, '') AS name, coalesce(s.value, '') AS value FROM (" + string(text) + `) AS d
		LEFT JOIN (SELECT store_id, arg_max(name, side) FILTER (name IS NOT NULL) AS name, arg_max(value, side) FILTER (value IS NOT NULL) AS value
			FROM (` + stores + ") GROUP BY store_id) AS s ON s.store_id = d.store_id)", args, nil
}

// diffHead compares all but the rows, and gives the arguments of diff.sql.
func diffHead(reports, a, b string) (d Difference, paths []any, err error) {
	d = Difference{A: a, B: b, Parameters: []Change{}, Inputs: []Change{}, Rows: []ChangedRow{}}
	left, err := Find(reports, a)
	if err != nil {
		return d, nil, err
	}
	right, err := Find(reports, b)
	if err != nil {
		return d, nil, err
	}
	if left.AsOf != right.AsOf {
		d.AsOf = &Change{"as_of", left.AsOf, right.AsOf}
	}
	if d.Parameters, err = changedParameters(left.Parameters, right.Parameters); err != nil {
		return d, nil, err
	}
	d.Inputs = changedInputs(left.Inputs, right.Inputs)
	for i, id := range []string{a, b} {
		path, err := filepath.Abs(filepath.Join(reports, id, "report.parquet"))
		if err != nil {
			return d, nil, err
		}
		paths = append(paths, sql.Named([]string{"a", "b"}[i], engine.FilePattern(path)))
	}
	return d, paths, nil
}

func (r Reader) eachChange(ctx context.Context, query string, args []any, take func(ChangedRow) error) error {
	rows, err := r.Engine.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("compare reports: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r ChangedRow
		if err := rows.Scan(&r.StoreID, &r.Window, &r.Change, &r.AOpen, &r.BOpen, &r.AUp, &r.BUp,
			&r.ADown, &r.BDown, &r.AUnknown, &r.BUnknown, &r.APlanned, &r.BPlanned, &r.AMin, &r.BMin, &r.AMax, &r.BMax, &r.ACovered, &r.BCovered,
			&r.ALongest, &r.BLongest, &r.AObservations, &r.BObservations, &r.AOutages, &r.BOutages, &r.AZone, &r.BZone, &r.Name); err != nil {
			return fmt.Errorf("compare reports: %w", err)
		}
		if err := take(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// changedParameters compares by their JSON names; as_of is compared separately.
func changedParameters(a, b params.Parameters) ([]Change, error) {
	a.AsOf, b.AsOf = "", ""
	sides := make([]map[string]json.RawMessage, 2)
	for i, p := range []params.Parameters{a, b} {
		text, err := json.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("compare parameters: %w", err)
		}
		if err := json.Unmarshal(text, &sides[i]); err != nil {
			return nil, fmt.Errorf("compare parameters: %w", err)
		}
	}
	return changes(sides[0], sides[1], func(m json.RawMessage) string { return string(m) }), nil
}

func changedInputs(a, b []input.LoadedFile) []Change {
	byName := func(files []input.LoadedFile) map[string]input.LoadedFile {
		all := map[string]input.LoadedFile{}
		for _, f := range files {
			all[f.File] = f
		}
		return all
	}
	return changes(byName(a), byName(b), func(f input.LoadedFile) string {
		if f.File == "" {
			return ""
		}
		return fmt.Sprintf("%d rows, sha256 %s", f.Rows, f.SHA256)
	})
}

// changes lists the names whose values differ, in their order.
func changes[V any](a, b map[string]V, text func(V) string) []Change {
	all := []Change{}
	for name, value := range a {
		if text(value) != text(b[name]) {
			all = append(all, Change{name, text(value), text(b[name])})
		}
	}
	for name, value := range b {
		if _, both := a[name]; !both {
			all = append(all, Change{name, "", text(value)})
		}
	}
	slices.SortFunc(all, func(x, y Change) int { return strings.Compare(x.Name, y.Name) })
	return all
}
