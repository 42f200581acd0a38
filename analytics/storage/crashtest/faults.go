package crashtest

import (
	"sync"
	"syscall"
	"testing"

	"openhours/analytics/storage"
)

// Fault is a change that is to fail.
type Fault struct {
	Name string
	Err  error
	// Lasts: from then on all changes fail that need room, as on a full disk.
	Lasts bool
}

// Faults are those of a broken disk and of a full one.
var Faults = []Fault{{"EIO", syscall.EIO, false}, {"ENOSPC", syscall.ENOSPC, true}}

// Each runs one test after the other in which the first change fails, then the second, until there is none left. run
// sets up what it needs, calls armed, does its work and calls the function that it got from armed, which returns the
// change that failed.
func (f Fault) Each(t *testing.T, run func(t *testing.T, armed func() (disarm func() *storage.Change))) {
	t.Helper()
	t.Run(f.Name, func(t *testing.T) {
		n := 1
		for ; !t.Failed(); n++ {
			failed := false
			run(t, func() func() *storage.Change {
				disarm := f.arm(n)
				t.Cleanup(func() { disarm() })
				return func() *storage.Change {
					c := disarm()
					failed = c != nil
					return c
				}
			})
			if !failed {
				break
			}
		}
		if n == 1 {
			t.Error("nothing was changed: no fault was tried")
		}
		t.Logf("%d faults", n-1)
	})
}

func (f Fault) arm(n int) (disarm func() *storage.Change) {
	var mu sync.Mutex
	var failed *storage.Change
	storage.Watch(func(c storage.Change) error {
		mu.Lock()
		defer mu.Unlock()
		if failed != nil {
			if f.Lasts && c.Op != storage.OpRemove {
				return f.Err
			}
			return nil
		}
		if f.Lasts && c.Op == storage.OpRemove {
			return nil
		}
		if n--; n > 0 {
			return nil
		}
		failed = &c
		return f.Err
	})
	return func() *storage.Change {
		storage.Watch(nil)
		mu.Lock()
		defer mu.Unlock()
		return failed
	}
}
