package engine

import "strings"

// FilePattern escapes a path for DuckDB's readers, which treat every path as a glob pattern.
func FilePattern(path string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}

func QuotePath(path string) string { return Quote(FilePattern(path)) }

// Quote returns an SQL string literal. It is for settings and for paths in views, for which DuckDB accepts
// no parameters; user input is always passed as a parameter.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// QuoteName returns a name of a column as SQL.
func QuoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
