//go:build spark && soak

package analytics_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/generate"
	"openhours/analytics/params"
	"openhours/analytics/report"
	"openhours/analytics/spark/hive"
)

// TestSoakSpark makes a report of 1.8 million polls on a cluster that is whole, that loses a worker in
// the middle, and that loses its Thrift Server.
func TestSoakSpark(t *testing.T) {
	e, data, dir := soakEngine(t, 13_500, 8)
	cluster := testCluster(t)
	cluster.Staging = dir
	start := time.Now()
	want, wantFiles := reportOn(t, e, nil, report.Request{Data: data, Reports: dir})
	t.Logf("DuckDB: %d rows in %.1f s", want.Quality.RowsRead, time.Since(start).Seconds())
	onCluster := func(what string, progress engine.Progress) {
		t.Helper()
		start := time.Now()
		got, files := reportOn(t, e, cluster, report.Request{Data: data, Reports: dir, Progress: progress})
		t.Logf("%s: %.1f s, %v", what, time.Since(start).Seconds(), got.Steps)
		for name, text := range wantFiles {
			if string(text) != string(files[name]) {
				t.Errorf("%s: %s differs", what, name)
			}
		}
	}
	onCluster("a whole cluster, cold", nil)
	onCluster("a whole cluster, warm", nil)
	onCluster("a worker killed", func(name string, _, _ int) {
		if name == "observations" {
			killProcesses(t, cluster.Address, "worker1")
		}
	})

	_, err := report.Make(t.Context(), on(t, e, cluster), report.Request{Data: data, Reports: dir, Now: enginetest.Now, Progress: func(name string, _, _ int) {
		if name == "observations" {
			killProcesses(t, cluster.Address, "thrift")
		}
	}})
	var away *hive.UnreachableError
	if !errors.As(err, &away) || !strings.Contains(err.Error(), cluster.Address) {
		t.Errorf("the Thrift Server killed: got %v", err)
	}
	t.Logf("the Thrift Server killed: %v", err)
	_, port, _ := net.SplitHostPort(cluster.Address)
	if said, err := exec.Command("../.ci/spark", "up", port).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	onCluster("the Thrift Server up again", nil)
}

// TestSoakSparkStoresByName asks for a store by its name on the cluster.
func TestSoakSparkStoresByName(t *testing.T) {
	data := t.TempDir()
	enginetest.WriteFiles(t, data, map[string]string{"store_status.csv": enginetest.StatusHead + "1,active,2024-10-07 10:00:00 UTC\n2,inactive,2024-10-07 10:00:00 UTC\n",
		"stores.csv": "store_id,name\n1,Corner\n1,Z second name\n2,Z second name\n3,2\n4,Twin\n5,Twin\n"})
	if m := sameOnBoth(t, data, params.Parameters{Stores: []string{"Corner", "2", "Z second name"}}); m.Stores != 2 || !slices.Equal(m.Parameters.Stores, []string{"1", "2", "2"}) {
		t.Errorf("%d stores, %v", m.Stores, m.Parameters.Stores)
	}
	cluster := testCluster(t)
	cluster.Staging = t.TempDir()
	_, err := report.Make(t.Context(), on(t, enginetest.New(t, data, 2), cluster), report.Request{Data: data, Reports: t.TempDir(),
		Parameters: params.Parameters{Stores: []string{"Twin"}}, Now: enginetest.Now})
	var wrong *params.Error
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "store Twin: 2 stores have this name; give the id of one: 4, 5") {
		t.Errorf("got %v", err)
	}
}

// TestSoakSparkFixtures runs all fixtures, also those that TestSparkFixtures leaves out.
func TestSoakSparkFixtures(t *testing.T) {
	groups, alone := fixtureGroups(t)
	for _, folder := range alone {
		groups = append(groups, []string{folder})
	}
	testSparkFixtures(t, groups)
}

// soakEngine is an engine that may use two folders: generated data, and one that is empty.
func soakEngine(t *testing.T, stores, days int) (e *engine.Engine, data, dir string) {
	t.Helper()
	data, dir = t.TempDir(), t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: stores, Days: days, Seed: 1, IDs: generate.Numbers,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(t.Context(), engine.Options{SQL: os.DirFS("../sql"), Folders: []string{dir, data}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e, data, dir
}

// killProcesses kills one of the processes that spark-up started, with all that it started.
func killProcesses(t *testing.T, address, name string) {
	t.Helper()
	_, port, _ := net.SplitHostPort(address)
	text, err := os.ReadFile(filepath.Join("../.tools/spark", port, name+".pid"))
	if err != nil {
		t.Error(err)
		return
	}
	pid, err := strconv.Atoi(strings.Fields(string(text))[0])
	if err == nil {
		// in a moment, so that it happens in the middle of the step
		time.AfterFunc(2*time.Second, func() { _ = syscall.Kill(-pid, syscall.SIGKILL) })
	}
	if err != nil {
		t.Error(err)
	}
}
