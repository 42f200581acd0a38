package crashtest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"openhours/analytics/storage"
)

func put(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

// found are the contents that the crashes leave of a file, each once, by whether they came after the mark.
func found(t *testing.T, r *Recorder, file, mark string) (before, after string) {
	t.Helper()
	seen := map[bool]map[string]bool{false: {}, true: {}}
	r.Crashes(t, func(t *testing.T, c Crash) {
		text, err := os.ReadFile(filepath.Join(c.Root, file))
		content := string(text)
		if err != nil {
			content = "none"
		} else if content == "" {
			content = "empty"
		}
		seen[c.Acked(mark)][content] = true
	})
	list := func(set map[string]bool) string {
		var all []string
		for _, content := range []string{"none", "empty", "ol", "old", "ne", "newer!", "new"} {
			if set[content] {
				all = append(all, content)
				delete(set, content)
			}
		}
		for content := range set {
			all = append(all, "?"+content)
		}
		return strings.Join(all, " ")
	}
	return list(seen[false]), list(seen[true])
}

// TestWhatACrashLeaves: what is not synced may be lost, by half too ("new" is half of "newer!"); what is synced stays.
func TestWhatACrashLeaves(t *testing.T) {
	for name, c := range map[string]struct {
		do            func(path string) error
		before, after string
	}{
		"written in place, nothing synced": {func(path string) error { return os.WriteFile(path, []byte("newer!"), 0o600) }, "old newer! new", "old newer! new"},
		"renamed, unsynced": {func(path string) error {
			return errors.Join(os.WriteFile(path+".part", []byte("newer!"), 0o600), os.Rename(path+".part", path))
		}, "empty old newer! new", "empty old newer! new"},
		"only the content": {func(path string) error {
			return errors.Join(storage.WriteFile(path+".part", put("new")), os.Rename(path+".part", path))
		}, "old new", "old new"},
		"as it should be": {func(path string) error { return storage.ReplaceFile(path, put("new")) }, "old new", "new"},
		"removed":         {os.Remove, "none old", "none old"},
		"removed to last": {func(path string) error { return storage.Remove(path) }, "none old", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "file")
			if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			r := Record(t, dir)
			if err := c.do(path); err != nil {
				t.Fatal(err)
			}
			r.Mark("done")
			r.Stop()
			if before, after := found(t, r, "file", "done"); before != c.before || after != c.after {
				t.Errorf("before: %s, want %s; after: %s, want %s", before, c.before, after, c.after)
			}
		})
	}
}

// TestFaultsOfOneReplacement: each change fails once, and the file is then the old or the new one.
func TestFaultsOfOneReplacement(t *testing.T) {
	for _, fault := range Faults {
		var ops []string
		fault.Each(t, func(t *testing.T, armed func() func() *storage.Change) {
			path := filepath.Join(t.TempDir(), "file")
			disarm := armed()
			err := storage.ReplaceFile(path, put("new"))
			failed := disarm()
			if failed == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			ops = append(ops, string(failed.Op))
			if !errors.Is(err, fault.Err) || !strings.Contains(err.Error(), filepath.Dir(path)) {
				t.Errorf("%s: %v", failed.Op, err)
			}
			if err := storage.ReplaceFile(path, put("new")); err != nil {
				t.Errorf("again, after %s: %v", failed.Op, err)
			}
		})
		if got := strings.Join(ops, " "); got != "create write sync rename sync" {
			t.Errorf("%s: %s", fault.Name, got)
		}
	}
	if !errors.Is(Faults[1].Err, syscall.ENOSPC) {
		t.Error("a full disk")
	}
}
