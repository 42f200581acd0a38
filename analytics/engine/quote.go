package engine

import "strings"

// FilePattern writes a path as DuckDB's readers want it: they take any for a pattern of several files.
func FilePattern(path string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}

func QuotePath(path string) string { return Quote(FilePattern(path)) }

// Quote writes text as an SQL literal. It is for paths and settings, which DuckDB takes no
// parameters for; values of users go in as parameters.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
