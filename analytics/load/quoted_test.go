package load

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
)

// quotedFile returns stores whose cells look like cells, quotes and rows to a thread that starts among them, and their ids.
func quotedFile(seed uint64) (text string, ids map[string]bool) {
	random := rand.New(rand.NewPCG(seed, 1))
	cell := func() (text string) {
		for range random.IntN(9) {
			text += []string{`"`, `""`, `,`, `","`, `",`, `,"`, `a`, `b,`, `"x"`, ` `, `1,2,3`, `",",`, `",a,"`, `'`}[random.IntN(14)]
		}
		return text
	}
	quote := func(cell string) string { return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"` }
	var b strings.Builder
	b.WriteString("store_id,name,note\n")
	ids = map[string]bool{}
	for n := 0; b.Len() < 4*scanBufferBytes; n++ {
		id := strings.TrimSpace(cell() + fmt.Sprint(n))
		ids[id] = true
		fmt.Fprintf(&b, "%s,%s,%s\n", quote(id), quote(cell()), quote(cell()))
	}
	return b.String(), ids
}

// TestQuotedFilesInParallel: of a quoted file of several blocks every row is read once, also if DuckDB refuses to read it with
// several threads, without the exact reader.
func TestQuotedFilesInParallel(t *testing.T) {
	dir := t.TempDir()
	l := preparedLoader(t, enginetest.New(t, dir, 4), dir)
	for seed, isRefused := range map[uint64]bool{0: false, 1: false, 13: true} {
		text, want := quotedFile(seed)
		path := filepath.Join(dir, fmt.Sprintf("stores_%d.csv", seed))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := OpenFile(t.Context(), input.File{Set: setOf(t, input.StoresSet), Name: filepath.Base(path), Path: path})
		if err != nil {
			t.Fatal(err)
		}
		file.inspect(t.Context())
		var loaded input.LoadedFile
		scan, err := l.loadCSVFast(t.Context(), file, true, &loaded)
		if err != nil {
			t.Fatal(err)
		}
		if scan.kept == isRefused {
			t.Errorf("seed %d: kept by several threads: %t; the test needs one file that is refused", seed, scan.kept)
		}
		if err := l.DB.Exec(t.Context(), "DELETE FROM stores_rows"); err != nil {
			t.Fatal(err)
		}
		accepted, err := l.loadCSV(t.Context(), file, &loaded)
		if err != nil || accepted != int64(len(want)) {
			t.Errorf("seed %d: %d rows, want %d: %v", seed, accepted, len(want), err)
		}
		if err := l.DB.Each(t.Context(), "SELECT store_id FROM stores_rows WHERE detail = 'id'", func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			if !want[id] {
				t.Errorf("seed %d: id %q is not in the file, or twice", seed, id)
			}
			delete(want, id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := l.DB.Exec(t.Context(), "DELETE FROM stores_rows"); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.DB.Exec(t.Context(), "FROM exact_rows"); err == nil {
		t.Error("the exact reader has read a file")
	}
}
