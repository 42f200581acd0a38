package test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"openhours/analytics/params"
)

// audit runs sql/audit.sql as `just audit` does.
func (c duckdbCLI) audit(report string) (stdout, stderr string, code int) {
	c.t.Helper()
	c.env = append(slices.Clone(c.env), "OPENHOURS_REPORT="+filepath.Base(report))
	return c.run("-init", os.DevNull, "-f", "sql/audit.sql")
}

// TestAudit recomputes reports by the CLI alone: nothing differs, until a value, a row or an input does.
func TestAudit(t *testing.T) {
	t.Parallel()
	data, reports := awkwardFolder(t, "uuid"), t.TempDir()
	ids := awkwardIDs(t, data)
	c := newCLI(t, data, reports)
	plain := makeReport(t, data, reports, params.Parameters{})
	narrow := makeReport(t, data, reports, params.Parameters{AsOf: "2024-10-12 08:00 UTC", Interpolation: "next", Unobserved: "unknown",
		By: "hour", MaxGap: lengthOf(45 * params.Minute), FreshWithin: lengthOf(10 * params.Minute), JoinGap: lengthOf(0), Target: targetOf(999_500), Stores: ids[:20],
		Windows: []params.Window{{Name: "b", Length: 10 * params.Day}, {Name: "a", Length: 30 * params.Minute}, {Name: "c", Dates: "previous_week"}}})
	// a file that came later is none of the report's inputs
	if err := os.WriteFile(filepath.Join(data, "store_status_later.csv"), []byte("store_id,status,timestamp_utc\n"+ids[0]+",inactive,2024-10-14 21:59:59 UTC\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(data, "archive"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(data, "store-status_2.csv.zst"), filepath.Join(data, "archive", "store-status_2.csv.zst")); err != nil {
		t.Fatal(err)
	}
	for _, report := range []string{plain, narrow} {
		if stdout, stderr, code := c.audit(report); code != 0 || !strings.Contains(stdout, "none differs") {
			t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
		}
	}

	parquet := filepath.Join(narrow, "report.parquet")
	_, stderr, code := c.run("-bail", "-init", os.DevNull, "-c", "CREATE TABLE changed AS SELECT * REPLACE (CASE WHEN store_id = '"+ids[1]+
		"' AND time_window = 'b' THEN open_seconds + 0.000001 ELSE open_seconds END AS open_seconds) FROM '"+parquet+
		"' WHERE store_id <> '"+ids[2]+"' OR time_window <> 'b'", "-c", "COPY changed TO '"+parquet+"'")
	if code != 0 {
		t.Fatal(stderr)
	}
	stdout, stderr, code := c.audit(narrow)
	if code != 1 || !strings.Contains(stderr, "2 rows and 0 cells of report.csv differ, 0 inputs") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	for _, want := range []string{ids[1], ids[2], `{"open_seconds":"`} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the audit does not name %s: %s", want, stdout)
		}
	}

	for _, file := range []string{"days", "hours", "group_days"} {
		parquet = filepath.Join(narrow, file+".parquet")
		if _, stderr, code = c.run("-bail", "-init", os.DevNull, "-c", "CREATE TABLE changed AS SELECT * REPLACE (observations + CAST(row_number() OVER () = 1 AS INTEGER) AS observations) FROM '"+
			parquet+"'", "-c", "COPY changed TO '"+parquet+"'"); code != 0 {
			t.Fatal(stderr)
		}
	}
	if stdout, stderr, code = c.audit(narrow); code != 1 || !strings.Contains(stderr, "5 rows and 0 cells of report.csv differ, 0 inputs") ||
		!strings.Contains(stdout, "hours.parquet") || !strings.Contains(stdout, "group_days.parquet") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}

	parquet = filepath.Join(plain, "groups.parquet")
	_, stderr, code = c.run("-bail", "-init", os.DevNull, "-c", "CREATE TABLE changed AS SELECT * REPLACE (stores + 1 AS stores) FROM '"+parquet+
		"' WHERE attribute = 'brand' AND value = 'A' UNION ALL FROM '"+parquet+"' WHERE attribute <> 'brand'", "-c", "COPY changed TO '"+parquet+"'")
	if code != 0 {
		t.Fatal(stderr)
	}
	if stdout, stderr, code = c.audit(plain); code != 1 || !strings.Contains(stderr, "9 rows and 0 cells of report.csv differ, 0 inputs") ||
		!strings.Contains(stdout, "brand = A, last_week") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}

	parquet = filepath.Join(plain, "targets.parquet")
	if _, stderr, code = c.run("-bail", "-init", os.DevNull, "-c", "CREATE TABLE changed AS SELECT * REPLACE (target / 2 AS target) FROM '"+parquet+
		"'", "-c", "COPY changed TO '"+parquet+"'"); code != 0 {
		t.Fatal(stderr)
	}
	if stdout, stderr, code = c.audit(plain); code != 1 || !strings.Contains(stdout, "targets.parquet") || !strings.Contains(stdout, `{"target":"`) {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}

	if err := os.WriteFile(filepath.Join(data, "bq-results-1.csv"), []byte("store_id,timezone_str\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(data, "store_status_3.parquet")); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code = c.audit(plain)
	if code != 1 || !strings.Contains(stderr, "2 inputs are not as they were") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{"bq-results-1.csv", "changed since the report", "store_status_3.parquet", "missing"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the audit does not say %q: %s", want, stdout)
		}
	}
	if _, stderr, code = c.audit("nothing"); code != 1 || !strings.Contains(stderr, `no finished report "nothing"`) {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// awkwardIDs are the stores of awkwardFolder, in order.
func awkwardIDs(t *testing.T, data string) []string {
	t.Helper()
	return strings.Fields(newCLI(t, data, t.TempDir()).ask("-list", ".headers off", "SELECT store_id FROM stores WHERE store_id LIKE '%-%' ORDER BY store_no"))
}
