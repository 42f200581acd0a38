package analytics_test

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/pipeline"
)

// TestModels runs single models on the rows of testdata/models/<model>/<case>/, where a case is named
// for the rule that it shows: <source>.csv has the rows of a source, want.csv those of the model.
//
// A source without a file is empty. params has the defaults of a report as of 24:00, with the values
// of params.csv in place of some; windows has the default ones unless there is a windows.csv. Columns
// that a file leaves out are NULL. Times in columns ending in `_us` are written as h:mm:ss since 1970,
// and codes of change_rows as that with the status.
func TestModels(t *testing.T) {
	folders, err := filepath.Glob("testdata/models/*/*")
	if err != nil {
		t.Fatal(err)
	}
	models, err := engine.LoadModels(enginetest.SQL(), "models", "duckdb")
	if err != nil {
		t.Fatal(err)
	}
	e := enginetest.New(t, t.TempDir(), 2) // one for all: opening it takes longer than a model
	columns, tested := modelColumns(t, e, models), map[string]bool{}
	for _, folder := range folders {
		name := filepath.Base(filepath.Dir(folder))
		place := slices.IndexFunc(models, func(m engine.Model) bool { return m.Name == name })
		if place < 0 {
			t.Errorf("%s: there is no model %s", folder, name)
			continue
		}
		tested["analytics/testdata/models/"+name] = true
		t.Run(name+"/"+filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			got := runModelFixture(t, e, models[place], columns, folder)
			golden := filepath.Join(folder, "want.csv")
			holdFile(t, golden, got)
		})
	}
	for _, m := range models {
		if cited := engine.HeaderLine(m.Text, "tests"); strings.HasPrefix(cited, "analytics/testdata/") != tested["analytics/testdata/models/"+m.Name] {
			t.Errorf("%s: its header cites %q as its tests", m.File, cited)
		}
	}
}

// modelColumns returns the columns of every relation as the text between the brackets of CREATE TABLE.
func modelColumns(t *testing.T, e *engine.Engine, models []engine.Model) map[string]string {
	t.Helper()
	j, all := testJob(t, e, "1970-01-02 00:00:00 UTC"), map[string]string{}
	if err := j.DB().Exec(t.Context(), "CREATE TEMP TABLE zone_periods (zone VARCHAR, starts_us BIGINT, ends_us BIGINT, offset_us BIGINT)"); err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if err := j.DB().Exec(t.Context(), strings.Replace(m.Text, "TEMP VIEW", "TEMP TABLE", 1)); err != nil {
			t.Fatalf("%s: %v", m.File, err)
		}
	}
	err := j.DB().Each(t.Context(), `SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index)
		FROM duckdb_columns() WHERE database_name = 'temp' GROUP BY table_name`, func(rows *sql.Rows) error {
		var name, columns string
		err := rows.Scan(&name, &columns)
		all[name] = columns
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// runModelFixture runs a model on the tables of a folder and returns its rows as CSV.
func runModelFixture(t *testing.T, e *engine.Engine, m engine.Model, columns map[string]string, folder string) string {
	t.Helper()
	j := testJob(t, e, "1970-01-02 00:00:00 UTC")
	sources := strings.Split(engine.ParseModelHeader(m.Text, func(string) bool { return false }).Sources, ", ")
	files, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".csv"); name != "want" && !slices.Contains(sources, name) {
			t.Fatalf("%s: %s does not read %s", folder, m.Name, name)
		}
	}
	for _, source := range sources {
		fillSource(t, j, source, columns[source], filepath.Join(folder, source+".csv"))
	}
	if err := j.DB().Exec(t.Context(), m.Text); err != nil {
		t.Fatal(err)
	}
	return modelRows(t, j, m.Name)
}

