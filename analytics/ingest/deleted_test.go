package ingest

import (
	"errors"
	"path/filepath"
	"testing"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
	"openhours/analytics/storage"
	"openhours/analytics/storage/crashtest"
)

// TestCrashesOfDeletions replays crashes while a file is deleted, restored, deleted again and forgotten: until then it
// lies in one of its two places, and where an answer said.
func TestCrashesOfDeletions(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": oneRow, "store_status_2.csv": otherRows})
	d := testFolder(t, e, dir)
	r := crashtest.Record(t, dir)
	const name = "store_status_2.csv"
	steps := []struct {
		mark string
		do   func() error
		ends map[string]string // what the places hold after it
	}{
		{"delete", func() error { return d.Delete(input.StatusSet, name) }, map[string]string{name: "none", asidePrefix + name: otherRows}},
		{"restore", func() error { return d.Restore(input.StatusSet, name) }, map[string]string{name: otherRows, asidePrefix + name: "none"}},
		{"delete again", func() error { return d.Delete(input.StatusSet, name) }, map[string]string{name: "none", asidePrefix + name: otherRows}},
		{"forget", func() error { return d.Forget(t.Context()) }, map[string]string{name: "none", asidePrefix + name: "none"}},
	}
	for _, step := range steps {
		r.Mark("to %s", step.mark)
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		r.Mark("%s", step.mark)
	}
	r.Stop()
	trees := r.Crashes(t, func(t *testing.T, c crashtest.Crash) {
		if err := testFolder(t, e, c.Root).CleanUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := map[string]string{name: otherRows, asidePrefix + name: "none"}
		after, mayBeGone := before, false
		for _, step := range steps {
			if c.Acked("to " + step.mark) {
				after, mayBeGone = step.ends, step.mark == "forget"
			}
			if c.Acked(step.mark) {
				before = step.ends
			}
		}
		places := 0
		for place := range before {
			oneOf(t, filepath.Join(c.Root, place), before[place], after[place])
			if read(t, filepath.Join(c.Root, place)) == otherRows {
				places++
			}
		}
		if places != 1 && (places != 0 || !mayBeGone) {
			t.Errorf("the file lies in %d places, after %v", places, c.Acknowledged)
		}
		for _, path := range crashtest.Files(t, c.Root) {
			if path != ".lock" && path != "store_status.csv" && path != name && path != asidePrefix+name {
				t.Errorf("%s was left", path)
			}
		}
	})
	if trees < 8 {
		t.Errorf("only %d trees", trees)
	}
}

// TestForgetThese leaves what was deleted later, also by a name of which there was another file.
func TestForgetThese(t *testing.T) {
	dir := t.TempDir()
	enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": oneRow, "store_status_2.csv": otherRows, "store_status_3.csv": oneRow})
	d := testFolder(t, enginetest.New(t, dir, 1), dir)
	remove := func(name string) {
		t.Helper()
		if err := d.Delete(input.StatusSet, name); err != nil {
			t.Fatal(err)
		}
	}
	remove("store_status.csv")
	remove("store_status_3.csv")
	before, err := d.Deleted(t.Context())
	if err != nil || len(before) != 2 {
		t.Fatalf("%v, %v", before, err)
	}
	remove("store_status_2.csv")
	enginetest.WriteFiles(t, dir, map[string]string{"store_status_3.csv": otherRows})
	remove("store_status_3.csv")
	if err := d.ForgetThese(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	if err := d.Restore(input.StatusSet, "store_status.csv"); !errors.Is(err, ErrNotDeleted) {
		t.Errorf("the forgotten file: %v", err)
	}
	for _, name := range []string{"store_status_2.csv", "store_status_3.csv"} {
		if err := d.Restore(input.StatusSet, name); err != nil {
			t.Errorf("%s, deleted later: %v", name, err)
		}
	}
}

// TestFaultsOfRestoring makes each change to the disk fail once: a second try brings the file back.
func TestFaultsOfRestoring(t *testing.T) {
	dir := t.TempDir()
	e := enginetest.New(t, dir, 1)
	for _, fault := range crashtest.Faults {
		fault.Each(t, func(t *testing.T, armed func() func() *storage.Change) {
			enginetest.WriteFiles(t, dir, map[string]string{"store_status.csv": oneRow})
			d := testFolder(t, e, dir)
			if err := d.Delete(input.StatusSet, "store_status.csv"); err != nil {
				t.Fatal(err)
			}
			disarm := armed()
			err := d.Restore(input.StatusSet, "store_status.csv")
			change := disarm()
			if change == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			failed(t, fault, *change, err)
			if err := d.Restore(input.StatusSet, "store_status.csv"); err != nil && !errors.Is(err, ErrNotDeleted) {
				t.Errorf("again, after %+v: %v", *change, err)
			}
			oneOf(t, dir+"/store_status.csv", oneRow)
		})
	}
}
