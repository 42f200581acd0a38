package analytics_test

import (
	"encoding/json"
	"os"
	"testing"

	"openhours/analytics/enginetest"
)

// spanTexts are lengths in microseconds, and what the commands and the dashboard write for them.
func spanTexts(t *testing.T) map[int64]string {
	t.Helper()
	text, err := os.ReadFile("params/testdata/lengths.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]any
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	all := map[int64]string{}
	for _, c := range cases {
		all[int64(c[0].(float64)*1e6)] = c[1].(string)
	}
	return all
}

// TestSpanText: findings write a length of time as the commands and the dashboard do.
func TestSpanText(t *testing.T) {
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
	for us, want := range spanTexts(t) {
		var got string
		if err := db.Conn.QueryRowContext(t.Context(), "SELECT span_text(CAST(? AS BIGINT))", us).Scan(&got); err != nil || got != want {
			t.Errorf("%d us: got %q, want %q, %v", us, got, want, err)
		}
	}
}
