package input

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

	"openhours/analytics/storage"
)

// Files of the compacted rows, relative to the data folder. The manifest alone decides which files count.
// Replacing it, with one rename, moves rows from their original file to the days atomically.
const (
	DaysFolder      = "status"
	ManifestFile    = DaysFolder + "/manifest.json"
	ArchiveFolder   = "archive"
	manifestVersion = 1
)

// History is the content of status/manifest.json.
type History struct {
	Version int `json:"version"`
	// Pending identifies the files of an unfinished compact: they do not count, and the next compact
	// removes them.
	Pending string `json:"pending,omitempty"`
	// Leaving lists files that no longer count and are about to be removed.
	Leaving []string `json:"leaving,omitempty"`
	// Stores holds one row for every store of the compacted files: its earliest observation.
	Stores    *StoredFile    `json:"stores,omitempty"`
	Days      []StoredDay    `json:"days"`
	Originals []OriginalFile `json:"originals"`

	text  []byte          // as read; nil: there is no manifest
	known map[string]bool // files that are not read on their own: those of days and those leaving
}

// StoredFile is a file that compact has written. It is recognised by its size and modification time.
type StoredFile struct {
	File     string    `json:"file"` // relative to the data folder
	Bytes    int64     `json:"bytes"`
	Modified time.Time `json:"modified"`
	SHA256   string    `json:"sha256"`
	Rows     int64     `json:"rows"`
}

// StoredDay is the file with all compacted rows of one UTC day.
type StoredDay struct {
	StoredFile
	FirstUS int64 `json:"first_us"`
	LastUS  int64 `json:"last_us"`
	// The row at last_us: a collector gap may begin there even if the day itself is not read.
	LastStoreID string `json:"last_store_id"`
	LastIsUp    bool   `json:"last_is_up"`
}

// OriginalFile is an input file whose rows have moved to the days.
type OriginalFile struct {
	LoadedFile
	Modified time.Time `json:"modified"`
	Stores   int64     `json:"stores"`
	// Rejects is the file of its rejected rows, one JSON object per line; nil if there are none.
	Rejects     *StoredFile `json:"rejects,omitempty"`
	CompactedAt time.Time   `json:"compacted_at"`
	Archived    bool        `json:"archived"` // false: it may still be in its old place, where it is not read
}

// Matches reports whether a file is still the one that was written.
func (f StoredFile) Matches(info os.FileInfo) bool {
	return info.Size() == f.Bytes && info.ModTime().Equal(f.Modified)
}

// ReadHistory reads the manifest of a data folder. Without a manifest the history is empty.
func ReadHistory(dir string) (*History, error) {
	h := &History{Version: manifestVersion}
	text, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	} else if err != nil {
		if _, folderFault := os.ReadDir(dir); folderFault != nil {
			err = folderFault // this error names the folder that the user named
		}
		return nil, fmt.Errorf("data folder: %w", err)
	}
	h.text = text
	if err := json.Unmarshal(text, h); err != nil {
		return nil, fmt.Errorf("%s: %w; it says which files of %s/ count, and compact alone writes it", ManifestFile, err, DaysFolder)
	}
	if err := h.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestFile, err)
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

// Validate checks what compact guarantees: all files are in its own folder, and the rows add up.
func (h *History) Validate() error {
	if h.Version != manifestVersion {
		return fmt.Errorf("its version is %d, this program reads %d", h.Version, manifestVersion)
	}
	for _, name := range h.files() {
		if !filepath.IsLocal(name) || !strings.HasPrefix(name, DaysFolder+"/") {
			return fmt.Errorf("%q is not a file of %s/", name, DaysFolder)
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

// files returns the names of all files that the manifest lists in its own folder.
func (h *History) files() []string {
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

// Save replaces the manifest atomically and syncs it to disk.
func (h *History) Save(dir string) error {
	path := filepath.Join(dir, ManifestFile)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(h); err != nil {
		return fmt.Errorf("%s: %w", ManifestFile, err)
	}
	if err := storage.ReplaceFile(path, func(w io.Writer) error {
		_, err := w.Write(text.Bytes())
		return err
	}); err != nil {
		return fmt.Errorf("%s: %w", ManifestFile, err)
	}
	h.text = text.Bytes()
	return nil
}

// StoredPrefix returns the prefix of the names of all files that the compact with this id writes.
func StoredPrefix(id string) string { return "compact-" + id }

// accountsFor reports whether a file in the days' folder belongs to compact and so is not read on its own:
// it is listed in the manifest, or belongs to an unfinished compact. Files that other programs put there
// are not accounted for.
func (h *History) accountsFor(name string) bool {
	return h.known[name] || h.Pending != "" && strings.HasPrefix(filepath.Base(name), StoredPrefix(h.Pending))
}

// Supersedes reports whether a file of the data folder is an original whose rows are already in the days
// and that has yet to be archived.
func (h *History) Supersedes(name string, info os.FileInfo) bool {
	return slices.ContainsFunc(h.Originals, func(o OriginalFile) bool {
		return !o.Archived && o.File == name && info.Size() == o.Bytes && info.ModTime().Equal(o.Modified)
	})
}

// Folder is a listing of a data folder, consistent with one state of the manifest.
type Folder struct {
	Files   []File // files to read, in byte order of their names
	Unread  []UnreadFile
	History *History
}

const maxListings = 10

// ReadFolder lists a data folder. It lists the folder again if a compact has changed the manifest
// meanwhile.
func ReadFolder(ctx context.Context, dir string) (Folder, error) {
	for look := 1; ; look++ {
		h, err := ReadHistory(dir)
		if err != nil {
			return Folder{}, err
		}
		files, unread, err := FindFiles(ctx, dir, h)
		if look < maxListings && h.Changed(dir) {
			continue
		}
		return Folder{files, unread, h}, err
	}
}

// Changed reports whether the manifest has changed since it was read.
func (h *History) Changed(dir string) bool {
	now, err := ReadHistory(dir)
	return err != nil || !bytes.Equal(now.text, h.text)
}

// Latest returns the time of the latest compacted observation, and whether there is any.
func (h *History) Latest() (us int64, any bool) {
	for _, d := range h.Days {
		if !any || d.LastUS > us {
			us, any = d.LastUS, true
		}
	}
	return us, any
}

func (f StoredFile) VerifyHash(ctx context.Context, path string) error {
	seen, err := storage.HashFile(ctx, path)
	if err != nil {
		return err
	}
	if seen.SHA256 != f.SHA256 {
		return fmt.Errorf("%s is not what compact wrote: its SHA-256 is %s instead of %s; put the right one back", f.File, seen.SHA256, f.SHA256)
	}
	return nil
}

func StatusText(up bool) string {
	if up {
		return "active"
	}
	return "inactive"
}
