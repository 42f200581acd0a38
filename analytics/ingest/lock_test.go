package ingest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/storage"
)

// TestChangesDuringCompact lets a file be deleted or replaced after compact has read it and before its rows count as
// days: what was answered holds, and compact takes the files as they are then.
func TestChangesDuringCompact(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Folder) error
		want   string // where the file lies at the end
		rows   int64
	}{
		"deleted": {func(d *Folder) error { return d.Delete(input.StatusSet, "store_status_2.csv") }, "", 1},
		"replaced": {func(d *Folder) error {
			_, err := d.Put(t.Context(), input.StatusSet, "store_status_2.csv", strings.NewReader(oneRow), 0, false)
			return err
		}, "archive/store_status_2.csv", 2},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			e := enginetest.New(t, dir, 1)
			enginetest.WriteFiles(t, dir, statusFiles)
			d := testFolder(t, e, dir)
			changed := false
			storage.Watch(func(ch storage.Change) error {
				if changed || ch.Op != storage.OpRename || !strings.HasSuffix(ch.To, input.ManifestFile) {
					return nil
				}
				changed = true
				return c.change(d)
			})
			t.Cleanup(func() { storage.Watch(nil) })
			done, err := Compact(t.Context(), e, CompactRequest{Data: dir, Now: enginetest.Now})
			if err != nil {
				t.Fatal(err)
			}
			if !changed || done.Rows != c.rows {
				t.Errorf("%d rows are compacted, want %d", done.Rows, c.rows)
			}
			h, err := input.ReadHistory(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range h.Originals {
				if got := read(t, filepath.Join(dir, o.Archive)); got != oneRow {
					t.Errorf("%s: %q", o.Archive, got)
				}
			}
			if c.want == "" && len(h.Originals) != 1 || read(t, dir+"/store_status_2.csv") != "none" {
				t.Errorf("the file is back: %+v", h.Originals)
			}
		})
	}
}

// TestUploadOverACompactedFile: a compact that was killed has not moved the original yet. It gets to the archive before
// another file takes its place.
func TestUploadOverACompactedFile(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": oneRow})
	killed := errors.New("killed")
	storage.Watch(func(ch storage.Change) error {
		if strings.HasPrefix(ch.To, dir+"/archive/") {
			return killed
		}
		return nil
	})
	t.Cleanup(func() { storage.Watch(nil) })
	if _, err := Compact(t.Context(), e, CompactRequest{Data: dir, Now: enginetest.Now}); !errors.Is(err, killed) {
		t.Fatal(err)
	}
	storage.Watch(nil)
	d := testFolder(t, e, dir)
	var compacted *CompactedFileError
	if err := d.Delete(input.StatusSet, "store_status.csv"); !errors.As(err, &compacted) {
		t.Errorf("got %v", err)
	}
	if _, err := d.Put(t.Context(), input.StatusSet, "store_status.csv", strings.NewReader(otherRows), 1, false); err != nil {
		t.Fatal(err)
	}
	oneOf(t, dir+"/archive/store_status.csv", oneRow)
	oneOf(t, dir+"/store_status.csv", otherRows)
	if err := d.CleanUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	oneOf(t, dir+"/archive/store_status.csv", oneRow)
	oneOf(t, dir+"/store_status.csv", otherRows)
}

// startsInBetween is a body in the midst of which another server starts.
type startsInBetween struct {
	io.Reader
	start func()
}

func (b startsInBetween) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p[:1])
	b.start()
	return n, err
}

// TestSecondServerLeavesUploads: a server that starts on the same folder removes old uploads, and not one that runs.
func TestSecondServerLeavesUploads(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	enginetest.WriteFiles(t, dir, map[string]string{".incoming-old.csv": "half"})
	body := startsInBetween{strings.NewReader(oneRow), func() {
		if err := testFolder(t, e, dir).CleanUp(t.Context()); err != nil {
			t.Error(err)
		}
	}}
	if _, err := testFolder(t, e, dir).Put(t.Context(), input.StatusSet, "store_status.csv", body, 0, false); err != nil {
		t.Fatal(err)
	}
	oneOf(t, dir+"/store_status.csv", oneRow)
	if _, err := os.Stat(dir + "/.incoming-old.csv"); err == nil {
		t.Error("the old upload stays")
	}
}
