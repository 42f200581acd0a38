package analytics

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// FuzzRowReader gives the exact reader any bytes: it must end, hand out lines in order, and lose no
// line. Where no quote stands in the file, its rows are the lines that are not blank.
func FuzzRowReader(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2\n", "a,b\r\n\"1\r\n2\",3\n", "\"\n\"\n\"", "a,\"b\"\"\n,c\n\"x\",y", "\ufeffa\n\n \t\n,\n\xff"} {
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, file []byte, singleLine bool) {
		reader := newRowReader(bytes.NewReader(file))
		reader.single = func(int) bool { return singleLine }
		var last, rows int64
		for {
			row, err := reader.next()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if row.line <= last {
				t.Fatalf("line %d after line %d", row.line, last)
			}
			last = row.line
			if again, _, _, fault, _ := splitCells(row.raw, nil); row.fault == "" && (fault != "" || !slices.Equal(again, row.cells)) {
				t.Fatalf("line %d: cells %q by lines, %q in one piece", row.line, row.cells, again)
			}
			rows++
		}
		if !singleLine && bytes.IndexByte(file, '"') >= 0 {
			return
		}
		var want int64
		for line := range strings.SplitSeq(strings.TrimPrefix(string(file), "\ufeff"), "\n") {
			if strings.Trim(strings.TrimSuffix(line, "\r"), " \t") != "" {
				want++
			}
		}
		if rows != want {
			t.Fatalf("%d rows, want %d", rows, want)
		}
	})
}
