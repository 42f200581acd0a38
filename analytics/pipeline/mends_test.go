package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMends: each is of a finding that there is, and every doubtful one has some.
func TestMends(t *testing.T) {
	codes := []string{FilesWithoutAccepted, DoubtfulConvention, RejectedRows}
	files, err := filepath.Glob("../../sql/findings/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	isDoubtful := map[string]bool{}
	for _, file := range files {
		code := filepath.Base(file[:len(file)-len(".sql")])
		codes = append(codes, code)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		isDoubtful[code] = slices.Contains(strings.Split(string(text), "\n"), "-- level: "+Doubtful)
	}
	for _, m := range Mends() {
		if !slices.Contains(codes, m.Code) {
			t.Errorf("there is no finding %s", m.Code)
		}
		delete(isDoubtful, m.Code)
	}
	for code, doubtful := range isDoubtful {
		if doubtful {
			t.Errorf("Mends does not say what to do about %s", code)
		}
	}
}
