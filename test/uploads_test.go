package test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/klauspost/compress/zstd"

	"openhours/analytics/enginetest"
)

// memoryLimitBytes is that of the servers that meet hostile files. The kernel holds them to it.
const memoryLimitBytes = 600_000_000

// startLimited builds the program and starts a server whose memory the kernel limits, with a good status file.
func startLimited(t *testing.T) (*server, string) {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "openhours")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	enginetest.WriteFiles(t, dir, map[string]string{"data/store_status.csv": enginetest.StatusHead + enginetest.StatusRow})
	if err := os.Mkdir(filepath.Join(dir, "reports"), 0o755); err != nil {
		t.Fatal(err)
	}
	return startCommand(t, dir, "sh", "-c", fmt.Sprintf(`ulimit -d %d; exec "$0" serve --memory %dMB --listen 127.0.0.1:0 --data data --reports reports`,
		memoryLimitBytes/1024, memoryLimitBytes/1_000_000), program), filepath.Join(dir, "data")
}

// put uploads a file without keeping it, and returns the status and the answer.
func (s *server) put(file string, body []byte) (int, string) {
	request, err := http.NewRequestWithContext(s.t.Context(), "PUT", s.base+"/api/v1/data/status/"+file+"?dry_run=true", bytes.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(text)
}

// checkAlive checks that the server still reads its one good row.
func (s *server) checkAlive() {
	s.t.Helper()
	var found struct {
		Inputs []struct{ Rows int }
	}
	if r := s.get("GET", "/api/v1/data", &found); r.StatusCode != http.StatusOK || len(found.Inputs) != 1 || found.Inputs[0].Rows != 1 {
		s.t.Errorf("the server answers %d, %+v", r.StatusCode, found)
	}
}

// polls is a status file of 300 rows, written by DuckDB.
func polls(t *testing.T, idType string) []byte {
	return []byte(enginetest.Parquet(t, "SELECT CAST(i % 50 AS "+idType+`) AS store_id, CASE WHEN i % 3 = 0 THEN 'active' ELSE 'inactive' END AS status,
		TIMESTAMP '2024-10-07 10:00:00' + INTERVAL (i) MINUTE AS timestamp_utc FROM range(300) t(i)`))
}

// fatalParquet is a Parquet file with one changed byte that makes DuckDB declare itself broken.
func fatalParquet(t *testing.T) []byte {
	file := polls(t, "DECIMAL(38,0)")
	file[len(file)-422] = 3
	return file
}

func gzipped(text string) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.WriteString(w, text); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return packed.Bytes()
}

// zstdFrame asks for a window of 2^(10+exponent) bytes.
func zstdFrame(exponent byte, text string) []byte {
	size := len(text)<<3 | 1
	return append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0, exponent << 3, byte(size), byte(size >> 8), byte(size >> 16)}, text...)
}

// TestHostileUploads sends files that cost far more than their size, twelve of each at once: each is
// answered in its way, the process lives on and stays within its memory.
func TestHostileUploads(t *testing.T) {
	t.Parallel()
	s, _ := startLimited(t)
	const head, row = enginetest.StatusHead, enginetest.StatusRow
	for _, c := range []struct {
		name, file string
		body       []byte
		status     int
		want       string
	}{
		{"zstd window of 512 MiB", "store_status.csv.zst", zstdFrame(19, head), 422, "a zstd window of more than 64 MiB"},
		{"zstd window of 64 MiB", "store_status.csv.zst", zstdFrame(16, head+row), 200, `"rows":1`},
		{"gzip of 90 MB of bad rows", "store_status.csv.gz", gzipped(head + strings.Repeat(",,\n", 30_000_000)), 422, "more than 200 times its size"},
		{"gzip of bad rows", "store_status.csv.gz", gzipped(head + strings.Repeat(",,\n", 120_000)), 422, "more than 100000 rows are rejected"},
		{"header of 1.5 MB", "store_status.csv", []byte(strings.TrimSpace(head) + strings.Repeat(",x", 750_000) + "\n" + row), 422, "longer than 64 KiB"},
		{"damaged Parquet file", "store_status.parquet", fatalParquet(t), 422, "damaged: write it again"},
		{"rows of 1 MB", "store_status.csv.gz", gzipped(head + strings.Repeat(strings.Repeat("x", 1_000_000)+"\n", 60)), 422, "rows are rejected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all sync.WaitGroup
			for range 12 {
				all.Go(func() {
					if status, text := s.put(c.file, c.body); status != c.status || !strings.Contains(text, c.want) {
						t.Errorf("status %d, %.500s", status, text)
					}
				})
			}
			all.Wait()
			s.checkAlive()
		})
	}
	if peak := s.peakBytes(); peak > memoryLimitBytes {
		t.Errorf("the server took %d bytes", peak)
	}
}

// peakBytes is the most memory that the server had; 0 where the system does not tell.
func (s *server) peakBytes() (bytes int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0
	}
	_, peak, _ := strings.Cut(string(text), "VmHWM:")
	if _, err := fmt.Sscanf(peak, "%d kB", &bytes); err != nil {
		s.t.Error(err)
	}
	return bytes * 1024
}

