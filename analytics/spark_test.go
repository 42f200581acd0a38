//go:build spark

package analytics_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/spark"
	"openhours/analytics/spark/hive"
)

// testCluster is the one of `just test-spark`.
func testCluster(t *testing.T) *spark.Options {
	t.Helper()
	address := os.Getenv("OPENHOURS_SPARK")
	if address == "" {
		t.Fatal("OPENHOURS_SPARK is not set: `just test-spark` starts a cluster and sets it")
	}
	return &spark.Options{Options: hive.Options{Address: address, Auth: "NOSASL"}}
}

// TestSparkFixtures runs most fixtures on the cluster, in one report, and compares with the same golden files. Those that want
// one of their own are left to the soak.
func TestSparkFixtures(t *testing.T) {
	together, _ := fixtureGroups(t)
	testSparkFixtures(t, [][]string{slices.MaxFunc(together, func(a, b []string) int { return len(a) - len(b) })})
}

func testSparkFixtures(t *testing.T, groups [][]string) {
	for _, folders := range groups {
		t.Run(filepath.Base(folders[0]), func(t *testing.T) {
			t.Parallel()
			cluster := testCluster(t)
			cluster.Staging = t.TempDir()
			if len(folders) > 1 {
				holdTogether(t, folders, cluster)
			} else {
				want, err := os.ReadFile(filepath.Join(folders[0], "want.txt"))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), runFixture(t, folders[0], cluster)); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		})
	}
}
