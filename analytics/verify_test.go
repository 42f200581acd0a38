package analytics

import (
	"os"
	"path/filepath"
	"testing"
)

// TestVerifyEqualInputs: of two inputs with the same bytes each is looked for under its own name too.
func TestVerifyEqualInputs(t *testing.T) {
	dir := t.TempDir()
	data, reports := filepath.Join(dir, "data"), filepath.Join(dir, "reports")
	writeFiles(t, data, map[string]string{"store_status_a.csv": head + goodRow, "store_status_b.csv": head + goodRow})
	e := testEngine(t, dir, 1)
	m, err := MakeReport(t.Context(), Engines{DuckDB: e}, Request{Data: data, Reports: reports, Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Compact(t.Context(), e, CompactRequest{Data: data, Now: testNow}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(data, "archive", "store_status_b.csv")); err != nil {
		t.Fatal(err)
	}
	v, err := Verify(t.Context(), reports, m.ReportID, data)
	if err != nil {
		t.Fatal(err)
	}
	is := map[string]string{}
	for _, f := range v.Files {
		is[f.File] = f.State
	}
	if is["store_status_a.csv"] != "same" || is["store_status_b.csv"] != "missing" {
		t.Errorf("%v", is)
	}
}