// TestDamagedFilesInFolder has another program put a file into the data folder that ends the process which
// reads it: under a name of no set it changes nothing, under one of a set it is the reason why there is no
// report, until it is gone.
func TestDamagedFilesInFolder(t *testing.T) {
	t.Parallel()
	s, data := startLimited(t)
	bad := fatalParquet(t)
	report := func() reportState {
		var accepted reportState
		s.get("POST", "/trigger_report", &accepted)
		until(t, "report", func() bool { r := s.state(accepted.ReportID); return r.State == "complete" || r.State == "failed" })
		return s.state(accepted.ReportID)
	}
	enginetest.WriteFiles(t, data, map[string]string{"export.parquet": string(bad), "polls.parquet": string(polls(t, "VARCHAR"))})
	var found struct {
		Unread []struct{ File, Hint string } `json:"unread_files"`
	}
	s.get("GET", "/api/v1/data", &found)
	if len(found.Unread) != 2 || found.Unread[0].Hint != "" || !strings.Contains(found.Unread[1].Hint, "the status set") {
		t.Errorf("files of no set: %+v", found.Unread)
	}
	s.checkAlive()
	if r := report(); r.State != "complete" {
		t.Errorf("beside a file of no set: %+v", r)
	}
	for range 2 { // the second time it is known
		enginetest.WriteFiles(t, data, map[string]string{"store_status_2.parquet": string(bad)})
		if r := s.get("GET", "/api/v1/data", nil); r.StatusCode != http.StatusConflict {
			t.Errorf("with a file of a set: %s", r.Status)
		}
		if r := report(); r.State != "failed" || !strings.Contains(r.Error, "store_status_2.parquet: it is damaged: write it again") {
			t.Errorf("with a file of a set: %+v", r)
		}
	}
	if r := s.get("GET", "/healthz", nil); r.StatusCode != http.StatusOK {
		t.Error(r.Status)
	}
	if err := os.Remove(filepath.Join(data, "store_status_2.parquet")); err != nil {
		t.Fatal(err)
	}
	s.checkAlive()
}

// mutant is a copy of a file with a few bytes changed, removed or repeated. In Parquet files most changes are
// in the footer.
func mutant(random *rand.Rand, file []byte, isParquet bool) []byte {
	file = bytes.Clone(file)
	for range 1 + random.IntN(3) {
		at := random.IntN(len(file))
		if isParquet && random.IntN(3) > 0 {
			at = len(file) - 1 - random.IntN(min(len(file), 500))
		}
		switch random.IntN(8) {
		case 0:
			file = append(file[:at:at], file[min(at+1+random.IntN(8), len(file)):]...)
		case 1:
			file = append(file[:at:at], append(bytes.Clone(file[at:min(at+40, len(file))]), file[at:]...)...)
		case 2, 3:
			file[at] ^= 1 << random.IntN(8)
		case 4, 5:
			file[at] += byte(random.IntN(17) - 8)
		default:
			file[at] = byte(random.IntN(256))
		}
		if len(file) == 0 {
			return []byte("x")
		}
	}
	return file
}

// testMutants uploads n damaged files, several at once: each is taken or refused, and the process lives on.
func testMutants(t *testing.T, n int, seed uint64) {
	s, _ := startLimited(t)
	text := enginetest.StatusHead + strings.Repeat(enginetest.StatusRow+"b,inactive,2024-10-08T11:00:00Z\n\"c\",Active,1728381600\n", 30)
	packer, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	files := []struct {
		name string
		body []byte
	}{
		{"store_status.parquet", polls(t, "DECIMAL(38,0)")}, {"store_status.parquet", polls(t, "VARCHAR")}, {"store_status.parquet", polls(t, "DECIMAL(4,0)")},
		{"store_status.csv", []byte(text)}, {"store_status.csv.gz", gzipped(text)}, {"store_status.csv.zst", packer.EncodeAll([]byte(text), nil)},
	}
	var next atomic.Int64
	var lock sync.Mutex
	answers := map[int]int{}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for i := next.Add(1); i <= int64(n) && !t.Failed(); i = next.Add(1) {
				random := rand.New(rand.NewPCG(seed, uint64(i)))
				file := files[random.IntN(len(files))]
				status, text := s.put(file.name, mutant(random, file.body, strings.HasSuffix(file.name, ".parquet")))
				if status != http.StatusOK && status != http.StatusUnprocessableEntity || !json.Valid([]byte(text)) {
					t.Errorf("mutant %d of seed %d, a %s: status %d, %.500s", i, seed, file.name, status, text)
				}
				lock.Lock()
				answers[status]++
				lock.Unlock()
			}
		})
	}
	all.Wait()
	if answers[http.StatusOK] < n/20 || answers[http.StatusUnprocessableEntity] < n/20 {
		t.Errorf("too much alike: %v", answers)
	}
	t.Log(answers)
	s.checkAlive()
	if peak := s.peakBytes(); peak > memoryLimitBytes {
		t.Errorf("the server took %d bytes", peak)
	}
}

// TestMutatedUploads sends damaged files. Each costs a process, 50 ms of the processor; `just soak` sends more.
func TestMutatedUploads(t *testing.T) {
	t.Parallel()
	testMutants(t, 2000, 1)
}
