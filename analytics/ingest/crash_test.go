package ingest

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"openhours/analytics/engine"
	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/pipeline"
	"openhours/analytics/storage"
	"openhours/analytics/storage/crashtest"
)

const (
	oneRow    = enginetest.StatusHead + enginetest.StatusRow
	otherRows = enginetest.StatusHead + "b,active,2024-10-07 11:00:00 UTC\nb,perhaps,2024-10-08 11:00:00 UTC\nc,inactive,2024-10-09 11:00:00 UTC\n"
)

func testFolder(t *testing.T, e *engine.Engine, dir string) *Folder {
	t.Helper()
	return &Folder{Engines: pipeline.Engines{DuckDB: e}, Dir: dir}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "none"
	} else if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// oneOf fails where a file has none of the contents; "none" stands for no file.
func oneOf(t *testing.T, path string, contents ...string) {
	t.Helper()
	if got := read(t, path); !slices.Contains(contents, got) {
		t.Errorf("%s: got %q, want one of %q", filepath.Base(path), got, contents)
	}
}

// TestCrashesOfUploads replays crashes while a file is replaced, one is added and removed again.
func TestCrashesOfUploads(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": oneRow})
	d := testFolder(t, e, dir)
	r := crashtest.Record(t, dir)
	put := func(name, mark string) {
		t.Helper()
		if _, err := d.Put(t.Context(), input.StatusSet, name, strings.NewReader(otherRows), 1, false); err != nil {
			t.Fatal(err)
		}
		r.Mark("%s", mark)
	}
	put("store_status.csv", "replaced")
	put("store_status_2.csv", "added")
	r.Mark("deleting")
	if err := d.Delete(input.StatusSet, "store_status_2.csv"); err != nil {
		t.Fatal(err)
	}
	r.Mark("deleted")
	r.Stop()
	trees := r.Crashes(t, func(t *testing.T, c crashtest.Crash) {
		if err := testFolder(t, e, c.Root).CleanUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		first, second := []string{oneRow, otherRows}, []string{"none", otherRows}
		if c.Acked("replaced") {
			first = []string{otherRows}
		}
		if c.Acked("added") && !c.Acked("deleting") {
			second = []string{otherRows}
		}
		if c.Acked("deleted") {
			second = []string{"none"}
		}
		oneOf(t, filepath.Join(c.Root, "store_status.csv"), first...)
		oneOf(t, filepath.Join(c.Root, "store_status_2.csv"), second...)
		for _, path := range crashtest.Files(t, c.Root) {
			if path != ".lock" && path != "store_status.csv" && path != "store_status_2.csv" && (path != ".deleted-store_status_2.csv" || !c.Acked("deleting")) {
				t.Errorf("%s was left", path)
			}
		}
	})
	if trees < 20 {
		t.Errorf("only %d trees", trees)
	}
}

// failed checks the error of a change that was made to fail.
func failed(t *testing.T, fault crashtest.Fault, change storage.Change, err error) {
	t.Helper()
	if !errors.Is(err, fault.Err) || !strings.Contains(err.Error(), change.Path) {
		t.Fatalf("%+v: %v", change, err)
	}
}

func TestFaultsOfUploads(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	for _, fault := range crashtest.Faults {
		fault.Each(t, func(t *testing.T, armed func() func() *storage.Change) {
			enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": oneRow})
			d := testFolder(t, e, dir)
			put := func() error {
				_, err := d.Put(t.Context(), input.StatusSet, "store_status.csv", strings.NewReader(otherRows), 1, false)
				return err
			}
			disarm := armed()
			err := put()
			change := disarm()
			if change == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			failed(t, fault, *change, err)
			oneOf(t, dir+"/store_status.csv", oneRow, otherRows)
			if err := put(); err != nil {
				t.Errorf("again, after %+v: %v", *change, err)
			}
			oneOf(t, dir+"/store_status.csv", otherRows)
			if err := d.CleanUp(t.Context()); err != nil {
				t.Error(err)
			}
			if left := crashtest.Files(t, dir); len(left) != 2 {
				t.Errorf("%+v leaves %v", *change, left)
			}
		})
		fault.Each(t, func(t *testing.T, armed func() func() *storage.Change) {
			enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": oneRow})
			d := testFolder(t, e, dir)
			disarm := armed()
			err := d.Delete(input.StatusSet, "store_status.csv")
			change := disarm()
			if change == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			failed(t, fault, *change, err)
			if err := d.Delete(input.StatusSet, "store_status.csv"); err != nil && !errors.Is(err, ErrNoFile) {
				t.Errorf("again, after %+v: %v", *change, err)
			}
			oneOf(t, dir+"/store_status.csv", "none")
		})
	}
}

// compacted is a data folder with a compacted file and a second one that is to be: their rows share a day, and one of
// the second is rejected.
func compacted(t *testing.T, e *engine.Engine, dir string) {
	t.Helper()
	enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": oneRow})
	if _, err := Compact(t.Context(), e, CompactRequest{Data: dir, Now: enginetest.Now}); err != nil {
		t.Fatal(err)
	}
	enginetest.WriteFiles(t, dir, map[string]string{"store_status_2.csv": otherRows})
}

var statusFiles = map[string]string{"store_status.csv": oneRow, "store_status_2.csv": otherRows}

