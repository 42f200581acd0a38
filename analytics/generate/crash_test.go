package generate

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"openhours/analytics/storage"
	"openhours/analytics/storage/crashtest"
)

var names = []string{"timezones.csv", "menu_hours.csv", "store_status.csv"}

func small(dir string) Options {
	return Options{Dir: dir, Stores: 2, Days: 1, Seed: 1, IDs: Numbers, AsOf: time.Date(2024, 10, 14, 22, 0, 0, 0, time.UTC)}
}

func wanted(t *testing.T) map[string]string {
	t.Helper()
	dir, want := t.TempDir(), map[string]string{}
	if _, err := Write(t.Context(), small(dir)); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		want[name] = string(text)
	}
	return want
}

// again checks what there is, and that the rest is made after the files in the way are gone; nothing else stays.
func again(t *testing.T, dir string, want map[string]string, acknowledged bool) {
	t.Helper()
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil && string(text) != want[name] || err != nil && acknowledged {
			t.Fatalf("%s: %d bytes instead of %d, %v", name, len(text), len(want[name]), err)
		}
		if !acknowledged {
			_ = os.Remove(filepath.Join(dir, name)) // it may not be there
		}
	}
	if !acknowledged {
		if _, err := Write(t.Context(), small(dir)); err != nil {
			t.Fatal(err)
		}
		again(t, dir, want, true)
		if left := crashtest.Files(t, dir); len(left) != len(names)+1 { // and .lock
			t.Errorf("it leaves %v", left)
		}
	}
}

func TestCrashes(t *testing.T) {
	want := wanted(t)
	dir := t.TempDir()
	r := crashtest.Record(t, dir)
	if _, err := Write(t.Context(), small(filepath.Join(dir, "data"))); err != nil {
		t.Fatal(err)
	}
	r.Mark("generated")
	r.Stop()
	trees := r.Crashes(t, func(t *testing.T, c crashtest.Crash) {
		again(t, filepath.Join(c.Root, "data"), want, c.Acked("generated"))
	})
	if trees < 20 {
		t.Errorf("only %d trees", trees)
	}
}

func TestFaults(t *testing.T) {
	want := wanted(t)
	for _, fault := range crashtest.Faults {
		fault.Each(t, func(t *testing.T, armed func() func() *storage.Change) {
			dir := filepath.Join(t.TempDir(), "data")
			disarm := armed()
			_, err := Write(t.Context(), small(dir))
			failed := disarm()
			if failed == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !errors.Is(err, fault.Err) || !strings.Contains(err.Error(), failed.Path) {
				t.Fatalf("%+v: %v", *failed, err)
			}
			if left := crashtest.Files(t, filepath.Dir(dir)); len(left) > 2 { // the folder and its .lock
				t.Errorf("%+v leaves %v", *failed, left)
			}
			again(t, dir, want, false)
		})
	}
}
