//go:build spark && soak

package analytics

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"openhours/analytics/generate"
	"openhours/analytics/spark"
)

// TestSoakSparkAuthentication makes a report through Thrift Servers that want to be met in other ways
// than that of the other tests, and meets each in a wrong way once.
func TestSoakSparkAuthentication(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	if _, err := generate.Write(t.Context(), generate.Options{Dir: data, Stores: 20, Days: 3, Seed: 1, IDs: generate.Numbers,
		AsOf: time.Date(2024, 11, 6, 3, 7, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(t.Context(), Options{SQL: os.DirFS("../sql"), Folders: []string{dir, data}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	_, want := reportOn(t, e, nil, Request{Data: data, Reports: dir})
	host, text, _ := net.SplitHostPort(testCluster(t).Address)
	first, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	for n, c := range []struct {
		name, conf string
		good       spark.Options
	}{
		{"plain", "", spark.Options{Auth: "NONE", User: "ops", Password: "x"}},
		{"http", "--conf spark.hadoop.hive.server2.transport.mode=http --conf spark.hadoop.hive.server2.thrift.http.port=PORT",
			spark.Options{Auth: "NONE", User: "ops", Password: "x", HTTPPath: "cliservice"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			port := strconv.Itoa(first + 2000 + 4*n)
			start := exec.Command("../.ci/spark", "up", port)
			start.Env = append(os.Environ(), "SPARK_AUTH=NONE", "SPARK_CONF="+strings.ReplaceAll(c.conf, "PORT", port))
			t.Cleanup(func() {
				if said, err := exec.Command("../.ci/spark", "down", port).CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, said)
				}
			})
			if said, err := start.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			c.good.Address = net.JoinHostPort(host, port)
			_, got := reportOn(t, e, &SparkOptions{Options: c.good, Staging: dir}, Request{Data: data, Reports: dir})
			for name, text := range want {
				if string(text) != string(got[name]) {
					t.Errorf("%s differs", name)
				}
			}
			wrong := *e
			wrong.spark = &SparkOptions{Options: spark.Options{Address: c.good.Address, Auth: "NOSASL"}, Staging: dir}
			var away *spark.UnreachableError
			_, err := wrong.Report(t.Context(), Request{Data: data, Reports: dir, Now: testNow})
			if !errors.As(err, &away) || !strings.Contains(err.Error(), "authentication is NOSASL here") {
				t.Errorf("met in a wrong way: %v", err)
			}
			t.Logf("met in a wrong way: %v", err)
		})
	}
}
