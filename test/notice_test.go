package test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNotice looks in NOTICE for all that is linked into the program or served by it.
func TestNotice(t *testing.T) {
	text, err := os.ReadFile("NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	list, texts, _ := strings.Cut(string(text), "\n"+strings.Repeat("=", 80)+"\n")
	licence := regexp.MustCompile(`\[(\d+)\]`)
	texts = "\n" + texts
	has := map[string]bool{}
	for line := range strings.Lines(list) {
		name, licences, found := cutLast(strings.TrimSuffix(line, "\n"), ": ")
		if !found {
			continue
		}
		has[name] = true
		for _, number := range licence.FindAllString(licences, -1) {
			if !strings.Contains(texts, "\n"+number+" ") {
				t.Errorf("NOTICE: %s refers to text %s, which is missing", name, number)
			}
		}
	}
	modules, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	wanted := strings.Fields(string(modules))
	slices.Sort(wanted)
	wanted = append(slices.Compact(wanted), "Go, its standard library and run-time", "DuckDB", "DuckDB: extension/icu/third_party/icu",
		"tz database, as packed by PyPI's tzdata")
	var npm struct{ Dependencies map[string]string }
	if text, err = os.ReadFile("api/web/package.json"); err == nil {
		err = json.Unmarshal(text, &npm)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name := range npm.Dependencies {
		wanted = append(wanted, "npm: "+name)
	}
	if len(wanted) < 50 {
		t.Fatalf("only %d components: %q", len(wanted), wanted)
	}
	for _, name := range wanted {
		if name != "openhours" && !has[name] {
			t.Errorf("NOTICE lacks %s: run `just notice`", name)
		}
	}
}

// cutLast cuts at the last separator: the names of components hold it too.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}
