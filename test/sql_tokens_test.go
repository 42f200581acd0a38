package test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sqlToken is a token of SQL: a word, number, string, quoted name or symbol. Comments are left out.
type sqlToken struct {
	kind       string // word, number, string, quoted or symbol
	text       string
	start, end int // byte offsets in the file
	line       int // from 1
}

// sqlFile is a file of sql/ with its tokens.
type sqlFile struct {
	name   string // below sql/
	text   string
	tokens []sqlToken
}

var (
	sqlTokenForm = regexp.MustCompile(`(?s)(?P<comment>--[^\n]*)|(?P<string>[eErR]?'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")*")|` +
		`(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_$][A-Za-z_0-9]*)|(?P<space>\s+)|` +
		`(?P<symbol>::|:=|<>|<=|>=|>>|->>|->|//|\|\||.)`)
	dotCommand = regexp.MustCompile(`(?m)^\.[a-z][^\n]*`)
)

// readSQL reads every file of sql/.
func readSQL(t *testing.T) []sqlFile {
	t.Helper()
	var files []sqlFile
	root := os.DirFS("sql")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".sql" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		files = append(files, sqlFile{name, string(text), tokenize(string(text))})
		return nil
	})
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files of SQL: %v", len(files), err)
	}
	return files
}

// tokenize splits SQL into tokens. Commands of the DuckDB CLI, which start with a dot, are left out.
func tokenize(text string) []sqlToken {
	code := dotCommand.ReplaceAllStringFunc(text, func(command string) string { return strings.Repeat(" ", len(command)) })
	var tokens []sqlToken
	for _, found := range sqlTokenForm.FindAllStringSubmatchIndex(code, -1) {
		for i, kind := range sqlTokenForm.SubexpNames() {
			if kind == "" || kind == "comment" || kind == "space" || found[2*i] < 0 {
				continue
			}
			tokens = append(tokens, sqlToken{kind, code[found[0]:found[1]], found[0], found[1], 1 + strings.Count(code[:found[0]], "\n")})
		}
	}
	return tokens
}

// at returns a token, or an empty one outside the file.
func (f sqlFile) at(i int) sqlToken {
	if i < 0 || i >= len(f.tokens) {
		return sqlToken{}
	}
	return f.tokens[i]
}

// closing returns the index of the bracket that closes the one at i.
func (f sqlFile) closing(i int) int {
	depth := 0
	for ; i < len(f.tokens); i++ {
		switch f.tokens[i].text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}

// line returns the line on which an offset lies, from 1.
func (f sqlFile) line(offset int) int { return 1 + strings.Count(f.text[:offset], "\n") }

// header returns the value of `-- key: value` among the comments that start a file, with the lines
// that continue it.
func (f sqlFile) header(key string) (value string, found bool) {
	for line := range strings.Lines(f.text) {
		comment, isComment := strings.CutPrefix(strings.TrimRight(line, "\n"), "--")
		if !isComment {
			break
		}
		if rest, isKey := strings.CutPrefix(comment, " "+key+":"); isKey {
			value, found = rest, true
		} else if found && strings.HasPrefix(comment, "       ") {
			value += comment
		} else if found {
			break
		}
	}
	return strings.Join(strings.Fields(value), " "), found
}

// reference is what a FROM or JOIN names.
type reference struct {
	name     string // of the relation or function; empty for a subquery
	function bool
	inside   []sqlToken // arguments of a function, or the subquery
	alias    string     // empty without AS
	line     int
}

// references returns what the FROM and JOIN clauses of a file name, common table expressions too.
func (f sqlFile) references() []reference {
	var all []reference
	for i, token := range f.tokens {
		if token.kind != "word" || token.text != "FROM" && token.text != "JOIN" || f.at(i-1).text == "DISTINCT" {
			continue
		}
		r, next := reference{line: token.line}, i+1
		if f.at(next).kind == "word" {
			for r.name = f.at(next).text; f.at(next+1).text == "."; next += 2 {
				r.name = f.at(next + 2).text
			}
			next++
		}
		if f.at(next).text == "(" {
			r.function = r.name != ""
			end := f.closing(next)
			r.inside, next = f.tokens[next+1:end], end+1
		}
		if f.at(next).text == "AS" {
			r.alias = f.at(next + 1).text
		}
		all = append(all, r)
	}
	return all
}

// expressions returns the names of the common table expressions of a file.
func (f sqlFile) expressions() []string {
	var names []string
	for i, token := range f.tokens {
		if (token.text == "WITH" || token.text == ",") && f.at(i+1).kind == "word" && f.at(i+2).text == "AS" && f.at(i+3).text == "(" {
			names = append(names, f.at(i+1).text)
		}
	}
	return names
}

var numberedFile = regexp.MustCompile(`^(?:models/[a-z]+|duckdb|cli)/(\d\d)_([a-z_]+)\.sql$`)

// model returns the number and the name of a model; ok is false for other files.
func (f sqlFile) model() (number, name string, ok bool) {
	found := numberedFile.FindStringSubmatch(f.name)
	if found == nil {
		return "", "", false
	}
	return found[1], found[2], true
}

// baseRelations are the relations that models read and no model defines, by what creates them: the
// engine, or the CLI's own views.
var baseRelations = []string{
	"params", "windows", "window_days", "wanted_stores", // parameters
	"status_rows", "hours_rows", "zones_rows", "stores_rows", "special_hours_rows", "closures_rows", "targets_rows", "rejected_hours", // loaded rows
	"staged_rows", "file_attributes", // of a single file of one of the last three
	"source_file", "status_cells", "hours_cells", "zones_cells", "zone_names", // of a single input file
	"zone_rules",   // the tz database, as the CLI has it
	"report_files", // finished reports
}

func TestTokenize(t *testing.T) {
	text := ".read x\nSELECT 'it''s -- no comment', a->>'$.b' -- FROM y\nFROM t1 AS t"
	var got []string
	for _, token := range tokenize(text) {
		got = append(got, token.text)
	}
	want := []string{"SELECT", "'it''s -- no comment'", ",", "a", "->>", "'$.b'", "FROM", "t1", "AS", "t"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
