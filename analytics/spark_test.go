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

// TestSparkFixtures runs every fixture on the cluster and compares with the same golden files.
func TestSparkFixtures(t *testing.T) { testSparkFixtures(t, false) }

func hasCalendar(folder string) bool {
	return slices.ContainsFunc([]string{"stores.csv", "special_hours.csv", "closures.csv"}, func(file string) bool {
		_, err := os.Stat(filepath.Join(folder, file))
		return err == nil
	})
}

// testSparkFixtures runs the fixtures with or without files of the calendar; each takes half a minute of a
// cluster, so that those with are left to the soak.
func testSparkFixtures(t *testing.T, calendar bool) {
	folders, err := filepath.Glob("testdata/reports/*")
	if err != nil || len(folders) < 10 {
		t.Fatalf("%d fixtures: %v", len(folders), err)
	}
	for _, folder := range folders {
		if hasCalendar(folder) != calendar {
			continue
		}
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			cluster := testCluster(t)
			cluster.Staging = t.TempDir()
			want, err := os.ReadFile(filepath.Join(folder, "want.txt"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), runFixture(t, folder, cluster)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
