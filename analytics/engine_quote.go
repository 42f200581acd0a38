package analytics

import "strings"

// filePattern writes a path as DuckDB's readers want it: they take any for a pattern of several files.
func filePattern(path string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}

func quotePath(path string) string { return quote(filePattern(path)) }

// quote writes text as an SQL literal. It is for paths and settings, which DuckDB takes no
// parameters for; values of users go in as parameters.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
