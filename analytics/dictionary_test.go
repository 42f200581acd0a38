package analytics

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// describedModel is a model, what its header says and what columns it really has.
type describedModel struct {
	model
	modelHeader
	names []string
	types map[string]string
}

// describeModels runs every model on a few rows and asks DuckDB for their columns.
func describeModels(t *testing.T) []describedModel {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"data/store_status.csv": head + goodRow, "reports/none": ""})
	e := testEngine(t, dir, 1)
	j, err := e.newJob(t.Context(), filepath.Join(dir, "data"), Parameters{}, testNow, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	if err := j.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	models, err := loadModels(e.models, "models", "duckdb", "cli")
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"SET VARIABLE report_folder = '" + dir + "/reports'",
		"CREATE TEMP VIEW report_files AS SELECT *, CAST('' AS VARCHAR) AS filename FROM report",
	} {
		if err := j.exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	var all []describedModel
	for _, m := range models {
		if strings.HasPrefix(m.file, "cli/") {
			if err := j.exec(t.Context(), m.text); err != nil {
				t.Fatalf("%s: %v", m.file, err)
			}
		}
		d := describedModel{model: m, types: map[string]string{}}
		if d.names, err = texts(t.Context(), j.conn, "SELECT column_name FROM (DESCRIBE "+m.name+")"); err != nil {
			t.Fatal(err)
		}
		kinds, err := texts(t.Context(), j.conn, "SELECT column_type FROM (DESCRIBE "+m.name+")")
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range d.names {
			d.types[name] = kinds[i]
		}
		d.modelHeader = readModelHeader(m.text, func(word string) bool { return slices.Contains(d.names, word) })
		all = append(all, d)
	}
	return all
}

// TestHeadersNameTheColumns holds the columns in every header to those that the model has.
func TestHeadersNameTheColumns(t *testing.T) {
	for _, m := range describeModels(t) {
		var said []string
		for _, c := range m.columns {
			said = append(said, c.names...)
		}
		if diff := cmp.Diff(m.names, said); diff != "" {
			t.Errorf("%s: -has +header:\n%s", m.file, diff)
		}
		if m.grain == "" || m.sources == "" || m.rule == "" {
			t.Errorf("%s: the header lacks grain, sources or rule", m.file)
		}
	}
}

// columnRows are the lines of a table of the model's columns.
func (m describedModel) columnRows() string {
	var b strings.Builder
	for _, c := range m.columns {
		text := c.meaning()
		for _, name := range c.names {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, m.types[name], strings.ReplaceAll(text, "|", "\\|"))
		}
	}
	return b.String()
}

var cited = regexp.MustCompile(`docs/(\S+\.md)((?: "[^"]+",?)*)`)

// ruleLinks makes links of what a header cites.
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
([questions in SQL](sql.md)); %s and %s are the files of a report.

%s from the headers of the model files.
`, "`_us`", "`store_no`", "`report`", "`outages`", generated)
	for _, m := range models {
		fmt.Fprintf(&b, "\n## %s\n%s. From %s; rule: %s. `sql/%s`", m.name, sentence(m.grain), m.sources, ruleLinks(m.rule), m.file)
		if m.keep == keptByAll {
			b.WriteString(", kept as a table")
		}
		b.WriteString(".\n")
		if m.notes != "" {
			fmt.Fprintf(&b, "\n%s\n", m.notes)
		}
		fmt.Fprintf(&b, "\n| column | type | |\n| --- | --- | --- |\n%s", m.columnRows())
	}
	return b.String()
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// inputTable lists the columns of the input files: names and aliases as the engine knows them, meanings
// from the headers of the source models.
func inputTable(t *testing.T, sqlFiles fs.FS) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| set | column (aliases, in any case) | value |\n| --- | --- | --- |\n")
	sets := dataSets()
	slices.Reverse(sets[:2])
	for _, set := range append(sets[2:], sets[1], sets[0]) {
		text, err := fs.ReadFile(sqlFiles, "duckdb/"+set.name+"_source.sql")
		if err != nil {
			t.Fatal(err)
		}
		meanings := readModelHeader(string(text), func(string) bool { return false }).input
		if len(meanings) != len(set.columns) {
			t.Fatalf("%s: the header tells of %d input columns, there are %d", set.name, len(meanings), len(set.columns))
		}
		for i, c := range set.columns {
			if meanings[i].names[0] != c.name {
				t.Errorf("%s: the header tells of %s, not of %s", set.name, meanings[i].names[0], c.name)
			}
			var aliases []string
			for _, alias := range c.aliases {
				if !strings.EqualFold(alias, c.name) {
					aliases = append(aliases, "`"+alias+"`")
				}
			}
			also := ""
			if len(aliases) > 0 {
				also = " (" + strings.Join(aliases, ", ") + ")"
			}
			name := set.name
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "| %s | `%s`%s | %s |\n", name, c.name, also, meanings[i].text)
		}
	}
	return b.String()
}

// TestDictionary holds the generated documents, and the list of views of the CLI, to the models; -update
// writes them anew.
func TestDictionary(t *testing.T) {
	models := describeModels(t)
	views := "-- Every model as a view. " + generated + ".\n"
	outputs := ""
	for _, m := range models {
		views += fmt.Sprintf("CREATE OR REPLACE TEMP VIEW %s AS\n    FROM query(getvariable('models') || 'FROM %s');\n", m.name, m.name)
		if file := map[string]string{"report": "report.parquet", "outages": "outages.parquet", "report_csv": "report.csv"}[m.name]; file != "" {
			grain, _, _ := strings.Cut(m.grain, ":")
			outputs += fmt.Sprintf("\n`%s`: %s.\n\n| column | type | |\n| --- | --- | --- |\n%s", file, grain, m.columnRows())
		}
	}
	compare := func(file, want string) {
		t.Helper()
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s is not what the headers say; `just docs` writes it: -want +got:\n%s", path.Base(file), diff)
		}
	}
	compare("../sql/cli/models.sql", views)
	compare("../docs/models.md", modelsPage(models))
	page, err := os.ReadFile("../data/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for part, table := range map[string]string{"input columns": inputTable(t, os.DirFS("../sql")), "output columns": outputs} {
		begin := fmt.Sprintf("<!-- %s: %s, from the headers of the models -->\n", part, strings.ToLower(generated[:1])+generated[1:])
		before, rest, found := strings.Cut(string(page), begin)
		_, after, ended := strings.Cut(rest, "<!-- end -->")
		if !found || !ended {
			t.Fatalf("data/README.md has no place for the %s: %s", part, begin)
		}
		page = []byte(before + begin + table + "<!-- end -->" + after)
	}
	compare("../data/README.md", string(page))
}

// TestModelTextsStandAlone holds the models to the form that sql/cli takes them apart by: one view, whose
// text ends the file.
func TestModelTextsStandAlone(t *testing.T) {
	models, err := loadModels(os.DirFS("../sql"), "models", "duckdb", "cli")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if n := strings.Count(m.text, "\nCREATE OR REPLACE TEMP VIEW "); n != 1 {
			t.Errorf("%s: %d views", m.file, n)
		}
		code := regexp.MustCompile(`--[^\n]*`).ReplaceAllString(m.text, "")
		if strings.Contains(strings.TrimSuffix(strings.TrimSpace(code), ";"), ";") {
			t.Errorf("%s: several statements", m.file)
		}
	}
}
