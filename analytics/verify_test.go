package analytics_test

import (
	"os"
	"path/filepath"
	"testing"

	"openhours/analytics/enginetest"
	"openhours/analytics/ingest"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// TestVerifyEqualInputs: of two inputs with the same bytes each is looked for under its own name too.
func TestVerifyEqualInputs(t *testing.T) {
	dir := t.TempDir()
	data, reports := filepath.Join(dir, "data"), filepath.Join(dir, "reports")
	enginetest.WriteFiles(t, data, map[string]string{"store_status_a.csv": enginetest.StatusHead + enginetest.StatusRow, "store_status_b.csv": enginetest.StatusHead + enginetest.StatusRow})
	e := enginetest.New(t, dir, 1)
	m, err := report.Make(t.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: data, Reports: reports, Now: enginetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Compact(t.Context(), e, ingest.CompactRequest{Data: data, Now: enginetest.Now}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(data, "archive", "store_status_b.csv")); err != nil {
		t.Fatal(err)
	}
	v, err := report.Verify(t.Context(), reports, m.ReportID, data)
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
