package analytics_test

import (
	"encoding/json"
	"os"
	"testing"

	"openhours/analytics/enginetest"
)

// TestSpanText: findings write a length of time as the commands and the dashboard do.
func TestSpanText(t *testing.T) {
	text, err := os.ReadFile("params/testdata/lengths.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]any
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	db, err := enginetest.New(t, t.TempDir(), 1).Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.AwaitFunctions(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		var got string
		if err := db.Conn.QueryRowContext(t.Context(), "SELECT span_text(CAST(? AS BIGINT))", int64(c[0].(float64)*1e6)).Scan(&got); err != nil || got != c[1] {
			t.Errorf("%v s: got %q, want %q, %v", c[0], got, c[1], err)
		}
	}
}
