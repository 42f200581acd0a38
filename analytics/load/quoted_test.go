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

// TestQuotedFilesInParallel scans files of several blocks whose ids look like cells, quotes and rows to a thread that starts
// among them: what the fast reader keeps is what the file has, row by row.
func TestQuotedFilesInParallel(t *testing.T) {
	dir := t.TempDir()
	l := preparedLoader(t, enginetest.New(t, dir, 4), dir)
	kept := 0
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 1))
		want := map[string]bool{}
		var text strings.Builder
		text.WriteString(enginetest.StatusHead)
		for n := 0; text.Len() < 4*scanBufferBytes; n++ {
			id := fmt.Sprint(n)
			for range random.IntN(5) {
				id += []string{`"`, `","`, `,active,`, `""`, `,`, `",2024-10-07 10:00:00 UTC`, `x`}[random.IntN(7)]
			}
			want[id] = true
			fmt.Fprintf(&text, `"%s",active,"2024-10-07 10:00:00 UTC"`+"\n", strings.ReplaceAll(id, `"`, `""`))
		}
		path := filepath.Join(l.Dir, fmt.Sprintf("store_status_%d.csv", seed))
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := OpenFile(t.Context(), input.File{Set: setOf(t, input.StatusSet), Name: filepath.Base(path), Path: path})
		if err != nil {
			t.Fatal(err)
		}
		file.inspect(t.Context())
		if err := l.DB.Exec(t.Context(), "DELETE FROM status_rows"); err != nil {
			t.Fatal(err)
		}
		var loaded input.LoadedFile
		accepted, done, err := l.loadCSVFast(t.Context(), file, true, &loaded)
		if err != nil {
			t.Fatal(err)
		}
		if !done { // DuckDB may find that its threads' parts do not join
			continue
		}
		kept++
		if accepted != int64(len(want)) {
			t.Errorf("seed %d: %d rows, want %d", seed, accepted, len(want))
		}
		if err := l.DB.Each(t.Context(), "SELECT store_id FROM status_rows", func(rows *sql.Rows) error {
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
	}
	if kept == 0 {
		t.Error("no file was read in parallel")
	}
}
