package csvfile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// TestRowsOfRandomText reads small texts of the characters that matter: a row that spans lines has
// the cells of its text in one piece, and no line is lost where no quote stands.
func TestRowsOfRandomText(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		text := make([]byte, random.IntN(24))
		for i := range text {
			text[i] = "\"\",a \n\r"[random.IntN(7)]
		}
		reader := NewRowReader(bytes.NewReader(text))
		for {
			row, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if again := splitCells(row.Raw, nil); row.Fault == "" && (again.fault != "" || !slices.Equal(again.cells, row.Cells)) {
				t.Fatalf("%q line %d: cells %q by lines, %q in one piece", text, row.Line, row.Cells, again.cells)
			}
		}
	}
}

// TestPlainText inspects small texts of the characters that matter, cut into blocks anywhere: in a plain one, the exact
// reader finds a row of the right number of cells in every line.
func TestPlainText(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	quoted := 0
	for range 200_000 {
		text := make([]byte, 1+random.IntN(16))
		for i := range text {
			text[i] = "\"\",,a\n\n\r"[random.IntN(8)]
		}
		var lines lineCounts
		for rest := text; len(rest) > 0; {
			n := 1 + random.IntN(len(rest))
			lines.add(rest[:n])
			rest = rest[n:]
		}
		const columns = 2
		rows, plain := lines.plainRows(columns)
		if !plain {
			continue
		}
		if lines.quoted {
			quoted++
		}
		var found, commas int64
		reader := NewRowReader(bytes.NewReader(text))
		for {
			row, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if row.Fault != "" || strings.ContainsAny(strings.Join(row.Cells, ""), "\r\n") {
				t.Fatalf("%q is plain, but the exact reader finds %q with fault %q", text, row.Cells, row.Fault)
			}
			found, commas = found+1, commas+int64(len(row.Cells)-1)
		}
		if found != rows+1 || commas != found*(columns-1) {
			t.Fatalf("%q: plain with %d rows, the exact reader finds %d with %d separators", text, rows+1, found, commas)
		}
	}
	if quoted < 100 {
		t.Errorf("only %d plain texts had quotes", quoted)
	}
}

// TestOpenQuoteCostsItsLine has a quote that never closes before many rows with quotes in the same
// column: each of those is read, and looked at a bounded number of times.
func TestOpenQuoteCostsItsLine(t *testing.T) {
	text := "id,note\n1,\"oops\n" + strings.Repeat("2,\"\"\n", 300_000)
	reader := NewRowReader(strings.NewReader(text))
	var rows, faults int
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		rows++
		if row.Fault != "" {
			faults++
		}
	}
	if rows != 300_002 || faults != 1 {
		t.Errorf("%d rows, %d faults", rows, faults)
	}
}

// TestCutOffFiles: a packed file that ends before its time is an error, wherever it was cut.
func TestCutOffFiles(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("store_id,status,timestamp_utc\n")
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		rows.WriteString("store,active,2024-10-07 10:00:00." + strings.Repeat(string(rune('1'+random.IntN(9))), 6) + " UTC\n")
	}
	pack := map[string]func(io.Writer) io.WriteCloser{
		".gz": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		".zst": func(w io.Writer) io.WriteCloser {
			z, err := zstd.NewWriter(w)
			if err != nil {
				t.Fatal(err)
			}
			return z
		},
	}
	for suffix, packer := range pack {
		var packed bytes.Buffer
		w := packer(&packed)
		if _, err := io.WriteString(w, rows.String()); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "store_status.csv"+suffix)
		for cut := packed.Len(); cut > 10; cut -= 1 + packed.Len()/97 {
			if err := os.WriteFile(path, packed.Bytes()[:cut], 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Inspect(t.Context(), path, path, 3)
			if whole := cut == packed.Len(); whole != (err == nil) {
				t.Errorf("%s cut to %d of %d bytes: %v", suffix, cut, packed.Len(), err)
			}
		}
	}
}
