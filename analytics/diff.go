package analytics

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
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
}

// Same tells that nothing differs that could change a number.
func (d Difference) Same() bool {
	return d.AsOf == nil && len(d.Parameters) == 0 && len(d.Inputs) == 0 && len(d.Rows) == 0
}

// Diff compares two finished reports of one folder.
func (e *Engine) Diff(ctx context.Context, reports, a, b string) (Difference, error) {
	d := Difference{A: a, B: b, Parameters: []Change{}, Inputs: []Change{}, Rows: []ChangedRow{}}
	left, err := FindReport(reports, a)
	if err != nil {
		return d, err
	}
	right, err := FindReport(reports, b)
	if err != nil {
		return d, err
	}
	if left.AsOf != right.AsOf {
		d.AsOf = &Change{"as_of", left.AsOf, right.AsOf}
	}
	if d.Parameters, err = changedParameters(left.Parameters, right.Parameters); err != nil {
		return d, err
	}
	d.Inputs = changedInputs(left.Inputs, right.Inputs)
	text, err := fs.ReadFile(e.models, "duckdb/diff.sql")
	if err != nil {
		return d, fmt.Errorf("read duckdb/diff.sql: %w", err)
	}
	paths := make([]any, 2)
	for i, id := range []string{a, b} {
		path, err := filepath.Abs(filepath.Join(reports, id, "report.parquet"))
		if err != nil {
			return d, err
		}
		paths[i] = sql.Named([]string{"a", "b"}[i], path)
	}
	rows, err := e.db.QueryContext(ctx, string(text), paths...)
	if err != nil {
		return d, fmt.Errorf("compare %s with %s: %w", a, b, err)
	}
	defer rows.Close()
	for rows.Next() {
		var r ChangedRow
		if err := rows.Scan(&r.StoreID, &r.Window, &r.Change, &r.AOpen, &r.BOpen, &r.AUp, &r.BUp,
			&r.ADown, &r.BDown, &r.AUnknown, &r.BUnknown); err != nil {
			return d, fmt.Errorf("compare %s with %s: %w", a, b, err)
		}
		d.Rows = append(d.Rows, r)
	}
	return d, rows.Err()
}

// changedParameters compares by the names that JSON gives them; as_of is told apart.
func changedParameters(a, b Parameters) ([]Change, error) {
	a.AsOf, b.AsOf = "", ""
	sides := make([]map[string]json.RawMessage, 2)
	for i, p := range []Parameters{a, b} {
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

func changedInputs(a, b []InputFile) []Change {
	byName := func(files []InputFile) map[string]InputFile {
		all := map[string]InputFile{}
		for _, f := range files {
			all[f.File] = f
		}
		return all
	}
	return changes(byName(a), byName(b), func(f InputFile) string {
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