// fillSource makes a table of a source from the rows of a file.
func fillSource(t *testing.T, j *pipeline.Run, source, columns, file string) {
	t.Helper()
	exec := func(statement string, args ...any) {
		t.Helper()
		if err := j.DB().Exec(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	text, err := os.ReadFile(file)
	hasDefaults := source == "params" || source == "windows"
	if source == "report_bounds" { // by default those of a week before as_of
		exec(`CREATE TEMP TABLE report_bounds AS SELECT as_of_us - 7 * day_us() AS report_start_us, as_of_us, as_of_us - 8 * day_us() AS horizon_us,
			-11 AS first_day_no, 16 AS day_count, -11 * day_us() AS earliest_us, 5 * day_us() AS latest_us FROM params`)
	}
	switch {
	case os.IsNotExist(err) && (hasDefaults || source == "report_bounds"):
		return
	case err != nil && !os.IsNotExist(err):
		t.Fatal(err)
	case source == "windows":
		exec("DELETE FROM windows")
	case source != "params" && source != "report_bounds":
		exec("CREATE TEMP TABLE IF NOT EXISTS " + source + " (" + columns + ")")
	}
	if err != nil {
		return
	}
	records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, record := range records[1:] {
		var settings, places []string
		var cells []any
		for i, column := range records[0] {
			settings, places = append(settings, column+" = ?"), append(places, "?")
			cells = append(cells, readFixtureCell(t, column, record[i]))
		}
		if source == "params" || source == "report_bounds" {
			exec("UPDATE "+source+" SET "+strings.Join(settings, ", "), cells...)
		} else {
			exec("INSERT INTO "+source+" ("+strings.Join(records[0], ", ")+") VALUES ("+strings.Join(places, ", ")+")", cells...)
		}
	}
}

// modelRows returns the rows of a model as CSV, sorted.
func modelRows(t *testing.T, j *pipeline.Run, name string) string {
	t.Helper()
	columns, err := engine.QueryStrings(t.Context(), j.DB().Conn, "SELECT column_name FROM (DESCRIBE "+name+")")
	if err != nil {
		t.Fatal(err)
	}
	records, list := [][]string{columns}, slices.Clone(columns)
	for i, column := range columns {
		if strings.HasSuffix(column, "_us") { // sums of many stores are decimals
			list[i] = "CAST(" + column + " AS BIGINT) AS " + column
		}
	}
	err = j.DB().Each(t.Context(), "SELECT "+strings.Join(list, ", ")+" FROM "+name+" ORDER BY ALL", func(rows *sql.Rows) error {
		cells, places, record := make([]any, len(columns)), make([]any, len(columns)), make([]string, len(columns))
		for i := range cells {
			places[i] = &cells[i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for i, cell := range cells {
			record[i] = writeFixtureCell(columns[i], cell)
		}
		records = append(records, record)
		return nil
	})
	var b strings.Builder
	if err == nil {
		err = csv.NewWriter(&b).WriteAll(records)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	fixtureClock = regexp.MustCompile(`^(-?)(\d+):(\d\d):(\d\d)(?:\.(\d{6}))?( active| inactive)?$`)
	codeColumns  = []string{"code", "prev_code", "next_code"}
)

// readFixtureCell reads a cell: nil for an empty one, and an empty text for ”.
func readFixtureCell(t *testing.T, column, cell string) any {
	t.Helper()
	if cell == "" {
		return nil
	}
	if cell == "''" {
		return ""
	}
	isCode := slices.Contains(codeColumns, column)
	if !strings.HasSuffix(column, "_us") && !isCode {
		return cell
	}
	found := fixtureClock.FindStringSubmatch(cell)
	if found == nil || isCode != (found[6] != "") {
		t.Fatalf("%s %q: write a time like 10:14:00 or 10:14:00.000001, and a code like 10:14:00 active", column, cell)
	}
	number := func(text string) int64 {
		n, _ := strconv.ParseInt(text, 10, 64) // a fraction that is missing counts as 0
		return n
	}
	us := ((number(found[2])*60+number(found[3]))*60+number(found[4]))*1e6 + number(found[5])
	if found[1] != "" {
		us = -us
	}
	switch found[6] {
	case " active":
		return 2 * us
	case " inactive":
		return 2*us + 1
	}
	return us
}

// writeFixtureCell is the inverse of readFixtureCell.
func writeFixtureCell(column string, cell any) string {
	us, isNumber := cell.(int64)
	isCode := slices.Contains(codeColumns, column)
	switch {
	case cell == nil:
		return ""
	case !isNumber || !strings.HasSuffix(column, "_us") && !isCode:
		return fmt.Sprint(cell)
	}
	status := ""
	if isCode {
		status = map[int64]string{0: " active", 1: " inactive"}[us%2]
		us >>= 1
	}
	sign := ""
	if us < 0 {
		sign, us = "-", -us
	}
	seconds, fraction := us/1e6, ""
	if us%1e6 != 0 {
		fraction = fmt.Sprintf(".%06d", us%1e6)
	}
	return fmt.Sprintf("%s%02d:%02d:%02d%s%s", sign, seconds/3600, seconds/60%60, seconds%60, fraction, status)
}
