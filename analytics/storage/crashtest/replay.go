package crashtest

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mostTrees limits how many of the trees are tried that a crash at one moment may leave.
const mostTrees = 24

// Crash is what a crash may have left.
type Crash struct {
	Root         string   // the folder
	Acknowledged []string // the marks before it
	At           string   // when, and what was lost
}

// Acked reports whether a mark came before the crash.
func (c Crash) Acked(mark string) bool { return slices.Contains(c.Acknowledged, mark) }

// Crashes calls check for every prefix of what was recorded with the trees that a crash then may leave: each change of
// names, and each content, that was not synced is there or not, a content also by half. Where those are many, a sample
// is taken. It returns how many trees there were.
func (r *Recorder) Crashes(t *testing.T, check func(*testing.T, Crash)) (trees int) {
	t.Helper()
	work := workFolder(t)
	seen := map[[sha256.Size]byte]bool{}
	random := rand.New(rand.NewPCG(1, 2))
	var marks []string
	for end := r.begin; end <= len(r.events); end++ {
		// between two syncs the trees of the later moment are those of the earlier ones, and more
		if end < len(r.events) && r.events[end].synced == noNode && r.events[end].mark == "" {
			continue
		}
		marks = marks[:0]
		for _, e := range r.events[:end] {
			if e.mark != "" {
				marks = append(marks, e.mark)
			}
		}
		s := r.stateAt(end)
		for n, choice := range s.choices(random) {
			tree, lost := s.tree(choice)
			key := sha256.Sum256([]byte(fmt.Sprint(marks, tree)))
			if seen[key] {
				continue
			}
			seen[key] = true
			trees++
			c := Crash{Root: filepath.Join(work, fmt.Sprintf("%d-%d", end, n)), Acknowledged: slices.Clone(marks),
				At: fmt.Sprintf("after event %d of %d, lost: %s", end, len(r.events), strings.Join(lost, ", "))}
			if err := build(c.Root, tree); err != nil {
				t.Fatal(err)
			}
			check(t, c)
			if t.Failed() {
				t.Fatalf("%s\nacknowledged: %v\nthe tree:\n%s", c.At, c.Acknowledged, strings.Join(paths(tree), "\n"))
			}
			if err := os.RemoveAll(c.Root); err != nil {
				t.Fatal(err)
			}
		}
	}
	return trees
}

// workFolder is in memory where that can be: the trees are many, and what is done to them is synced.
func workFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "openhours-crash-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// state is what is on the disk at a moment, and what may be.
type state struct {
	r       *Recorder
	renames []event // in order
	pending []int   // of those that are not synced
	durable map[node]version
	dirty   map[node]version // what a file has that is not synced
	unsure  []node           // the keys of dirty
}

func (r *Recorder) stateAt(end int) state {
	s := state{r: r, durable: map[node]version{}, dirty: map[node]version{}}
	for _, e := range r.events[:end] {
		switch {
		case len(e.names) > 0:
			s.pending = append(s.pending, len(s.renames))
			s.renames = append(s.renames, e)
		case e.written != noNode:
			s.dirty[e.written] = e.content
		case e.synced != noNode && r.nodes[e.synced].isFolder:
			s.pending = slices.DeleteFunc(s.pending, func(i int) bool {
				return slices.ContainsFunc(s.renames[i].names, func(n name) bool { return n.folder == e.synced })
			})
		case e.synced != noNode:
			if content, is := s.dirty[e.synced]; is {
				s.durable[e.synced] = content
				delete(s.dirty, e.synced)
			}
		}
	}
	reachable := s.reachable()
	s.pending = slices.DeleteFunc(s.pending, func(i int) bool {
		return !slices.ContainsFunc(s.renames[i].names, func(n name) bool { return reachable[n.folder] })
	})
	for _, n := range slices.Sorted(maps.Keys(s.dirty)) {
		if reachable[n] {
			s.unsure = append(s.unsure, n)
		}
	}
	return s
}

