package test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// modelLayers are the folders of sql/models in the order in which they run.
var modelLayers = []string{"inputs", "hours", "evidence", "outages", "measures", "results"}

// TestModelNumbers holds models to unique numbers, and the numbers of a layer to lie between those of
// the layers before and after: file-name order is run order.
func TestModelNumbers(t *testing.T) {
	numbers, latest := map[string]string{}, make([]string, len(modelLayers))
	for _, f := range readSQL(t) {
		number, _, ok := f.model()
		if !ok {
			if strings.HasPrefix(f.name, "models/") {
				t.Errorf("%s: models are models/<layer>/<two digits>_<name>.sql", f.name)
			}
			continue
		}
		if numbers[number] != "" {
			t.Errorf("%s and %s have the same number", numbers[number], f.name)
		}
		numbers[number] = f.name
		if layer, isCore := strings.CutPrefix(f.name, "models/"); isCore {
			layer, _, _ = strings.Cut(layer, "/")
			place := slices.Index(modelLayers, layer)
			if place < 0 {
				t.Fatalf("%s: the layers are %v", f.name, modelLayers)
			}
			latest[place] = max(latest[place], number)
		}
	}
	for _, file := range numbers {
		layer, isCore := strings.CutPrefix(file, "models/")
		layer, _, _ = strings.Cut(layer, "/")
		if place := slices.Index(modelLayers, layer); isCore && place > 0 && strings.Split(file, "/")[2][:2] <= latest[place-1] {
			t.Errorf("%s has a lower number than a model of %s", file, modelLayers[place-1])
		}
	}
}

// TestSources holds the sources in every header to what the FROM and JOIN clauses name, and the
// sources of a model to lower numbers.
func TestSources(t *testing.T) {
	files, numbers := readSQL(t), map[string]string{}
	for _, f := range files {
		if number, name, ok := f.model(); ok {
			numbers[name] = number
		}
	}
	for _, f := range files {
		number, _, isModel := f.model()
		header, found := f.header("sources")
		if !found {
			if isModel {
				t.Errorf("%s: its header lacks sources", f.name)
			}
			continue
		}
		var read []string
		expressions := f.expressions()
		for _, r := range f.references() {
			if r.name != "" && !r.function && !slices.Contains(expressions, r.name) && !slices.Contains(read, r.name) {
				read = append(read, r.name)
			}
		}
		stated := strings.Split(header, ", ")
		if header == "none" {
			stated = nil
		}
		for _, source := range read {
			sourceNumber, isSourceModel := numbers[source]
			switch {
			case !slices.Contains(stated, source):
				t.Errorf("%s reads %s, which its header does not list", f.name, source)
			case isModel && isSourceModel && sourceNumber >= number:
				t.Errorf("%s reads %s, which runs later", f.name, source)
			case !isSourceModel && !slices.Contains(baseRelations, source):
				t.Errorf("%s reads %s, which is no model", f.name, source)
			}
		}
		for i, source := range stated {
			if !slices.Contains(read, source) || slices.Contains(stated[:i], source) {
				t.Errorf("%s lists %q, which it does not read or has listed before", f.name, source)
			}
		}
	}
}

var trailingDigits = regexp.MustCompile(`\d+$`)

// standsFor reports whether an alias abbreviates a name: it is the start of one of its words, or the
// initials of all of them; digits may follow where a relation is read several times.
func standsFor(alias, name string) bool {
	alias = trailingDigits.ReplaceAllString(alias, "")
	initials := ""
	for word := range strings.SplitSeq(name, "_") {
		if alias != "" && strings.HasPrefix(word, alias) {
			return true
		}
		initials += word[:1]
	}
	return alias == initials
}

// TestAliases holds the alias of a relation to an abbreviation of its name. A subquery or a function
// has no name to abbreviate: its alias is a word, or the parameter that is its argument.
func TestAliases(t *testing.T) {
	for _, f := range readSQL(t) {
		for _, r := range f.references() {
			switch {
			case r.alias == "":
			case r.name != "" && !r.function:
				if !standsFor(r.alias, r.name) {
					t.Errorf("%s:%d: %s does not abbreviate %s", f.name, r.line, r.alias, r.name)
				}
			case len(r.inside) == 1 && r.inside[0].text == "$"+r.alias:
			case len(r.alias) < 3:
				t.Errorf("%s:%d: %s is no word for what it stands for", f.name, r.line, r.alias)
			}
		}
	}
	for alias, name := range map[string]string{"s": "store_zones", "z": "store_zones", "sz": "store_zones", "status": "status_time", "d10": "digits"} {
		if !standsFor(alias, name) {
			t.Errorf("%s does not abbreviate %s", alias, name)
		}
	}
	for alias, name := range map[string]string{"c": "status_time", "f": "stale_time", "times": "status_time", "2": "digits"} {
		if standsFor(alias, name) {
			t.Errorf("%s abbreviates %s", alias, name)
		}
	}
}

// TestExpressionNames keeps a common table expression from hiding a relation of its name, also in
// files that do not read that relation.
func TestExpressionNames(t *testing.T) {
	files, taken := readSQL(t), slices.Clone(baseRelations)
	for _, f := range files {
		if _, name, ok := f.model(); ok {
			taken = append(taken, name)
		}
	}
	for _, f := range files {
		for _, name := range f.expressions() {
			if slices.Contains(taken, name) {
				t.Errorf("%s: the common table expression %s has the name of a relation", f.name, name)
			}
		}
	}
}

var (
	longNumber = regexp.MustCompile(`\d{5,}`)
	// clock readings in hours, minutes or seconds, which have the same names
	clockNumbers = []string{"3600", "1440"}
)

// TestConstants holds every long number, and every width of a bucket, to one place for each engine: a
// function with a name, such as day_us(), says what the others mean. Texts of SQL count too.
func TestConstants(t *testing.T) {
	places := map[string]string{}
	for _, f := range readSQL(t) {
		engine := "duckdb"
		if strings.HasPrefix(f.name, "spark/") {
			engine = "spark"
		}
		note := func(number string, line int) {
			here := fmt.Sprintf("%s:%d", f.name, line)
			if there := places[engine+number]; there != "" {
				t.Errorf("%s: %s stands at %s already: give it a name", here, number, there)
			}
			places[engine+number] = here
		}
		for i, token := range f.tokens {
			switch {
			case token.kind == "string" || token.kind == "number" && longNumber.MatchString(token.text):
				for _, number := range longNumber.FindAllString(token.text, -1) {
					note(number, token.line)
				}
			case token.kind == "number" && slices.Contains(clockNumbers, token.text):
				t.Errorf("%s:%d: %s has a name: hour_us(), minute_us()", f.name, token.line, token.text)
			case token.text == ">>" && f.at(i+1).text != "1":
				note(">> "+f.at(i+1).text, token.line)
			}
		}
	}
}
