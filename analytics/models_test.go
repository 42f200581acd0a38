package analytics_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// testJob has the functions, the empty row tables and parameters up to as_of.
func testJob(t *testing.T, e *engine.Engine, asOf string) *pipeline.Run {
	t.Helper()
	j, err := pipeline.New(t.Context(), pipeline.Engines{DuckDB: e}, pipeline.Request{Data: ".", Parameters: params.Parameters{AsOf: asOf}, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := errors.Join(j.Read(t.Context(), func() error { return nil }), j.DB().AwaitZones(t.Context())); err != nil {
		t.Fatal(err)
	}
	return j
}

// timestampForms are texts of every form of the definition.
func timestampForms(t *testing.T) map[string]int64 {
	t.Helper()
	at := func(text string) int64 {
		instant, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant.UnixMicro()
	}
	return map[string]int64{
		"2024-10-07 10:00:00.123456 UTC":  at("2024-10-07T10:00:00.123456Z"),
		"2024-10-07 10:00:00.1234569 UTC": at("2024-10-07T10:00:00.123456Z"),
		"2024-10-07 10:00:00.999999999":   at("2024-10-07T10:00:00.999999Z"),
		"2024-10-07T10:00:00Z":            at("2024-10-07T10:00:00Z"),
		"2024-10-07t10:00 z":              at("2024-10-07T10:00:00Z"),
		"2024-10-07 10:00":                at("2024-10-07T10:00:00Z"),
		"2024-10-07 10:00gmt":             at("2024-10-07T10:00:00Z"),
		"2024-10-07 10:00:00 +05:30":      at("2024-10-07T10:00:00+05:30"),
		"2024-10-07 10:00:00-0330":        at("2024-10-07T10:00:00-03:30"),
		"2024-10-07 10:00:00.5 +05":       at("2024-10-07T10:00:00.5+05:00"),
		"2024-10-07 10:00+15:59":          at("2024-10-07T10:00:00+15:59"),
		" 2024-10-07 10:00:00 UTC\t":      at("2024-10-07T10:00:00Z"),
		"1/2/2024 3:04":                   at("2024-01-02T03:04:00Z"),
		"10/07/2024 10:00:59":             at("2024-10-07T10:00:59Z"),
		"1728295200":                      1728295200e6,
		"1728295200123":                   1728295200123e3,
		"1728295200123456":                1728295200123456,
		"2024-02-29 00:00:00 UTC":         at("2024-02-29T00:00:00Z"),
		"9999-12-31 23:59:59.999999 UTC":  at("9999-12-31T23:59:59.999999Z"),
		"1970-01-01 00:00:00 UTC":         0,
	}
}

// noTimestamps are near misses of every form.
var noTimestamps = []string{
	"", "2024-10-07", "2024-10-07 24:00:00", "2024-10-07 10", "2024-10-7 10:00:00", "2024-10-07  10:00:00", "2024-10-07 1:00:00",
	"2024-10-07 10:00:60", "2024-10-07 10:60:00", "2024-02-30 10:00:00 UTC", "2023-02-29 10:00:00", "2024-13-01 10:00:00",
	"2024-10-07 10:00:00. UTC", "2024-10-07 10:00:00.1234567890 UTC", "2024-10-07 10:00:00  UTC", "2024-10-07 10:00:00 UTCX",
	"2024-10-07 10:00:00 +16:00", "2024-10-07 10:00:00 +5", "2024-10-07 10:00:00 +05:60", "2024-10-07 10:00:00 America/Chicago",
	"2024-10-07 10:00:00 EST", "1969-12-31 23:59:59 UTC", "1969-12-31 23:00:00 -05:00", "1970-01-01 00:00:00 +05:00",
	"9999-12-31 23:59:59 -15:00", "infinity", "now", "epoch", "1/2/2024", "1/2/2024 3:4", "1/2/2024 24:00", "2/30/2024 3:04",
	"1/2/24 3:04", "1/2/2024 3:04 UTC", "172829520", "17282952001", "17282952001234567", "-172829520", "+1728295200",
	"٢٠٢٤-10-07 10:00:00", "2024-10-07 10:00:00 (BC)", "2024-10-07\n10:00:00",
}

// TestTimestampForms reads every form of the definition, and near misses of each.
func TestTimestampForms(t *testing.T) {
	j := testJob(t, enginetest.New(t, t.TempDir(), 2), "2024-01-01 00:00")
	for text, want := range timestampForms(t) {
		var got sql.NullInt64
		if err := j.DB().Conn.QueryRowContext(t.Context(), engine.ParseTimestampSQL, text).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if !got.Valid || got.Int64 != want {
			t.Errorf("%q: got %v, want %d", text, got, want)
		}
	}
	for _, text := range noTimestamps {
		var got sql.NullInt64
		if err := j.DB().Conn.QueryRowContext(t.Context(), engine.ParseTimestampSQL, text).Scan(&got); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got.Valid {
			t.Errorf("%q: got %s, want it rejected", text, params.FormatInstant(got.Int64))
		}
	}
}

// TestModelHeaders holds every header to its file: the object that it defines, and the rules of the
// definition that it cites. TestSources checks the sources.
func TestModelHeaders(t *testing.T) {
	models, err := engine.LoadModels(os.DirFS("../sql"), "models", "duckdb", "cli")
	if err != nil {
		t.Fatal(err)
	}
	definition, err := os.ReadFile("../docs/definition.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if !strings.Contains(m.Text, "\nCREATE OR REPLACE TEMP VIEW "+m.Name+" AS") {
			t.Errorf("%s does not define %s", m.File, m.Name)
		}
		for _, rule := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(m.Text[:strings.Index(m.Text, "CREATE")], -1) {
			if !strings.Contains(string(definition), "\n## "+rule[1]+"\n") {
				t.Errorf("%s cites %q, which docs/definition.md does not have", m.File, rule[1])
			}
		}
	}
}

// TestPortableCore keeps words out of models/ that only one engine knows.
func TestPortableCore(t *testing.T) {
	files, err := filepath.Glob("../sql/models/*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	forbidden := regexp.MustCompile(`(?i)\b(QUALIFY|UNNEST|ASOF|IGNORE NULLS|GROUP BY ALL|EXCLUDE|epoch_us|make_timestamp|ANTI JOIN|SEMI JOIN|arg_min|list|struct)\b|::|//|,\s*\n\s*FROM`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code := regexp.MustCompile(`--[^\n]*`).ReplaceAllString(string(text), "")
		if found := forbidden.FindString(code); found != "" {
			t.Errorf("%s: %q is not portable", file, found)
		}
	}
}

// TestStoppedJobStops: a deadline ends a running report, and nothing of it stays.
func TestStoppedJobStops(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": enginetest.StatusHead + enginetest.StatusRow})
	e := enginetest.New(t, dir, 1)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := report.Make(ctx, pipeline.Engines{DuckDB: e}, report.Request{Data: filepath.Join(dir, "data"), Reports: filepath.Join(dir, "reports"), Now: enginetest.Now,
		Progress: func(name string, _, _ int) {
			if name == "measures" {
				cancel()
			}
		}})
	if err == nil {
		t.Error("a cancelled report succeeded")
	}
	if _, err := os.Stat(filepath.Join(dir, "reports")); !os.IsNotExist(err) {
		t.Errorf("the report folder is there: %v", err)
	}
}