// reachable are the nodes that any of the trees has: the others need no choices.
func (s state) reachable() map[node]bool {
	type place struct {
		folder node
		base   string
	}
	named := map[place]map[node]bool{} // nodes that a name may stand for
	for i, e := range s.renames {
		for _, n := range e.names {
			at := place{n.folder, n.base}
			if named[at] == nil || !slices.Contains(s.pending, i) {
				named[at] = map[node]bool{}
			}
			if n.to != noNode {
				named[at][n.to] = true
			}
		}
	}
	inside := map[node][]node{}
	for at, nodes := range named {
		inside[at.folder] = append(inside[at.folder], slices.Collect(maps.Keys(nodes))...)
	}
	found := map[node]bool{0: true}
	for open := []node{0}; len(open) > 0; open = open[1:] {
		for _, n := range inside[open[0]] {
			if !found[n] {
				found[n] = true
				open = append(open, n)
			}
		}
	}
	return found
}

// choices are lists of one number for each pending change of names, 0 or 1, and each content that is not synced: 0 for
// what is on the disk, 1 for all, 2 for half of it.
func (s state) choices(random *rand.Rand) (all [][]int) {
	limits := append(slices.Repeat([]int{2}, len(s.pending)), slices.Repeat([]int{3}, len(s.unsure))...)
	count := 1
	for _, limit := range limits {
		if count *= limit; count > mostTrees {
			break
		}
	}
	if count <= mostTrees {
		for n := range count {
			choice := make([]int, len(limits))
			for i, limit := range limits {
				choice[i] = n % limit
				n /= limit
			}
			all = append(all, choice)
		}
		return all
	}
	all = append(all, make([]int, len(limits)), slices.Repeat([]int{1}, len(limits)))
	for i := range s.pending { // the latest change alone, or all but it, is what goes wrong most
		without, alone := slices.Repeat([]int{1}, len(limits)), make([]int, len(limits))
		without[i], alone[i] = 0, 1
		all = append(all, without, alone)
	}
	for len(all) < mostTrees {
		choice := make([]int, len(limits))
		for i, limit := range limits {
			choice[i] = random.IntN(limit)
		}
		all = append(all, choice)
	}
	return all
}

// entry is a file or folder of a tree.
type entry struct {
	path     string // "": the root
	isFolder bool
	content  version
}

func (s state) tree(choice []int) (entries []entry, lost []string) {
	names := map[node]map[string]node{}
	dropped := map[int]bool{}
	for i, rename := range s.pending {
		if choice[i] == 0 {
			dropped[rename] = true
		}
	}
	for i, e := range s.renames {
		for _, n := range e.names {
			if dropped[i] {
				lost = append(lost, fmt.Sprintf("%s: %q", map[bool]string{true: "removal", false: "name"}[n.to == noNode], n.base))
				continue
			}
			if names[n.folder] == nil {
				names[n.folder] = map[string]node{}
			}
			if names[n.folder][n.base] = n.to; n.to == noNode {
				delete(names[n.folder], n.base)
			}
		}
	}
	contents := maps.Clone(s.durable)
	for i, n := range s.unsure {
		switch content := s.dirty[n]; choice[len(s.pending)+i] {
		case 1:
			contents[n] = content
		case 2:
			content.text = content.text[:len(content.text)/2]
			contents[n] = content
		}
	}
	var list func(n node, path string)
	list = func(n node, path string) {
		entries = append(entries, entry{path, s.r.nodes[n].isFolder, contents[n]})
		for _, base := range slices.Sorted(maps.Keys(names[n])) {
			list(names[n][base], path+"/"+base)
		}
	}
	list(0, "")
	return entries, lost
}

func paths(tree []entry) (all []string) {
	for _, e := range tree {
		if !e.isFolder {
			all = append(all, fmt.Sprintf("%s (%d bytes)", e.path, len(e.content.text)))
		}
	}
	return all
}

func build(root string, tree []entry) error {
	for _, e := range tree {
		path := root + e.path
		if e.isFolder {
			if err := os.Mkdir(path, 0o755); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(path, []byte(e.content.text), 0o644); err != nil {
			return err
		}
		if e.content.modified.IsZero() {
			continue
		}
		if err := os.Chtimes(path, e.content.modified, e.content.modified); err != nil {
			return err
		}
	}
	return nil
}
