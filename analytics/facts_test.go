package analytics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/input"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/queue"
	"openhours/analytics/report"
)

// TestFacts holds what the page and the DuckDB CLI know of defaults, file names and findings to the one
// place in Go that defines it; -update writes it.
func TestFacts(t *testing.T) {
	holdFile(t, "../api/web/app/facts.js", pageFacts(t))
	holdBlock(t, "../sql/cli/parameters.sql", "default parameters", "    ", parameterDefaults())
	holdBlock(t, "../sql/cli/input_files.sql", "file names of the sets", "        ", setPatterns())
}

// TestOneFactOnePlace fails on a finding code or a file name pattern that stands elsewhere again.
func TestOneFactOnePlace(t *testing.T) {
	var facts []string
	for _, code := range []string{pipeline.AsOfIsStale, pipeline.AsOfInFuture, pipeline.AsOfStandsAlone, pipeline.NoObservations,
		pipeline.RejectedRows, pipeline.FilesWithoutAccepted, pipeline.ChangedDays} {
		facts = append(facts, `"`+code+`"`, "'"+code+"'")
	}
	for _, set := range input.Sets() {
		for _, prefix := range strings.Split(set.Prefixes, "|") {
			if strings.Contains(prefix, "[") { // others are words that may stand anywhere
				facts = append(facts, prefix)
			}
		}
	}
	files, err := filepath.Glob("../*/*.go")
	for _, pattern := range []string{"../analytics/*/*.go", "../api/web/app/*.js", "../sql/*/*.sql"} {
		more, globErr := filepath.Glob(pattern)
		if err = globErr; err != nil {
			break
		}
		files = append(files, more...)
	}
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	places := []string{"codes.go", "facts.js", "sets.go", "input_files.sql", "parameters.sql"}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains(places, filepath.Base(file)) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, fact := range facts {
			if bytes.Contains(text, []byte(fact)) {
				t.Errorf("%s has %s again: it is defined in analytics/pipeline/codes.go or analytics/input/sets.go", file, fact)
			}
		}
	}
}

// pageFacts is the module that the page imports.
func pageFacts(t *testing.T) string {
	t.Helper()
	type set struct {
		Name     string `json:"name"`
		Title    string `json:"title"`
		Prefixes string `json:"prefixes"`
		Stem     string `json:"stem"`
		Merge    string `json:"merge,omitempty"`
	}
	var sets []set
	for _, s := range mainFirst() {
		prefixes := s.Prefixes
		if s.WholeWord {
			prefixes = "(?:" + prefixes + ")(?![a-z])"
		}
		sets = append(sets, set{s.Name, s.Title, prefixes, s.Stem, s.Merge})
	}
	var b strings.Builder
	b.WriteString("// Generated from the Go packages params, input, pipeline, report and queue, and from docs/definition.md, by `just docs`; do not edit.\n")
	for _, fact := range []struct {
		about, name string
		value       any
	}{
		{"The parameters of a report that asks for nothing.", "defaults", params.Parameters{}.WithDefaults()},
		{"The data sets: the beginnings of their file names as a pattern, the usual name, and how several files combine.", "sets", sets},
		{"Endings of input files.", "suffixes", input.Suffixes()},
		{"What to do about findings that make the numbers doubtful, in this order.", "mends", pipeline.Mends()},
		{"Codes of the findings that the page treats in its own way.", "findingCodes", map[string]string{
			"asOfInFuture": pipeline.AsOfInFuture, "asOfStandsAlone": pipeline.AsOfStandsAlone, "collectorGaps": pipeline.CollectorGaps}},
		{"What stores can be picked by, in the order of the menu.", "storeStatuses", report.StoreStatuses()},
		{"What became of a target, best first.", "verdicts", report.Verdicts()},
		{"Windows of the calendar that depend on the local date of as_of.", "relativeWindows", params.RelativeWindows},
		{"How many characters the name and the note of a report may have.", "labelLimits", map[string]int{"name": queue.LongestName, "note": queue.LongestNote}},
		{"The words beside the numbers, as the glossary of docs/definition.md explains them.", "glossary", pageGlossary(t)},
	} {
		text, err := json.MarshalIndent(fact.value, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n// %s\nexport const %s = %s;\n", fact.about, fact.name, text)
	}
	return b.String()
}

// pageGlossary has the terms of the glossary that the page explains.
func pageGlossary(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../docs/definition.md")
	if err != nil {
		t.Fatal(err)
	}
	const title = "\n**Beside the numbers of the dashboard**\n"
	_, rest, found := strings.Cut(string(text), title)
	_, rest, hasTable := strings.Cut(rest, "| --- | --- |\n")
	if !found || !hasTable {
		t.Fatalf("docs/definition.md has no table below %q", strings.TrimSpace(title))
	}
	table, _, _ := strings.Cut(rest, "\n\n")
	terms := map[string]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.ReplaceAll(line, "`", ""), "| \n"), " | ")
		if len(cells) != 2 {
			t.Fatalf("docs/definition.md: %q is no row of the glossary", line)
		}
		for term := range strings.SplitSeq(cells[0], ", ") {
			terms[term] = cells[1]
		}
	}
	return terms
}

// mainFirst are the sets in the order in which people think of them.
func mainFirst() []input.Set {
	order := []string{input.StatusSet, input.HoursSet, input.ZonesSet, input.StoresSet, input.SpecialHoursSet, input.ClosuresSet, input.TargetsSet}
	return slices.SortedFunc(slices.Values(input.Sets()), func(a, b input.Set) int {
		return slices.Index(order, a.Name) - slices.Index(order, b.Name)
	})
}

// parameterDefaults are the defaults of the CLI's macro.
func parameterDefaults() (lines []string) {
	p := params.Parameters{}.WithDefaults()
	return []string{
		"interpolation := '" + p.Interpolation + "',",
		"unobserved := '" + p.Unobserved + "',",
		"max_gap := NULL,",
		"fresh_within := '" + p.FreshWithin.String() + "',",
		"join_gap := '" + p.JoinGap.String() + "',",
		"collector_gap := '" + p.CollectorGap.String() + "',",
		"target := NULL",
	}
}

// setPatterns tell the CLI which set a file belongs to.
func setPatterns() (lines []string) {
	for _, s := range mainFirst() {
		lines = append(lines, fmt.Sprintf("WHEN regexp_full_match(place, '(?i)%s')", s.FolderPattern()), fmt.Sprintf("    THEN '%s'", s.Name))
	}
	return lines
}

// holdFile holds a file to what was computed for it; with -update it is written.
func holdFile(t *testing.T, file, want string) {
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
		t.Errorf("%s is out of date (-computed +file); -update writes it, as `just docs` and `just update-fixtures` do:\n%s", file, diff)
	}
}

// holdBlock holds the lines between two comments of a SQL file to those given.
func holdBlock(t *testing.T, file, name, indent string, lines []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := indent+"-- generated: "+name+"; `just docs` writes them\n", indent+"-- end\n"
	before, rest, found := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place for the %s", file, name)
	}
	holdFile(t, file, before+begin+indent+strings.Join(lines, "\n"+indent)+"\n"+end+after)
}
