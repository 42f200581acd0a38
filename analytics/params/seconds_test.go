package params

import (
	"encoding/json"
	"os"
	"testing"
)

// TestFormatSeconds reads the table that a test of the dashboard reads too.
func TestFormatSeconds(t *testing.T) {
	text, err := os.ReadFile("testdata/lengths.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]any
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, c := range cases {
		if got := FormatSeconds(c[0].(float64)); got != c[1] {
			t.Errorf("%v s: got %q, want %q", c[0], got, c[1])
		}
	}
}

func TestFormatSecondsExactly(t *testing.T) {
	for seconds, want := range map[float64]string{0: "0 h", 0.000001: "0.000001 s", 59.5: "59.5 s", 2700: "45 min",
		7200: "2 h", 4503.25: "1 h 15 min 3.25 s", 7200.5: "2 h 0.5 s"} {
		if got := FormatSecondsExactly(seconds); got != want {
			t.Errorf("%v s: got %q, want %q", seconds, got, want)
		}
	}
}
