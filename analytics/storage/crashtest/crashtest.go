// Package crashtest replays for tests what a power cut may leave of a folder, and lets single changes to it fail.
package crashtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"openhours/analytics/storage"
)

// node is a file or folder, which outlives its names.
type node int

const noNode node = -1

// nodeInfo is what is known of a node.
type nodeInfo struct {
	isFolder bool
	open     *os.File // keeps the system from giving its number to another file
	stat     os.FileInfo
	content  version
}

// version is the content of a file at some time.
type version struct {
	text     string
	modified time.Time
}

// name is one name of a node in a folder; to is noNode where it is taken away.
type name struct {
	folder node
	base   string
	to     node
}

// event is what happened to the folder, in order.
type event struct {
	names   []name  // given or taken at once
	written node    // if content is set
	content version // of written
	synced  node    // a file or a folder; noNode: none
	mark    string  // what was acknowledged; "": nothing
}

// Recorder records what happens to a folder. Package storage announces its own changes; what DuckDB writes is seen
// when the next of those is announced.
type Recorder struct {
	t      testing.TB
	root   string
	mu     sync.Mutex
	nodes  []nodeInfo
	tree   map[node]map[string]node
	events []event
	begin  int // in events: before it is what was there already
	toFail int // the number of the sync that is to fail; 0: none
	failed bool

	stopped bool
}

// Record records what happens to a folder until Stop.
func Record(t testing.TB, root string) *Recorder {
	t.Helper()
	r := &Recorder{t: t, root: root, tree: map[node]map[string]node{}}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.observe()
	for n := range r.nodes { // all that is there before is on the disk
		r.events = append(r.events, event{synced: node(n), written: noNode})
	}
	r.begin = len(r.events)
	storage.Watch(func(c storage.Change) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.observe()
		if c.Op == storage.OpSync {
			if r.toFail--; r.toFail == 0 {
				r.failed, r.begin = true, len(r.events)
				return syscall.EIO
			}
			if n, err := r.find(c.Path); err == nil {
				r.events = append(r.events, event{synced: n, written: noNode})
			}
		}
		return nil
	})
	t.Cleanup(r.Stop)
	return r
}

// FailSync lets the nth sync from now on fail. Crashes are then replayed only from there on.
func (r *Recorder) FailSync(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.toFail, r.failed = n, false
}

// Failed reports whether a sync has failed.
func (r *Recorder) Failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

// Mark notes that something was acknowledged.
func (r *Recorder) Mark(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.observe()
	r.events = append(r.events, event{synced: noNode, written: noNode, mark: fmt.Sprintf(format, args...)})
}

// Stop ends the recording.
func (r *Recorder) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return
	}
	r.stopped = true
	storage.Watch(nil)
	r.observe()
	for i := range r.nodes {
		_ = r.nodes[i].open.Close() // it was only read
	}
}

// find is the node at a path outside or inside of the folder.
func (r *Recorder) find(path string) (node, error) {
	info, err := os.Stat(path)
	if err != nil {
		return noNode, err
	}
	for n := range r.nodes {
		if os.SameFile(r.nodes[n].stat, info) {
			return node(n), nil
		}
	}
	return noNode, fs.ErrNotExist
}

// observe notes what has changed since the last look.
func (r *Recorder) observe() {
	found := map[node]map[string]node{}
	if _, err := r.look(r.root, found); err != nil {
		r.t.Fatal(err)
	}
	moved := map[node]*event{} // a node that loses a name and gets one is renamed, in one step
	var order []node
	change := func(n node, by name) {
		if moved[n] == nil {
			moved[n] = &event{synced: noNode, written: noNode}
			order = append(order, n)
		}
		moved[n].names = append(moved[n].names, by)
	}
	for folder, names := range r.tree {
		for base, n := range names {
			if now, is := found[folder][base]; !is {
				change(n, name{folder, base, noNode})
			} else if now != n {
				change(now, name{folder, base, now})
			}
		}
	}
	for folder, names := range found {
		for base, n := range names {
			if _, was := r.tree[folder][base]; !was {
				change(n, name{folder, base, n})
			}
		}
	}
	for _, n := range order {
		r.events = append(r.events, *moved[n])
	}
	r.tree = found
}

// look lists a folder and notes new nodes and new content.
func (r *Recorder) look(path string, found map[node]map[string]node) (node, error) {
	n, err := r.find(path)
	if err != nil {
		if n, err = r.adopt(path); err != nil {
			return noNode, err
		}
	}
	info := &r.nodes[n]
	if !info.isFolder {
		text, err := os.ReadFile(path)
		if err != nil {
			return noNode, err
		}
		stat, err := os.Stat(path)
		if err != nil {
			return noNode, err
		}
		if now := (version{string(text), stat.ModTime()}); now != info.content {
			info.content = now
			r.events = append(r.events, event{synced: noNode, written: n, content: now})
		}
		return n, nil
	}
	found[n] = map[string]node{}
	entries, err := os.ReadDir(path)
	if err != nil {
		return noNode, err
	}
	for _, entry := range entries {
		inside, err := r.look(filepath.Join(path, entry.Name()), found)
		if errors.Is(err, fs.ErrNotExist) {
			continue // DuckDB has removed it meanwhile
		} else if err != nil {
			return noNode, err
		}
		found[n][entry.Name()] = inside
	}
	return n, nil
}

func (r *Recorder) adopt(path string) (node, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return noNode, err
	}
	stat, err := file.Stat()
	if err != nil {
		return noNode, errors.Join(err, file.Close())
	}
	r.nodes = append(r.nodes, nodeInfo{isFolder: stat.IsDir(), open: file, stat: stat})
	return node(len(r.nodes) - 1), nil
}

// Files lists the files and folders under a folder by their paths from there; those that end in a slash are folders.
func Files(t testing.TB, root string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		if path = strings.TrimPrefix(path, root+"/"); entry.IsDir() {
			path += "/"
		}
		paths = append(paths, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
