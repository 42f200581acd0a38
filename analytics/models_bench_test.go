package analytics_test

import (
	"path/filepath"
	"testing"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/params"
	"openhours/analytics/pipeline"
	"openhours/analytics/report"
)

// benchmarkWorld has about a quarter of a million polls: enough that a model's own work shows, little
// enough that all of them are timed in a minute.
var benchmarkWorld = generate.Options{Stores: 2000, Days: 8, Seed: 1, IDs: generate.Numbers, AsOf: time.Date(2024, 10, 14, 22, 0, 0, 0, time.UTC)}

// benchmarkData makes the world in a folder of its own and answers its status rows.
func benchmarkData(b *testing.B, dir string) (data string, polls int64) {
	b.Helper()
	o := benchmarkWorld
	o.Dir = filepath.Join(dir, "data")
	made, err := generate.Write(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range made.Files {
		if f.Name == "store_status.csv" {
			polls = f.Rows
		}
	}
	return o.Dir, polls
}

// pollsPerSecond relates every time to the same number, so that the models can be compared.
func pollsPerSecond(b *testing.B, polls int64) {
	b.ReportMetric(float64(polls)*float64(b.N)/b.Elapsed().Seconds(), "polls/s")
}

// BenchmarkRead is scanning, inspecting and parsing of all files.
func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	data, polls := benchmarkData(b, dir)
	e := enginetest.New(b, dir, 2)
	for b.Loop() {
		readJob(b, e, data)
	}
	pollsPerSecond(b, polls)
}

// BenchmarkReport is a whole report, up to its files.
func BenchmarkReport(b *testing.B) {
	dir := b.TempDir()
	data, polls := benchmarkData(b, dir)
	e := enginetest.New(b, dir, 2)
	for b.Loop() {
		if _, err := report.Make(b.Context(), pipeline.Engines{DuckDB: e}, report.Request{Data: data, Reports: filepath.Join(dir, "reports"), Now: enginetest.Now}); err != nil {
			b.Fatal(err)
		}
	}
	pollsPerSecond(b, polls)
}

// BenchmarkModel times each model alone, on inputs that stay: nothing is freed. A model that is a view
// is timed by the making of a table of its rows.
func BenchmarkModel(b *testing.B) {
	dir := b.TempDir()
	data, polls := benchmarkData(b, dir)
	e := enginetest.New(b, dir, 2)
	j := readJob(b, e, data)
	models, err := engine.LoadModels(e.SQL, "models", "duckdb")
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range models {
		m.Frees = nil
		if err := j.Backend.Define(b.Context(), m); err != nil {
			b.Fatal(err)
		}
		statement := m.Statement()
		if m.Keep != engine.KeepAlways {
			statement = "CREATE OR REPLACE TEMP TABLE benchmark_rows AS SELECT * FROM " + m.Name
		}
		b.Run(m.Name, func(b *testing.B) {
			for b.Loop() {
				if err := j.DB().Exec(b.Context(), statement); err != nil {
					b.Fatal(err)
				}
			}
			pollsPerSecond(b, polls)
		})
		if m.Name == pipeline.ZonesModel {
			if err := j.MakeZonePeriods(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// readJob is a run that has read its data; it closes with the benchmark.
func readJob(b *testing.B, e *engine.Engine, data string) *pipeline.Run {
	b.Helper()
	j, err := pipeline.New(b.Context(), pipeline.Engines{DuckDB: e}, pipeline.Request{Data: data, Parameters: params.Parameters{}, Now: enginetest.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := j.Close(); err != nil {
			b.Error(err)
		}
	})
	if err := j.Read(b.Context(), func() error {
		files, stop, err := j.Loader.OpenAll(b.Context())
		if err != nil {
			return err
		}
		defer stop()
		return j.Loader.LoadAll(b.Context(), files)
	}); err != nil {
		b.Fatal(err)
	}
	return j
}
