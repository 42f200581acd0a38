package storage

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var errTaken = errors.New("taken")

func mustLock(t *testing.T, folder string) *FolderLock {
	t.Helper()
	l, err := Lock(folder, errTaken)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Release(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// TestLock: a folder has one lock at a time, and releasing it frees it.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	first := mustLock(t, dir)
	if _, err := Lock(dir, errTaken); !errors.Is(err, errTaken) {
		t.Errorf("got %v", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	mustLock(t, dir)
	if _, err := LockWithin(t.Context(), dir, 30*time.Millisecond, errTaken); !errors.Is(err, errTaken) {
		t.Errorf("got %v", err)
	}
}

// TestLockOutlivesItsFile: who removes .lock does not let a second one in.
func TestLockOutlivesItsFile(t *testing.T) {
	dir := t.TempDir()
	first := mustLock(t, dir)
	if err := os.Remove(filepath.Join(dir, ".lock")); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir, errTaken); !errors.Is(err, errTaken) {
		t.Errorf("a second one is in: %v", err)
	}
	if err := first.Held(); err != nil {
		t.Errorf("the first one is out: %v", err)
	}
}

// TestLockOfARemadeFolder: the folder that was made in the place of a removed one belongs to whoever locks it first.
func TestLockOfARemadeFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "folder")
	remake := func() {
		t.Helper()
		if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	remake()
	first := mustLock(t, dir)
	remake()
	if err := first.Held(); err != nil {
		t.Errorf("nobody else is there: %v", err)
	}
	if _, err := Lock(dir, errTaken); !errors.Is(err, errTaken) {
		t.Errorf("the first one holds it again: %v", err)
	}
	remake()
	second := mustLock(t, dir)
	if err := first.Held(); !errors.Is(err, errTaken) {
		t.Errorf("two hold it: %v", err)
	}
	if err := second.Held(); err != nil {
		t.Error(err)
	}
}

// TestDraftsOfRunningProcessesStay: only what nobody holds is removed.
func TestDraftsOfRunningProcessesStay(t *testing.T) {
	dir := t.TempDir()
	file, err := CreateDraft(filepath.Join(dir, ".new-file"))
	if err != nil {
		t.Fatal(err)
	}
	folder, err := MakeDraft(filepath.Join(dir, ".new-folder"))
	if err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, ".new-left")
	if err := errors.Join(os.Mkdir(left, 0o755), os.WriteFile(filepath.Join(left, "x"), nil, 0o600),
		os.WriteFile(filepath.Join(dir, ".new-too"), nil, 0o600), os.WriteFile(filepath.Join(dir, "other"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := CreateDraft(file.Path()); err == nil {
		t.Error("two write one draft")
	}
	if err := RemoveDrafts(dir, ".new-*"); err != nil {
		t.Fatal(err)
	}
	names := func() (all []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			all = append(all, entry.Name())
		}
		return all
	}
	if got := names(); len(got) != 3 || got[0] != ".new-file" || got[1] != ".new-folder" || got[2] != "other" {
		t.Errorf("got %v", got)
	}
	if err := file.Write(func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err }); err != nil {
		t.Fatal(err)
	}
	if err := file.PublishNew(filepath.Join(dir, "other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file was replaced: %v", err)
	}
	if err := errors.Join(file.Publish(filepath.Join(dir, "other")), file.Discard(), folder.Discard()); err != nil {
		t.Fatal(err)
	}
	if got := names(); len(got) != 1 || got[0] != "other" {
		t.Errorf("got %v", got)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "other")); err != nil || string(text) != "text" {
		t.Errorf("got %q, %v", text, err)
	}
}

// TestTempFolder: only this user looks into it, and one that was left goes when the next is made.
func TestTempFolder(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	left := filepath.Join(os.TempDir(), "spill.1")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	first, discard, err := TempFolder("spill.")
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(first); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
	second, discardSecond, err := TempFolder("spill.")
	if err != nil || second == first {
		t.Fatalf("%s, %v", second, err)
	}
	for path, want := range map[string]bool{left: false, first: true, second: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v", path, err == nil)
		}
	}
	if err := errors.Join(discard(), discardSecond()); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}
