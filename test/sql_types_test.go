package test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/load"
)

// TestCLITypes: the CLI reads the types of Parquet as the program does, each as its text.
func TestCLITypes(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	values := []struct{ value, text string }{
		{"CAST('text' AS VARCHAR)", "text"},
		{"CAST('bytes' AS BLOB)", "bytes"},
		{"CAST('\"json\"' AS JSON)", `"json"`},
		{"CAST('00112233-4455-6677-8899-aabbccddeeff' AS UUID)", "00112233-4455-6677-8899-aabbccddeeff"},
		{"true", "true"},
		{"CAST(7 AS UTINYINT)", "7"},
		{"CAST(1481966498820158979 AS DECIMAL(19,0))", "1481966498820158979"},
		{"DATE '2024-10-07'", "2024-10-07"},
		{"TIME '09:00:00.5'", "09:00:00.5"},
		{"CAST('09:00:00+00' AS TIMETZ)", "09:00:00"},
		{"CAST('10:00:00.000000001' AS TIME_NS)", "10:00:00.000000001"},
		{"TIMESTAMP '2024-10-07 12:00:00'", "2024-10-07 12:00:00"},
		{"TIMESTAMP '10000-01-01 00:00:00'", "253402300800000000 us"},
		{"TIMESTAMP 'infinity'", "infinity"},
		{"TIMESTAMPTZ '10000-01-01 00:00:00+00'", "253402300800000000 us"},
		{"TIMESTAMP_NS '2024-10-07 12:00:00.000000001'", "2024-10-07 12:00:00.000000001"},
		{"TIMESTAMPTZ '2024-10-07 14:00:00+02'", "2024-10-07 12:00:00+00"},
	}
	statements := []string{"SET TimeZone = 'UTC'"}
	var want []string
	for i, v := range values {
		want = append(want, v.text)
		statements = append(statements, fmt.Sprintf("COPY (SELECT %s AS store_id, 'active' AS status, TIMESTAMP '2024-10-07 12:00:00' AS timestamp_utc) TO '%s' (FORMAT parquet)",
			v.value, filepath.Join(data, fmt.Sprintf("store_status_%02d.parquet", i))))
	}
	// values that fit no timestamp are rejected, not the file
	statements = append(statements, fmt.Sprintf("COPY (SELECT 'x' AS store_id, 'active' AS status, DATE '2024-10-07' AS timestamp_utc) TO '%s' (FORMAT parquet)",
		filepath.Join(data, "store_status_date.parquet")))
	c := newCLI(t, data, t.TempDir())
	if _, stderr, code := c.run("-bail", "-init", os.DevNull, "-c", strings.Join(statements, ";\n")); code != 0 {
		t.Fatal(stderr)
	}
	slices.Sort(want)
	got := strings.Split(strings.TrimSpace(c.ask("-list", ".headers off", "SELECT store_id FROM status_rows")), "\n")
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("CLI: -want +got:\n%s", diff)
	}
	e := enginetest.New(t, data, 1)
	for i, v := range values {
		path := filepath.Join(data, fmt.Sprintf("store_status_%02d.parquet", i))
		for _, set := range input.Sets() {
			if set.Name != input.StatusSet {
				continue
			}
			if found, err := load.CheckFile(t.Context(), e, input.File{Set: set, Name: filepath.Base(path), Path: path}, 0); err != nil || found.Loaded.Rows != 1 || found.Loaded.Rejected != 0 {
				t.Errorf("program: %s: %+v, %v", v.value, found, err)
			}
		}
	}
	for _, value := range []string{"CAST(1.5 AS DOUBLE)", "CAST(1.5 AS DECIMAL(2,1))", "['a']"} {
		path := filepath.Join(data, "store_status_wrong.parquet")
		if _, stderr, code := c.run("-bail", "-init", os.DevNull, "-c", "COPY (SELECT "+value+" AS store_id, 'active' AS status, '1728302400' AS timestamp_utc) TO '"+path+"' (FORMAT parquet)"); code != 0 {
			t.Fatal(stderr)
		}
		if _, stderr, code := c.run("-bail", "-init", "sql/init.sql", "-c", "FROM status_rows"); code == 0 || !strings.Contains(stderr, "store_status_wrong.parquet: ") {
			t.Errorf("%s: exit code %d: %s", value, code, stderr)
		}
	}
}
