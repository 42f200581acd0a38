//go:build spark && soak

package analytics_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/report"
)

// TestSoakSparkCancel: a report that is cancelled leaves no job on the cluster and nothing in the folders, whether the cluster
// is at work or between two statements.
func TestSoakSparkCancel(t *testing.T) {
	data := t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 2000, Days: 9, Seed: 3, IDs: generate.Numbers,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	for name, busy := range map[string]bool{"at work": true, "between two statements": false} {
		t.Run(name, func(t *testing.T) { cancelOnSpark(t, data, busy) })
	}
}

func cancelOnSpark(t *testing.T, data string, busy bool) {
	dir, cluster := t.TempDir(), testCluster(t)
	cluster.Staging = filepath.Join(dir, "staging")
	e, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Folders: []string{dir, data}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, cancel := context.WithCancel(t.Context())
	late := make(chan struct{})
	_, err = report.Make(ctx, on(t, e, cluster), report.Request{Data: data, Reports: filepath.Join(dir, "reports"), Now: enginetest.Now, Progress: func(name string, _, _ int) {
		if name != "observations" {
			return
		}
		staged, err := filepath.Glob(filepath.Join(cluster.Staging, "*"))
		if err != nil || len(staged) != 1 {
			t.Fatalf("staged: %v, %v", staged, err)
		}
		if !busy {
			cancel()
		}
		go func() {
			defer close(late)
			if busy {
				waitForJobs(t, cluster.Address, true)
				cancel()
			}
			writeLate(t, staged[0])
		}()
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-late
	waitForJobs(t, cluster.Address, false)
	for _, folder := range []string{"staging", "reports"} {
		root := filepath.Join(dir, folder)
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && path != root {
				t.Errorf("%s is left", path)
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
}

// writeLate does what a task does that was about to write when its statement was cancelled, and that
// a busy worker ends late: it creates its folder again once the run's own folder is gone.
func writeLate(t *testing.T, staged string) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if _, err := os.Stat(staged); errors.Is(err, fs.ErrNotExist) {
			if err := os.MkdirAll(filepath.Join(staged, "observations", "_temporary", "0"), 0o755); err != nil {
				t.Error(err)
			}
			return
		}
	}
	t.Errorf("%s is there after a minute", staged)
}

// waitForJobs waits until jobs of the step that is cancelled run on the cluster, or none any more, as
// the page of the Thrift Server's jobs has it, which spark-up puts three ports on.
func waitForJobs(t *testing.T, address string, running bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Error(err)
		return
	}
	number, _ := strconv.Atoi(port)
	api := fmt.Sprintf("http://%s:%d/api/v1/applications", host, number+3)
	get := func(url string, into any) bool {
		answer, err := http.Get(url)
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		return json.NewDecoder(answer.Body).Decode(into) == nil
	}
	var apps, jobs []map[string]any
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if get(api, &apps) && len(apps) == 1 && get(fmt.Sprintf("%s/%s/jobs?status=running", api, apps[0]["id"]), &jobs) && (len(jobs) > 0) == running {
			return
		}
	}
	t.Errorf("jobs on the cluster: %v, wanted some: %v", jobs, running)
}
