package analytics

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Where compacted rows lie in the data folder. The manifest alone says which files count: replacing
// it, by one rename, is the one moment at which rows go from a file of their own into the days.
const (
	historyFolder  = "status"
	historyFile    = historyFolder + "/manifest.json"
	archiveFolder  = "archive"
	historyVersion = 1
)

// history is status/manifest.json.
type history struct {
	Version int `json:"version"`
	// Pending marks the files of a compact that has not ended: they do not count, and the next one
	// removes them.
	Pending string `json:"pending,omitempty"`
	// Leaving are files that no longer count and are about to be removed.
	Leaving []string `json:"leaving,omitempty"`
	// Stores has a row for every store of the compacted files: its earliest observation.
	Stores    *storedFile    `json:"stores,omitempty"`
	Days      []storedDay    `json:"days"`
	Originals []originalFile `json:"originals"`

	text  []byte          // as it was read; nil: there is none
	known map[string]bool // the files of days that are not to be read for themselves
}

// storedFile is a file that compact has written. Its size and time tell whether it still is that.
type storedFile struct {
	File     string    `json:"file"` // in the data folder
	Bytes    int64     `json:"bytes"`
	Modified time.Time `json:"modified"`
	SHA256   string    `json:"sha256"`
	Rows     int64     `json:"rows"`
}

// storedDay holds all compacted rows of one day of UTC.
type storedDay struct {
	storedFile
	FirstUS int64 `json:"first_us"`
	LastUS  int64 `json:"last_us"`
	// The row at last_us: where a gap of the collector can begin, also when the day is not read.
	LastStoreID string `json:"last_store_id"`
	LastIsUp    bool   `json:"last_is_up"`
}

// originalFile is an input file whose rows are in the days.
type originalFile struct {
	InputFile
	Modified time.Time `json:"modified"`
	Stores   int64     `json:"stores"`
	// Rejects are its rejected rows, one JSON object per line; none when it has none.
	Rejects     *storedFile `json:"rejects,omitempty"`
	CompactedAt time.Time   `json:"compacted_at"`
	Archived    bool        `json:"archived"` // false: it may still lie where it was, and is not read there
}

// isOf tells whether a file still is the one that was written.
func (f storedFile) isOf(info os.FileInfo) bool {
	return info.Size() == f.Bytes && info.ModTime().Equal(f.Modified)
}

// readHistory reads the manifest of a data folder; without one there is no history.
func readHistory(dir string) (*history, error) {
	h := &history{Version: historyVersion}
	text, err := os.ReadFile(filepath.Join(dir, historyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	} else if err != nil {
		if _, folderFault := os.ReadDir(dir); folderFault != nil {
			err = folderFault // it names what the user named
		}
		return nil, fmt.Errorf("data folder: %w", err)
	}
	h.text = text
	if err := json.Unmarshal(text, h); err != nil {
		return nil, fmt.Errorf("%s: %w; it says which files of %s/ count, and compact alone writes it", historyFile, err, historyFolder)
	}
	if err := h.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", historyFile, err)
	}
	h.known = map[string]bool{}
	for _, name := range h.Leaving {
		h.known[name] = true
	}
	for _, d := range h.Days {
		h.known[d.File] = true
	}
	return h, nil
}

// validate holds the manifest to what compact writes: nothing outside its folder, no row too many.
func (h *history) validate() error {
	if h.Version != historyVersion {
		return fmt.Errorf("its version is %d, this program reads %d", h.Version, historyVersion)
	}
	for _, name := range h.files() {
		if !filepath.IsLocal(name) || !strings.HasPrefix(name, historyFolder+"/") {
			return fmt.Errorf("%q is not a file of %s/", name, historyFolder)
		}
	}
	var accepted, stored int64
	for _, o := range h.Originals {
		accepted += o.Rows - o.Rejected
	}
	for _, d := range h.Days {
		stored += d.Rows
	}
	if accepted != stored {
		return fmt.Errorf("its days have %d rows, the files that went into them %d", stored, accepted)
	}
	return nil
}

// files are all that the manifest names in its own folder.
func (h *history) files() []string {
	names := slices.Clone(h.Leaving)
	if h.Stores != nil {
		names = append(names, h.Stores.File)
	}
	for _, d := range h.Days {
		names = append(names, d.File)
	}
	for _, o := range h.Originals {
		if o.Rejects != nil {
			names = append(names, o.Rejects.File)
		}
	}
	return names
}

// save replaces the manifest in one step, which has reached the disk when it returns.
func (h *history) save(dir string) error {
	path := filepath.Join(dir, historyFile)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(h); err != nil {
		return fmt.Errorf("%s: %w", historyFile, err)
	}
	if err := writeWith(path+".part", func(w io.Writer) error {
		_, err := w.Write(text.Bytes())
		return err
	}); err != nil {
		return fmt.Errorf("%s: %w", historyFile, errors.Join(err, removeIfThere(path+".part")))
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("%s: %w", historyFile, err)
	}
	h.text = text.Bytes()
	return syncFolder(filepath.Dir(path))
}

// storedPrefix begins the name of every file that the compact with this id writes.
func storedPrefix(id string) string { return "compact-" + id }

// accountsFor tells whether a file of a day is not one to be read for itself: it is in the manifest,
// leaves it, or belongs to a compact that has not ended. Files that other programs put beside them
// are none of these.
func (h *history) accountsFor(name string) bool {
	return h.known[name] || h.Pending != "" && strings.HasPrefix(filepath.Base(name), storedPrefix(h.Pending))
}

// supersedes tells whether a file of the data folder is an original whose rows are in the days
// already, and that only waits to be moved.
func (h *history) supersedes(name string, info os.FileInfo) bool {
	return slices.ContainsFunc(h.Originals, func(o originalFile) bool {
		return !o.Archived && o.File == name && info.Size() == o.Bytes && info.ModTime().Equal(o.Modified)
	})
}

// folderView is one look at a data folder, all of it in one state of the manifest.
type folderView struct {
	files   []inputFile // to be read whole, in byte order of their names
	unread  []UnreadFile
	history *history
}

const mostLooks = 10

// lookAt lists a data folder. Whatever a compact changes meanwhile shows in the manifest, and then
// the folder is listed again.
func lookAt(ctx context.Context, dir string) (folderView, error) {
	for look := 1; ; look++ {
		h, err := readHistory(dir)
		if err != nil {
			return folderView{}, err
		}
		files, unread, err := findInputs(ctx, dir, h)
		if look < mostLooks && h.changed(dir) {
			continue
		}
		return folderView{files, unread, h}, err
	}
}

// changed tells whether the manifest is no longer what was read.
func (h *history) changed(dir string) bool {
	now, err := readHistory(dir)
	return err != nil || !bytes.Equal(now.text, h.text)
}

// latest is the latest compacted observation.
func (h *history) latest() (us int64, any bool) {
	for _, d := range h.Days {
		if !any || d.LastUS > us {
			us, any = d.LastUS, true
		}
	}
	return us, any
}

func (f storedFile) compareBytes(ctx context.Context, path string) error {
	seen, err := hashFile(ctx, path)
	if err != nil {
		return err
	}
	if seen.sha256 != f.SHA256 {
		return fmt.Errorf("%s is not what compact wrote: its SHA-256 is %s instead of %s; put the right one back", f.File, seen.sha256, f.SHA256)
	}
	return nil
}

func statusText(up bool) string {
	if up {
		return "active"
	}
	return "inactive"
}
