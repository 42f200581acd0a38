package csvfile

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLimits: what a file of few bytes could ask for is refused with the limit, by the header and by the
// inspection, and what lies within the limits is read.
func TestLimits(t *testing.T) {
	const head, row = "store_id,status,timestamp_utc", "a,active,2024-10-07 10:00:00 UTC\n"
	zip := func(text string) string {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return packed.String()
	}
	// a zstd frame whose window has 2^(10+exponent) bytes, and one block with the text as it is
	frame := func(exponent byte, text string) string {
		size := len(text)<<3 | 1
		return "\x28\xb5\x2f\xfd\x00" + string([]byte{exponent << 3, byte(size), byte(size >> 8), byte(size >> 16)}) + text
	}
	for name, c := range map[string]struct{ file, text, want string }{
		"window of 512 MiB":           {"s.csv.zst", frame(19, head+"\n"+row), "zstd window of more than 64 MiB"},
		"window of 128 MiB, later":    {"s.csv.zst", frame(10, head+"\n"+row) + frame(17, row), "zstd window of more than 64 MiB"},
		"window of 64 MiB":            {"s.csv.zst", frame(16, head+"\n"+row), ""},
		"unpacks to 1000 times":       {"s.csv.gz", zip(head + "\n" + strings.Repeat(",,\n", 30_000_000)), "unpacks to more than 200 times its size"},
		"unpacks to 1000 times, 6 MB": {"s.csv.gz", zip(head + "\n" + strings.Repeat(",,\n", 2_000_000)), ""},
		"header of 1.5 MB":            {"s.csv", head + strings.Repeat(",x", 750_000) + "\n" + row, "line 1, the header: longer than 64 KiB"},
		"header of 1001 columns":      {"s.csv", head + strings.Repeat(",x", 998) + "\n" + row, "1001 columns, more than the 1000"},
		"header of 1000 columns":      {"s.csv", head + strings.Repeat(",x", 997) + "\n" + row, ""},
		"lines end with CR":           {"s.csv", head + "\r" + strings.Repeat(row[:len(row)-1]+"\r", 3000), "lines end with CR alone"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			header, err := ReadHeader(context.Background(), path, c.file)
			if err == nil {
				_, err = Inspect(context.Background(), path, c.file, len(header.Names))
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, want %q", err, c.want)
			}
		})
	}
}
