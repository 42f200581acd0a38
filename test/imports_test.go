package test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestRooms holds the arrows between the rooms: HTTP knows no DuckDB, the engine knows no HTTP
// framework.
func TestRooms(t *testing.T) {
	for room, forbidden := range map[string][]string{
		"./analytics": {"github.com/gofiber/fiber", "openhours/api"},
		"./api":       {"github.com/duckdb/duckdb-go"},
	} {
		format := "{{join .Imports \"\\n\"}}" // what api reaches through analytics is not its own
		if room == "./analytics" {
			format = "{{join .Deps \"\\n\"}}"
		}
		out, err := exec.Command("go", "list", "-f", format, room).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for line := range strings.Lines(string(out)) {
			for _, prefix := range forbidden {
				if strings.HasPrefix(line, prefix) {
					t.Errorf("%s imports %s", room, line)
				}
			}
		}
	}
}
