package analytics_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// describedModel is a model with its parsed header and its actual columns.
type describedModel struct {
	engine.Model
	engine.ModelHeader
	names []string
	types map[string]string
}

// describeModels runs every model on a few rows and describes the columns.
func describeModels(t *testing.T) []describedModel {
	t.Helper()
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": enginetest.StatusHead + enginetest.StatusRow, "data/stores.csv": "store_id,brand\na,X\n",
		"data/special_hours.csv": "store_id,date,closed\n*,2024-12-25,yes\n", "data/closures.csv": "store_id,start_local\na,2024-12-24\n",
		"data/targets.csv": "store_id,target\n*,98\n", "reports/none": ""})
	e := enginetest.New(t, dir, 1)
	j, err := pipeline.New(t.Context(), pipeline.Engines{DuckDB: e}, pipeline.Request{Data: filepath.Join(dir, "data"), Parameters: params.Parameters{By: "hour"}, Now: enginetest.Now, WantsFiles: true})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Execute(t.Context()); err != nil {
		t.Fatal(err)
	}
	models, err := engine.LoadModels(e.SQL, "models", "duckdb", "cli")
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"SET VARIABLE report_folder = '" + dir + "/reports'",
		"CREATE TEMP VIEW report_files AS SELECT *, CAST('' AS VARCHAR) AS filename FROM report",
	} {
		if err := j.DB().Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	var all []describedModel
	for _, m := range models {
		if strings.HasPrefix(m.File, "cli/") && m.Name != "zone_periods" { // a report has that from the program
			if err := j.DB().Exec(t.Context(), m.Text); err != nil {
				t.Fatalf("%s: %v", m.File, err)
			}
		}
		d := describedModel{Model: m, types: map[string]string{}}
		if d.names, err = engine.QueryStrings(t.Context(), j.DB().Conn, "SELECT column_name FROM (DESCRIBE "+m.Name+")"); err != nil {
			t.Fatal(err)
		}
		kinds, err := engine.QueryStrings(t.Context(), j.DB().Conn, "SELECT column_type FROM (DESCRIBE "+m.Name+")")
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range d.names {
			d.types[name] = kinds[i]
		}
		d.ModelHeader = engine.ParseModelHeader(m.Text, func(word string) bool { return slices.Contains(d.names, word) })
		all = append(all, d)
	}
	return all
}

// TestHeadersNameTheColumns compares the columns in every header with those of the model.
func TestHeadersNameTheColumns(t *testing.T) {
	for _, m := range describeModels(t) {
		var described []string
		for _, c := range m.Columns {
			described = append(described, c.Names...)
		}
		if diff := cmp.Diff(m.names, described); diff != "" {
			t.Errorf("%s: -has +header:\n%s", m.File, diff)
		}
		if m.Grain == "" || m.Sources == "" || m.Rule == "" {
			t.Errorf("%s: the header lacks grain, sources or rule", m.File)
		}
	}
}

// columnRows returns the table rows that describe the model's columns.
func (m describedModel) columnRows() string {
	var b strings.Builder
	for _, c := range m.Columns {
		text := c.Meaning()
		for _, name := range c.Names {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, m.types[name], strings.ReplaceAll(text, "|", "\\|"))
		}
	}
	return b.String()
}

var cited = regexp.MustCompile(`docs/(\S+\.md)((?: "[^"]+",?)*)`)

// ruleLinks turns the sections that a header cites into links.
func ruleLinks(rule string) string {
	found := cited.FindStringSubmatch(rule)
	if found == nil {
		return rule
	}
	var links []string
	for _, section := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(found[2], -1) {
		anchor := strings.NewReplacer(" ", "-", "'", "", ",", "").Replace(strings.ToLower(section[1]))
		links = append(links, fmt.Sprintf("[%s](%s#%s)", section[1], found[1], anchor))
	}
	return strings.Join(links, ", ")
}