// counted checks that every row of the folder counts once, and returns whether all count as days.
func counted(t *testing.T, dir string) (switched bool) {
	t.Helper()
	view, err := input.ReadFolder(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, unread := range view.Unread {
		t.Errorf("%s is not known", unread.File)
	}
	var listed, compacted []string
	for _, file := range view.Files {
		listed = append(listed, file.Name)
		oneOf(t, file.Path, statusFiles[file.Name])
	}
	var stored []*input.StoredFile
	if view.History.Stores != nil {
		stored = append(stored, view.History.Stores)
	}
	for i := range view.History.Days {
		stored = append(stored, &view.History.Days[i].StoredFile)
	}
	for _, o := range view.History.Originals {
		compacted = append(compacted, o.File)
		if o.Rejects != nil {
			stored = append(stored, o.Rejects)
		}
		place := filepath.Join(dir, filepath.FromSlash(o.Archive))
		if read(t, place) == "none" && !o.Archived {
			place = filepath.Join(dir, o.File)
		}
		oneOf(t, place, statusFiles[o.File])
	}
	for _, f := range stored {
		if err := f.VerifyHash(t.Context(), filepath.Join(dir, filepath.FromSlash(f.File))); err != nil {
			t.Error(err)
		}
	}
	if all := slices.Sorted(slices.Values(slices.Concat(listed, compacted))); !slices.Equal(all, slices.Sorted(maps.Keys(statusFiles))) {
		t.Errorf("the rows of %v and, as days, of %v count", listed, compacted)
	}
	return len(listed) == 0
}

// tidy checks that a folder holds what counts and nothing else.
func tidy(t *testing.T, dir string) {
	t.Helper()
	h, err := input.ReadHistory(dir)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{".lock": true, "status/": true, "status/.lock": true, input.ManifestFile: true, "archive/": true}
	know := func(f input.StoredFile) { known[f.File], known[filepath.Dir(f.File)+"/"] = true, true }
	if h.Stores != nil {
		know(*h.Stores)
	}
	for _, d := range h.Days {
		know(d.StoredFile)
	}
	for _, o := range h.Originals {
		known[o.Archive] = true
		if o.Rejects != nil {
			know(*o.Rejects)
		}
	}
	for name := range statusFiles {
		if !slices.ContainsFunc(h.Originals, func(o input.OriginalFile) bool { return o.File == name }) {
			known[name] = true
		}
	}
	for _, path := range crashtest.Files(t, dir) {
		if !known[path] {
			t.Errorf("%s was left; known are %v", path, slices.Sorted(maps.Keys(known)))
		}
	}
}

// TestCrashesOfCompact replays crashes of a compact that is the first of its folder, and of one that rewrites a day.
func TestCrashesOfCompact(t *testing.T) {
	t.Run("first", func(t *testing.T) {
		dir := t.TempDir()
		enginetest.WriteFiles(t, dir, statusFiles)
		crashCompact(t, enginetest.New(t, dir, 1), dir)
	})
	t.Run("second", func(t *testing.T) {
		dir := t.TempDir()
		e := enginetest.New(t, dir, 1)
		compacted(t, e, dir)
		crashCompact(t, e, dir)
	})
}

func crashCompact(t *testing.T, e *engine.Engine, dir string) {
	t.Helper()
	r := crashtest.Record(t, dir)
	if _, err := Compact(t.Context(), e, CompactRequest{Data: dir, Now: enginetest.Now}); err != nil {
		t.Fatal(err)
	}
	r.Mark("compacted")
	r.Stop()
	switches := map[bool]int{}
	trees := r.Crashes(t, func(t *testing.T, c crashtest.Crash) {
		before := counted(t, c.Root)
		switches[before]++
		if err := testFolder(t, e, c.Root).CleanUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if after := counted(t, c.Root); after != before || c.Acked("compacted") && !after {
			t.Errorf("all rows count as days: %v, after the start %v", before, after)
		}
		tidy(t, c.Root)
	})
	if trees < 100 || switches[false] < 50 || switches[true] < 20 {
		t.Errorf("only %d trees: %v", trees, switches)
	}
}

// TestCrashesAfterFaultsOfCompact lets each sync of a compact fail, and replays the crashes of the next one: that finds
// names which are not on the disk yet.
func TestCrashesAfterFaultsOfCompact(t *testing.T) {
	work := t.TempDir()
	e := enginetest.New(t, work, 1)
	for n := 1; ; n++ {
		dir := work + "/data"
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		enginetest.WriteFiles(t, dir, statusFiles)
		r := crashtest.Record(t, dir)
		r.FailSync(n)
		for range 2 {
			if _, err := Compact(t.Context(), e, CompactRequest{Data: dir, Now: enginetest.Now}); err != nil && !errors.Is(err, syscall.EIO) {
				t.Fatal(err)
			}
		}
		r.Stop()
		if !r.Failed() {
			if n < 10 {
				t.Errorf("only %d syncs", n-1)
			}
			return
		}
		r.Crashes(t, func(t *testing.T, c crashtest.Crash) { counted(t, c.Root) })
	}
}

// TestFaultsOfCompact lets each change of a compact fail, and compacts again.
func TestFaultsOfCompact(t *testing.T) {
	work := t.TempDir()
	e := enginetest.New(t, work, 1)
	compacted(t, e, work+"/before")
	for _, fault := range crashtest.Faults {
		fault.Each(t, func(t *testing.T, armed func() func() *storage.Change) {
			dir := work + "/data"
			if err := errors.Join(os.RemoveAll(dir), os.CopyFS(dir, os.DirFS(work+"/before"))); err != nil {
				t.Fatal(err)
			}
			disarm := armed()
			_, err := Compact(t.Context(), e, CompactRequest{Data: dir, Now: enginetest.Now})
			change := disarm()
			if change == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			failed(t, fault, *change, err)
			counted(t, dir)
			if _, err := Compact(t.Context(), e, CompactRequest{Data: dir, Now: enginetest.Now}); err != nil {
				t.Fatalf("again, after %+v: %v", *change, err)
			}
			if !counted(t, dir) {
				t.Errorf("after %+v and a second run the file is not compacted", *change)
			}
			tidy(t, dir)
		})
	}
}
