//go:build spark && soak

package analytics_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/report"
	"openhours/analytics/storage"
)

// TestSoakSparkS3 reads the input from S3 and stages there; the report is that of the same files on
// disk. The cluster of `.ci/test-spark soak` looks for its object store at this address.
func TestSoakSparkS3(t *testing.T) {
	address := os.Getenv("OPENHOURS_TEST_S3")
	if address == "" {
		t.Fatal("OPENHOURS_TEST_S3 is not set: `.ci/test-spark soak` sets it for its cluster and this test")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	store := s3mem.New()
	server := &http.Server{Handler: gofakes3.New(store, gofakes3.WithAutoBucket(true)).Server()}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	t.Setenv("AWS_ENDPOINT_URL", "http://"+address)
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	if err := store.CreateBucket("polls"); err != nil {
		t.Fatal(err)
	}

	data, dir := t.TempDir(), t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 460, Days: 8, Seed: 7, IDs: generate.UUIDs,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, data, map[string]string{ // with a faulty row, and one that only the exact reader reads
		"store_status_more.csv":   "store_id,status,timestamp_utc\nx,active,2024-11-05 00:00:00 UTC\nx,maybe,2024-11-05 00:00:00 UTC\n",
		"store_status_quoted.csv": "store_id,status,timestamp_utc\n\"y\",active,2024-11-05 00:00:00 UTC\n",
	})
	writeParquet(t, data)
	if err := filepath.WalkDir(data, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == ".lock" { // which is empty: the test's store takes no empty object
			return err
		}
		name, _ := filepath.Rel(data, path)
		return storage.Upload(t.Context(), path, "s3a://polls/in/"+filepath.ToSlash(name))
	}); err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Folders: []string{dir, data}, SpillDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	cluster := testCluster(t)
	cluster.Staging = "s3a://polls/staging"
	want, wantFiles := reportOn(t, e, nil, report.Request{Data: data, Reports: dir})
	start := time.Now()
	got, gotFiles := reportOn(t, e, cluster, report.Request{Data: "s3a://polls/in", Reports: dir})
	t.Logf("from S3: %d rows in %.1f s", got.Quality.RowsRead, time.Since(start).Seconds())
	for name, text := range wantFiles {
		if string(text) != string(gotFiles[name]) {
			t.Errorf("%s differs", name)
		}
	}
	if want.Quality.RowsRejected != got.Quality.RowsRejected || want.Quality.RowsRejected == 0 {
		t.Errorf("%d rows rejected, %d from S3", want.Quality.RowsRejected, got.Quality.RowsRejected)
	}
	if left, err := storage.ReadDir(t.Context(), "s3a://polls/staging"); err == nil {
		t.Errorf("left in the staging folder: %v", left)
	}
}