const generated = "Written by `just docs`"

func modelsPage(models []describedModel) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Models

Every model in the order in which they run, with its rows, columns and sources. Numbers that end in %s are microseconds,
instants among them since 1970 in UTC; %s numbers the stores in the order of their ids. The CLI has each as a view
([questions in SQL](sql.md)); %s, %s and %s are the files of a report.

%s from the headers of the model files.
`, "`_us`", "`store_no`", "`report`", "`outages`", "`groups`", generated)
	for _, m := range models {
		fmt.Fprintf(&b, "\n## %s\n%s. From %s; rule: %s. `sql/%s`", m.Name, sentence(m.Grain), m.Sources, ruleLinks(m.Rule), m.File)
		if m.Keep == engine.KeepAlways {
			b.WriteString(", kept as a table")
		}
		b.WriteString(".\n")
		if m.Notes != "" {
			fmt.Fprintf(&b, "\n%s\n", m.Notes)
		}
		fmt.Fprintf(&b, "\n| column | type | |\n| --- | --- | --- |\n%s", m.columnRows())
	}
	return b.String()
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// inputTable lists the columns of the input files: names and aliases from the engine, meanings from the
// headers of the source models.
func inputTable(t *testing.T, sqlFiles fs.FS) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| set | column (aliases, in any case) | value |\n| --- | --- | --- |\n")
	for _, set := range mainFirst() {
		text, err := fs.ReadFile(sqlFiles, "duckdb/"+set.Name+"_source.sql")
		if err != nil {
			t.Fatal(err)
		}
		meanings := engine.ParseModelHeader(string(text), func(string) bool { return false }).Input
		if len(meanings) != len(set.Columns) {
			t.Fatalf("%s: the header describes %d input columns, but there are %d", set.Name, len(meanings), len(set.Columns))
		}
		for i, c := range set.Columns {
			if meanings[i].Names[0] != c.Name {
				t.Errorf("%s: the header describes %s where %s belongs", set.Name, meanings[i].Names[0], c.Name)
			}
			var aliases []string
			for _, alias := range c.Aliases {
				if !strings.EqualFold(alias, c.Name) {
					aliases = append(aliases, "`"+alias+"`")
				}
			}
			also := ""
			if len(aliases) > 0 {
				also = " (" + strings.Join(aliases, ", ") + ")"
			}
			name := set.Name
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "| %s | `%s`%s | %s |\n", name, c.Name, also, meanings[i].Text)
		}
	}
	return b.String()
}

// TestDictionary compares the generated documents, and the CLI's list of views, with the models; -update
// rewrites them.
func TestDictionary(t *testing.T) {
	models := describeModels(t)
	views := "-- Every model as a view. " + generated + ".\n"
	outputs := ""
	for _, m := range models {
		views += fmt.Sprintf("CREATE OR REPLACE TEMP VIEW %s AS\n    FROM query(getvariable('models') || 'FROM %s');\n", m.Name, m.Name)
		if file := map[string]string{"report": "report.parquet", "outages": "outages.parquet", "groups": "groups.parquet", "targets": "targets.parquet", "days": "days.parquet", "hours": "hours.parquet", "group_days": "group_days.parquet", "report_csv": "report.csv"}[m.Name]; file != "" {
			grain, _, _ := strings.Cut(m.Grain, ":")
			outputs += fmt.Sprintf("\n`%s`: %s.\n\n| column | type | |\n| --- | --- | --- |\n%s", file, grain, m.columnRows())
		}
	}
	holdFile(t, "../sql/cli/models.sql", views)
	holdFile(t, "../sql/duckdb/stand_ins.sql", standIns(models))
	holdFile(t, "../docs/models.md", modelsPage(models))
	for _, part := range []struct{ file, name, table string }{
		{"../data/README.md", "input columns", inputTable(t, os.DirFS("../sql"))},
		{"../reports/README.md", "output columns", strings.TrimPrefix(outputs, "\n")},
	} {
		page, err := os.ReadFile(part.file)
		if err != nil {
			t.Fatal(err)
		}
		begin := fmt.Sprintf("<!-- %s: %s, from the headers of the models -->\n", part.name, strings.ToLower(generated[:1])+generated[1:])
		before, rest, found := strings.Cut(string(page), begin)
		_, after, ended := strings.Cut(rest, "<!-- end -->")
		if !found || !ended {
			t.Fatalf("%s has no section for the %s: %s", part.file, part.name, begin)
		}
		holdFile(t, part.file, before+begin+part.table+"<!-- end -->"+after)
	}
}

// standIns makes an empty table for each model that has no rows without certain things, or a view of the model whose rows it
// then has.
func standIns(models []describedModel) string {
	var b strings.Builder
	b.WriteString("-- In place of models that have no rows without certain sets or windows (`unless`), or only those of\n" +
		"-- another model (`else`): DuckDB plans a model as long if it has none. " + generated + ".\n\n")
	for _, m := range models {
		if m.Unless == "" {
			continue
		}
		if other := engine.HeaderLine(m.Text, "else"); other != "" {
			fmt.Fprintf(&b, "CREATE OR REPLACE TEMP VIEW %s AS FROM %s;\n", m.Name, other)
			continue
		}
		fmt.Fprintf(&b, "CREATE OR REPLACE TEMP TABLE %s (", m.Name)
		width := 100
		for i, name := range m.names {
			column := name + " " + m.types[name] + ","
			if i == len(m.names)-1 {
				column = name + " " + m.types[name] + ");"
			}
			if width += 1 + len(column); width > 99 {
				width = 4 + len(column)
				b.WriteString("\n   ")
			}
			b.WriteString(" " + column)
		}
		b.WriteString("\n")
	}
	return strings.Replace(b.String(), "\n\nCREATE", "\nCREATE", 1)
}

// TestDictionaryOfManifest compares the keys of report.json with those that reports/README.md explains.
func TestDictionaryOfManifest(t *testing.T) {
	page, err := os.ReadFile("../reports/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## Keys of report.json")
	var explained []string
	for _, key := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(table, -1) {
		explained = append(explained, key[1])
	}
	want := jsonKeys("", reflect.TypeFor[report.Manifest]())
	slices.Sort(explained)
	slices.Sort(want)
	if diff := cmp.Diff(want, explained); diff != "" {
		t.Errorf("-report.json +reports/README.md:\n%s", diff)
	}
}

// jsonKeys lists the keys of a type's JSON, with a path such as fleet[].outages for nested ones.
func jsonKeys(path string, kind reflect.Type) (keys []string) {
	for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice {
		if kind.Kind() == reflect.Slice {
			path += "[]"
		}
		kind = kind.Elem()
	}
	if kind.Kind() != reflect.Struct || kind == reflect.TypeFor[time.Time]() {
		return []string{path}
	}
	for i := range kind.NumField() {
		name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
		keys = append(keys, jsonKeys(strings.TrimPrefix(path+"."+name, "."), kind.Field(i).Type)...)
	}
	return keys
}

// TestModelTextsStandAlone checks the form that sql/cli relies on: each model is one view, whose text ends
// the file.
func TestModelTextsStandAlone(t *testing.T) {
	models, err := engine.LoadModels(os.DirFS("../sql"), "models", "duckdb", "cli")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if n := strings.Count(m.Text, "\nCREATE OR REPLACE TEMP VIEW "); n != 1 {
			t.Errorf("%s: %d views", m.File, n)
		}
		code := regexp.MustCompile(`--[^\n]*`).ReplaceAllString(m.Text, "")
		if strings.Contains(strings.TrimSuffix(strings.TrimSpace(code), ";"), ";") {
			t.Errorf("%s: several statements", m.File)
		}
	}
}
