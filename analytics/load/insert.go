package load

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"openhours/analytics/engine"
	"openhours/analytics/input"
)

// RowTable returns the row table of a set and its columns, which the parsing view of the set has too; of stores, see
// insertStaged.
func RowTable(set string) (table, columns string) {
	switch set {
	case input.StatusSet:
		return "status_rows", "store_id, is_up, observed_us"
	case input.HoursSet:
		return "hours_rows", "store_id, weekday, opens_clock_us, closes_clock_us, valid_from_day, valid_through_day"
	case input.StoresSet:
		return "stores_rows", "store_id, detail, attribute, value, day_no"
	case input.SpecialHoursSet:
		return "special_hours_rows", "store_id, attribute, value, first_day, last_day, is_closed, opens_clock_us, closes_clock_us, name"
	case input.ClosuresSet:
		return "closures_rows", "store_id, attribute, value, starts_us, ends_us, start_local_us, end_local_us, reason, announced_us, announced_local_us"
	case input.TargetsSet:
		return "targets_rows", "store_id, attribute, value, target_ppm, window_name"
	default:
		return "zones_rows", "store_id, zone"
	}
}

// staged reports whether the parsed rows of a set are put aside before they are judged. These sets are small, and none of
// their columns is NULL for exactly the rejected rows.
func staged(set string) bool {
	return set == input.StoresSet || set == input.ClosuresSet || set == input.TargetsSet
}

// insertStaged puts the parsed rows of a set aside and moves the accepted ones to its table.
func (l *Loader) insertStaged(ctx context.Context, set string, from source) (rows, accepted int64, err error) {
	if err := l.DB.Exec(ctx, "CREATE OR REPLACE TEMP TABLE staged_rows AS FROM "+from.relation, from.args...); err != nil {
		return 0, 0, err
	}
	if err := l.DB.Conn.QueryRowContext(ctx, "SELECT count(*), count(*) FILTER (fault_reason IS NULL) FROM staged_rows").Scan(&rows, &accepted); err != nil {
		return 0, 0, err
	}
	table, columns := RowTable(set)
	good := "SELECT " + columns + " FROM staged_rows WHERE fault_reason IS NULL"
	if set == input.StoresSet {
		good = "FROM staged_details"
		if err := l.DB.ExecFile(ctx, "duckdb/staged_details.sql"); err != nil {
			return 0, 0, err
		}
	}
	return rows, accepted, l.DB.Exec(ctx, "INSERT INTO "+table+" "+good)
}

// source is a relation with the columns of the parsing view of a set: its name, or a query with args.
type source struct {
	relation string
	args     []any
}

// scanOnce is the parsing view of the file's set on a scan, as a query for a single statement. DuckDB plans a statement
// that reads a file when it is prepared and again when it is executed, because another file can lie there by then, and
// a view when it is created as well. A scan whose path is a parameter it plans only once: with a file of a few rows,
// planning takes longer than everything else.
func (l *Loader) scanOnce(ctx context.Context, file *File, scan string) (source, error) {
	if err := l.createAttributes(ctx, file); err != nil {
		return source{}, err
	}
	view, err := l.DB.Engine.ReadView("duckdb/" + file.Set.Name + "_source.sql")
	if err != nil {
		return source{}, err
	}
	return source{"(WITH source_file AS (" + scan + ") FROM (" + view + "))", []any{engine.FilePattern(file.Path)}}, nil
}

// makeSource creates the view source_file on a scan, and the parsing view of the file's set on top of it.
func (l *Loader) makeSource(ctx context.Context, file *File, scan string) error {
	if err := l.createAttributes(ctx, file); err != nil {
		return err
	}
	if err := l.DB.Exec(ctx, "CREATE OR REPLACE TEMP VIEW source_file AS "+scan); err != nil {
		return err
	}
	return l.DB.ExecFile(ctx, "duckdb/"+file.Set.Name+"_source.sql")
}

// insertAll begins a transaction, moves all rows of a parsing view to the table of a set, good or not, and
// returns how many there were and whether all of them are good. The transaction stays open. Selecting the
// faults of each row as well would parse every value twice. Instead a value that cannot be parsed becomes
// NULL, which the statistics of the table reveal.
func (l *Loader) insertAll(ctx context.Context, set string, from source) (rows int64, good bool, err error) {
	if err := l.DB.Exec(ctx, "BEGIN TRANSACTION"); err != nil {
		return 0, false, err
	}
	if staged(set) {
		rows, accepted, err := l.insertStaged(ctx, set, from)
		return rows, rows == accepted, err
	}
	table, columns := RowTable(set)
	names := strings.Split(columns, ", ")
	values, filled := slices.Clone(names), names[1:]
	// NULL out a second column when the id is missing, so that one NULL check finds both.
	values[1] = fmt.Sprintf("CASE WHEN store_id IS NOT NULL THEN %s END", names[1])
	switch set {
	case input.HoursSet: // whose last two columns may be empty
		values[1] = fmt.Sprintf("CASE WHEN store_id IS NOT NULL AND version_fault IS NULL THEN %s END", names[1])
		filled = names[1:4]
	case input.SpecialHoursSet: // whose view leaves this column empty for any fault
		values[1], filled = names[1], []string{"is_closed"}
	}
	result, err := l.DB.Conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s SELECT %s FROM %s", table, strings.Join(values, ", "), from.relation), from.args...)
	if err != nil {
		return 0, false, err
	}
	if rows, err = result.RowsAffected(); err != nil {
		return 0, false, err
	}
	var lacks []string
	for _, name := range filled {
		lacks = append(lacks, fmt.Sprintf("count(%s) < count(*)", name)) // the statistics know, without a scan
	}
	checks := []string{"SELECT " + strings.Join(lacks, " OR ") + " FROM " + table}
	if set == input.ZonesSet {
		checks = append(checks, "SELECT count(*) > 0 FROM "+table+" WHERE zone NOT IN (SELECT zone FROM zone_names)")
	}
	for _, check := range checks {
		var bad bool
		if err := l.DB.Conn.QueryRowContext(ctx, check).Scan(&bad); err != nil {
			return 0, false, err
		}
		if bad {
			return rows, false, nil
		}
	}
	return rows, true, nil
}

// rollback undoes insertAll.
func (l *Loader) rollback(ctx context.Context) error {
	if err := l.DB.Exec(ctx, "ROLLBACK"); err != nil {
		return fmt.Errorf("take back the fast reading: %w", err)
	}
	return nil
}

// insertAccepted moves the rows of the named parsing view, or copy of it, that have no fault to the table of
// the set.
func (l *Loader) insertAccepted(ctx context.Context, set, name string) (int64, error) {
	if staged(set) {
		_, accepted, err := l.insertStaged(ctx, set, source{relation: name})
		return accepted, err
	}
	table, columns := RowTable(set)
	result, err := l.DB.Conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s SELECT %s FROM %s WHERE fault_reason IS NULL",
		table, columns, name))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
