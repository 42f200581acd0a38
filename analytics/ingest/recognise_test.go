package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"openhours/analytics/enginetest"
	"openhours/analytics/params"
)

// TestRecognise: the part of a file that names its columns says of which set it is, and nothing of it is kept.
func TestRecognise(t *testing.T) {
	dir := t.TempDir()
	d := testFolder(t, enginetest.New(t, dir, 1), dir)
	var long strings.Builder // packed, it is longer than what is sent
	long.WriteString("brand,Store ID,timezone\n")
	random := rand.New(rand.NewPCG(1, 2))
	for range 40_000 {
		fmt.Fprintf(&long, "x,%d,Europe/Paris\n", random.Uint64())
	}
	const sent = 1 << 18
	packed := func(w io.WriteCloser, into *bytes.Buffer) string {
		if _, err := io.WriteString(w, long.String()); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if into.Len() <= sent {
			t.Fatalf("%d bytes are too few", into.Len())
		}
		return into.String()[:sent]
	}
	var gz, zst bytes.Buffer
	zstdWriter, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	parquet := enginetest.Parquet(t, "SELECT i AS store_id, 98.5 AS target FROM range(100000) t(i)")
	footer := int(binary.LittleEndian.Uint32([]byte(parquet[len(parquet)-8:])))
	for name, c := range map[string]struct{ file, body, want string }{
		"CSV":              {"x.csv", "store_id,day,start_time_local,end_time_local\n", "hours [store_id day start_time_local end_time_local]"},
		"the start of gz":  {"x.csv.GZ", packed(gzip.NewWriter(&gz), &gz), "zones [brand Store ID timezone]"},
		"the start of zst": {"x.csv.zst", packed(zstdWriter, &zst), "zones [brand Store ID timezone]"},
		"Parquet":          {"x.parquet", parquet, "targets [store_id target]"},
		"a footer alone":   {"x.parquet", parquet[:4] + parquet[len(parquet)-8-footer:], "targets [store_id target]"},
		"none":             {"x.csv", "a,b\n1,2\n", " [a b]"},
		"only an id":       {"x.csv", "store_id\n1\n", " [store_id]"},
	} {
		found, err := d.Recognise(t.Context(), c.file, strings.NewReader(c.body))
		if got := fmt.Sprint(found.Set, " ", found.Columns); err != nil || got != c.want {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
	var invalid *InvalidFileError
	if _, err := d.Recognise(t.Context(), "x.parquet", strings.NewReader("PAR1")); !errors.As(err, &invalid) || strings.Contains(invalid.Reason, dir) {
		t.Errorf("what is no Parquet file: %v", err)
	}
	var parameter *params.Error
	if _, err := d.Recognise(t.Context(), "x.xlsx", strings.NewReader("PK")); !errors.As(err, &parameter) || !strings.Contains(err.Error(), ".csv.zst, .parquet") {
		t.Errorf("another ending: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}
