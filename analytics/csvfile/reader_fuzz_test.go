package csvfile

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
		reader := NewRowReader(bytes.NewReader(file))
		reader.SingleLine = func(int) bool { return singleLine }
		var last, rows int64
		for {
			row, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if row.Line <= last {
				t.Fatalf("line %d after line %d", row.Line, last)
			}
			last = row.Line
			if again := splitCells(row.Raw, nil); row.Fault == "" && (again.fault != "" || !slices.Equal(again.cells, row.Cells)) {
				t.Fatalf("line %d: cells %q by lines, %q in one piece", row.Line, row.Cells, again.cells)
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
