package test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// sqlKeywords are written in upper case, types and TRUE, FALSE and NULL too. All other words, names of
// functions among them, are lower case.
var sqlKeywords = strings.Fields(`
	ALL AND AS AT BETWEEN BY CASE CAST COLUMNS CREATE CROSS CURRENT DESC DISTINCT DIV ELSE END EXCEPT EXCLUDE
	EXISTS FALSE FILTER FIRST FOLLOWING FOR FROM FULL FUNCTION GROUP HAVING ILIKE IN INCLUDE IS JOIN
	LAMBDA LEFT LIKE LIMIT MACRO MATERIALIZED NOT NULL NULLS ON OR ORDER OVER PARTITION PRECEDING
	REPLACE RETURN RETURNS RLIKE ROW ROWS SELECT SEMI SET SIMILAR TABLE TEMP TEMPORARY THEN TO TRUE
	TRY_CAST UNBOUNDED UNION UNPIVOT USING VALUES VARIABLE VIEW WHEN WHERE WINDOW WITH ZONE
	BIGINT BOOLEAN DATE DECIMAL DOUBLE HUGEINT INTEGER JSON MAP NAME STRING TIME TIMESTAMP TIMESTAMPTZ VARCHAR`)

// alsoNames are keywords that are names of columns or functions elsewhere.
var alsoNames = strings.Fields("DATE LEFT NAME REPLACE TEMPORARY ZONE")

// clauses end a SELECT list.
var clauses = []string{"FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "UNION"}

// TestSQLStyle holds all of sql/ to one style: the case of words, commas at the end of a line and none
// after the last item, indents of four spaces, 100 columns, and SELECT lists that stand on one line
// or have a line for each item.
func TestSQLStyle(t *testing.T) {
	for _, f := range readSQL(t) {
		for _, fault := range styleFaults(f) {
			t.Errorf("%s:%s", f.name, fault)
		}
	}
}

// TestStyleFaults has one fault of each kind.
func TestStyleFaults(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT a, b FROM t\n":                                       false,
		"SELECT\n    a,\n    count(*) AS n\nFROM t\n":                false,
		"SELECT DISTINCT a\nFROM t\nWHERE a IS DISTINCT FROM b\n":    false,
		"SELECT left(a, 1), t.zone, a AT TIME ZONE 'UTC' FROM t\n":   false,
		"SELECT 'select', \"From\" -- as it is said\nFROM t\n":       false,
		"select a FROM t\n":                                          true,
		"SELECT COUNT(*) FROM t\n":                                   true,
		"SELECT true FROM t\n":                                       true,
		"SELECT a, FROM t\n":                                         true,
		"SELECT\n    a\n    , b\nFROM t\n":                           true,
		"SELECT a,b FROM t\n":                                        true,
		"SELECT a,\n    b\nFROM t\n":                                 true,
		"SELECT\n    a, b,\n    c\nFROM t\n":                         true,
		"SELECT\n  a\nFROM t\n":                                      true,
		"SELECT a FROM t \n":                                         true,
		"SELECT a FROM t":                                            true,
		"SELECT a\n\n\nFROM t\n":                                     true,
		"SELECT '" + strings.Repeat("a", 100) + "' AS long FROM t\n": true,
	} {
		if faults := styleFaults(sqlFile{text: text, tokens: tokenize(text)}); (len(faults) > 0) != want {
			t.Errorf("%q: %v", text, faults)
		}
	}
}

var lineIndent = regexp.MustCompile(`^ *`)

func styleFaults(f sqlFile) (faults []string) {
	fault := func(line int, what string) { faults = append(faults, fmt.Sprintf("%d: %s", line, what)) }
	for i, line := range strings.Split(strings.TrimSuffix(f.text, "\n"), "\n") {
		switch {
		case utf8.RuneCountInString(line) > 100:
			fault(i+1, "longer than 100 columns")
		case strings.TrimRight(line, " \t") != line || strings.Contains(line, "\t"):
			fault(i+1, "a tab, or a space at the end")
		case len(lineIndent.FindString(line))%4 != 0:
			fault(i+1, "indented by other than four spaces")
		case strings.HasPrefix(strings.TrimSpace(line), ","):
			fault(i+1, "starts with a comma")
		}
	}
	if !strings.HasSuffix(f.text, "\n") || strings.Contains(f.text, "\n\n\n") {
		fault(1, "ends without a line break, or has two blank lines in a row")
	}
	for i, token := range f.tokens {
		next := f.at(i + 1)
		switch {
		case token.kind == "word":
			upper := strings.ToUpper(token.text)
			isKeyword := slices.Contains(sqlKeywords, upper)
			if token.text != upper && token.text != strings.ToLower(token.text) ||
				token.text == upper && upper != strings.ToLower(token.text) && !isKeyword ||
				token.text != upper && isKeyword && !slices.Contains(alsoNames, upper) {
				fault(token.line, token.text+": keywords and types are upper case, names and functions lower case")
			}
		case token.text == "," && (slices.Contains(clauses, next.text) || next.text == ")"):
			fault(token.line, "a comma after the last item")
		case token.text == "," && f.text[token.end] != ' ' && f.text[token.end] != '\n':
			fault(token.line, "a comma without a space after it")
		}
		if token.text == "SELECT" && !f.isListInStyle(i) {
			fault(token.line, "a SELECT list stands on one line or has a line for each item")
		}
	}
	return faults
}

// isListInStyle judges the list of the SELECT at a token.
func (f sqlFile) isListInStyle(i int) bool {
	line, first := f.tokens[i].line, i+1
	if f.at(first).text == "DISTINCT" {
		first++
	}
	starts, last := []int{f.at(first).line}, first
	for i = first; i < len(f.tokens); i++ {
		text := f.tokens[i].text
		if text == ")" || text == ";" || slices.Contains(clauses, text) && f.tokens[i-1].text != "DISTINCT" {
			break
		}
		if text == "(" || text == "[" || text == "{" {
			i = f.closing(i)
		}
		if text == "," {
			starts = append(starts, f.at(i+1).line)
		}
		last = min(i, len(f.tokens)-1)
	}
	if len(starts) == 1 || f.line(f.tokens[last].end) == line {
		return true
	}
	return starts[0] != line && len(slices.Compact(slices.Clone(starts))) == len(starts)
}
