package analytics

import "testing"

// on are engines with a cluster, where one is given.
func on(t testing.TB, e *Engine, cluster *SparkOptions) Engines {
	t.Helper()
	if cluster == nil {
		return Engines{DuckDB: e}
	}
	c, err := NewSparkCluster(*cluster)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return Engines{DuckDB: e, Cluster: c}
}
