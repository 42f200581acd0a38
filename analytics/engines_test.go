package analytics_test

import (
	"testing"

	"openhours/analytics/engine"
	"openhours/analytics/pipeline"
	"openhours/analytics/spark"
)

// on are engines with a cluster, where one is given.
func on(t testing.TB, e *engine.Engine, cluster *spark.Options) pipeline.Engines {
	t.Helper()
	if cluster == nil {
		return pipeline.Engines{DuckDB: e}
	}
	c, err := spark.NewCluster(*cluster)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return pipeline.Engines{DuckDB: e, Cluster: c}
}
