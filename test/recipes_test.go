package test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// recipe is a section of docs/imports.md.
type recipe struct {
	title        string
	command      string            // as a user types it
	script, code string            // what the command runs
	sample, want map[string]string // files before and after
}

var (
	recipeForm  = regexp.MustCompile(`(?m)^## (\d+\. .*)$`)
	commandForm = regexp.MustCompile("\n```\n((?:duckdb|python3) [^\n]*)\n```")
	codeForm    = regexp.MustCompile("(?s)\n```(sql|python)\n(.*?)```")
	fileForm    = regexp.MustCompile("(?s)\n`([^`\n]+)`:\n```[a-z]*\n(.*?)```")
)

// readRecipes gives the recipes of docs/imports.md, by their numbers less one.
func readRecipes(t *testing.T) (recipes []recipe) {
	t.Helper()
	text, err := os.ReadFile("docs/imports.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	command := commandForm.FindStringSubmatch(page)
	titles := recipeForm.FindAllStringSubmatchIndex(page, -1)
	for i, title := range titles {
		section := page[title[1]:]
		if i+1 < len(titles) {
			section = page[title[1]:titles[i+1][0]]
		}
		code := codeForm.FindAllStringSubmatchIndex(section, -1)
		if len(code) != 1 {
			t.Fatalf("%s: %d blocks of code, not one", page[title[2]:title[3]], len(code))
		}
		r := recipe{
			title: page[title[2]:title[3]], command: command[1], script: "recipe.sql", code: section[code[0][4]:code[0][5]],
			sample: filesIn(section[:code[0][0]]), want: filesIn(section[code[0][1]:]),
		}
		if section[code[0][2]:code[0][3]] == "python" {
			r.command, r.script = commandForm.FindStringSubmatch(section)[1], "holidays.py"
		}
		if len(r.sample) == 0 || len(r.want) == 0 {
			t.Fatalf("%s: no sample or no result", r.title)
		}
		recipes = append(recipes, r)
	}
	if len(recipes) != 7 {
		t.Fatalf("%d recipes, not seven", len(recipes))
	}
	return recipes
}

func filesIn(section string) map[string]string {
	files := map[string]string{}
	for _, f := range fileForm.FindAllStringSubmatch(section, -1) {
		files[f[1]] = f[2]
	}
	return files
}

// run runs a recipe on files by the command of the page, and gives back the files that it writes and what
// it prints if it fails.
func (r recipe) run(t *testing.T, files map[string]string) (written map[string]string, fault string) {
	t.Helper()
	programs := filepath.Dir(pythonTool(t, "duckdb"))
	if strings.HasPrefix(r.command, "python3 ") {
		programs = filepath.Dir(pythonTool(t, "python"))
	}
	folder := t.TempDir()
	all := maps.Clone(files)
	all[r.script] = r.code
	for name, text := range all {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "sh", "-c", r.command)
	command.Dir = folder
	command.Env = append(os.Environ(), "PATH="+programs+string(os.PathListSeparator)+os.Getenv("PATH"))
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Run(); err != nil {
		if stderr.Len() == 0 {
			t.Fatal(err)
		}
		return nil, stderr.String()
	}
	written = map[string]string{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, given := all[e.Name()]; given || e.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		written[e.Name()] = string(text)
	}
	return written, ""
}

// TestRecipes runs every recipe of docs/imports.md on the sample that stands there. It must write the
// files that stand there, and `check` must not reject a row of them.
func TestRecipes(t *testing.T) {
	for _, r := range readRecipes(t) {
		t.Run(r.title, func(t *testing.T) {
			written, fault := r.run(t, r.sample)
			if fault != "" {
				t.Fatal(fault)
			}
			if diff := cmp.Diff(r.want, written); diff != "" {
				t.Errorf("-documented +got:\n%s", diff)
			}
			for name, text := range written {
				for _, fault := range misfits(name, text) {
					t.Errorf("%s: %s", name, fault)
				}
			}
			written["store_status.csv"] = statusHead + "0042,active,2026-12-25 12:00 UTC\n"
			e, folders := sqlEngine(t, folderOf(t, written))
			checked, err := report.CheckData(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: folders[0], Now: sqlTestNow})
			if err != nil {
				t.Fatal(err)
			}
			if checked.Quality.RowsRejected > 0 {
				t.Errorf("%d rows are rejected", checked.Quality.RowsRejected)
			}
		})
	}
}

// inputColumns are the columns of the files that recipes write, apart from attributes of stores.
var inputColumns = map[string][]string{
	"menu_hours.csv":    {"store_id", "dayOfWeek", "start_time_local", "end_time_local", "valid_from", "valid_through"},
	"stores.csv":        {"store_id", "name", "opens_on", "closes_on"},
	"special_hours.csv": {"store_id", "attribute", "value", "date", "date_through", "closed", "start_time_local", "end_time_local", "name"},
	"closures.csv":      {"store_id", "attribute", "value", "starts_at", "ends_at", "start_local", "end_local", "reason", "announced_at"},
}

const dateValue, timeValue = `\d{4}-\d\d-\d\d`, `\d{1,2}:\d\d(:\d\d)?`

// inputValues are the forms of values in these columns; they may be empty unless they are in neededValues.
var inputValues = map[string]*regexp.Regexp{
	"dayOfWeek": regexp.MustCompile(`^[0-6]$`), "start_time_local": regexp.MustCompile("^" + timeValue + "$"),
	"end_time_local": regexp.MustCompile("^" + timeValue + "$"), "valid_from": regexp.MustCompile("^" + dateValue + "$"),
	"valid_through": regexp.MustCompile("^" + dateValue + "$"), "opens_on": regexp.MustCompile("^" + dateValue + "$"),
	"date": regexp.MustCompile("^" + dateValue + "$"), "date_through": regexp.MustCompile("^" + dateValue + "$"),
	"closed": regexp.MustCompile("^(true|false)$"), "start_local": regexp.MustCompile("^" + dateValue + "$"),
	"end_local": regexp.MustCompile("^" + dateValue + "$"),
}

var neededValues = map[string][]string{
	"menu_hours.csv": {"store_id", "dayOfWeek", "start_time_local", "end_time_local"}, "stores.csv": {"store_id"},
	"special_hours.csv": {"store_id", "date", "closed"}, "closures.csv": {"store_id", "start_local"},
}

// misfits lists what does not fit the set that a file belongs to.
func misfits(name, text string) (faults []string) {
	columns, known := inputColumns[name]
	if !known {
		return []string{"not a file of a set"}
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) < 2 {
		return []string{"no rows, or not CSV"}
	}
	for _, column := range rows[0] {
		if !slices.Contains(columns, column) && name != "stores.csv" {
			faults = append(faults, "column "+column+" is not of this set")
		}
	}
	for _, row := range rows[1:] {
		values := map[string]string{}
		for i, value := range row {
			values[rows[0][i]] = value
			if form := inputValues[rows[0][i]]; form != nil && value != "" && !form.MatchString(value) {
				faults = append(faults, rows[0][i]+": "+value)
			}
		}
		for _, column := range neededValues[name] {
			if values[column] == "" {
				faults = append(faults, "a row without "+column)
			}
		}
		if isOpen := values["closed"] == "false"; name == "special_hours.csv" && (isOpen != (values["start_time_local"] != "") || isOpen != (values["end_time_local"] != "")) {
			faults = append(faults, "times that do not fit closed: "+strings.Join(row, ","))
		}
	}
	return faults
}
